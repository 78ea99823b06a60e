import { expect, test } from 'vitest';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { longestPendingMs, planTask, type TaskAction } from './plan-task.ts';
import type { Task } from './task.ts';

const ended = { lastStatus: 'STOPPED', exitCode: 0 } as const;
const exited: TaskAction = {
  kind: 'Stop',
  cause: { code: 'EssentialContainerExited', reason: 'Essential container in task exited' },
};

test.each<[string, Partial<Task>, TaskAction]>([
  ['that is new is ordered to start', {}, { kind: 'OrderStart' }],
  ['that runs is ordered to start, again', { lastStatus: 'RUNNING' }, { kind: 'OrderStart' }],
  [
    'that is wanted STOPPED is ordered to stop',
    { desiredStatus: 'STOPPED' },
    { kind: 'OrderStop' },
  ],
  [
    'that is wanted STOPPED is so whatever else it is',
    { desiredStatus: 'STOPPED', startFailure: 'x', containers: [aTaskContainer(ended)] },
    { kind: 'OrderStop' },
  ],
  [
    'that is still found in a registry is not ordered to stop',
    { desiredStatus: 'STOPPED', lastStatus: 'DEACTIVATING' },
    { kind: 'None' },
  ],
  [
    'that has STOPPED is left alone',
    { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' },
    { kind: 'None' },
  ],
  [
    'that cannot start is stopped for that reason',
    { startFailure: 'CannotPullContainerError: no', containers: [aTaskContainer(ended)] },
    {
      kind: 'Stop',
      cause: { code: 'TaskFailedToStart', reason: 'CannotPullContainerError: no' },
    },
  ],
  [
    'of which an essential container has ended is stopped',
    { containers: [aTaskContainer(ended), aTaskContainer({ name: 'db' })] },
    exited,
  ],
  [
    'of which another container has ended goes on',
    {
      containers: [aTaskContainer(), aTaskContainer({ name: 'init', essential: false, ...ended })],
    },
    { kind: 'OrderStart' },
  ],
  [
    'of which all containers have ended is stopped',
    { containers: [aTaskContainer({ essential: false, ...ended })] },
    exited,
  ],
])('a task %s', (_, given, action) => {
  expect(planTask(aTask({ createdAt: 0, ...given }), 1)).toEqual(action);
});

const tooLong: TaskAction = {
  kind: 'Stop',
  cause: { code: 'TaskFailedToStart', reason: 'Task failed to start' },
};

test.each<[string, Partial<Task>, TaskAction]>([
  ['its creation', {}, tooLong],
  [
    'its host has taken it over',
    { connectivityAt: 1 },
    { kind: 'OrderStart', giveUpAt: longestPendingMs + 1 },
  ],
])('a task that is PENDING is given up three hours after %s', (_, given, action) => {
  const task = aTask({ lastStatus: 'PENDING', createdAt: 0, ...given });
  expect(planTask(task, longestPendingMs)).toEqual(action);
});

test('a task on an instance that has been connected for hours is PENDING only since its own creation', () => {
  const task = aTask({
    lastStatus: 'PENDING',
    connectivityAt: 0,
    createdAt: 2 * longestPendingMs,
  });
  expect(planTask(task, 2 * longestPendingMs)).toEqual({
    kind: 'OrderStart',
    giveUpAt: 3 * longestPendingMs,
  });
});

test.each<Partial<Task>>([
  { lastStatus: 'PROVISIONING' },
  { lastStatus: 'RUNNING', connectivityAt: 1 },
])('a task that is $lastStatus is not given up, however long it is so', (given) => {
  expect(planTask(aTask({ createdAt: 0, ...given }), 2 * longestPendingMs)).toEqual({
    kind: 'OrderStart',
  });
});
