import { expect, test } from 'vitest';
import { aServiceConnect, anEndpoint } from '../../../test/fixtures/a-service-connect.ts';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import type { Task } from '../task/task.ts';
import { stopHeldUntil } from './drain.ts';

const stoppingAt = 100_000;

function aStopping(given: Partial<Task> = {}): Task {
  const setting = aServiceConnect([anEndpoint('api')]);
  return aTask({
    lastStatus: 'RUNNING',
    desiredStatus: 'STOPPED',
    startedAt: 1,
    stoppingAt,
    containers: [aTaskContainer({ lastStatus: 'RUNNING' })],
    serviceConnect: { attachmentId: 'a', setting },
    ...given,
  });
}

test('a task that is called is stopped half a second after its callers have been told', () => {
  const told = stoppingAt + 40;
  expect(stopHeldUntil(aStopping(), undefined, stoppingAt)).toBe(stoppingAt + 50);
  expect(stopHeldUntil(aStopping(), told, told)).toBe(told + 500);
  expect(stopHeldUntil(aStopping(), told, told + 500)).toBeUndefined();
});

test('a caller that cannot be told holds up a stop for five seconds', () => {
  const last = stoppingAt + 5000;
  expect(stopHeldUntil(aStopping(), undefined, last - 10)).toBe(last);
  expect(stopHeldUntil(aStopping(), undefined, last)).toBeUndefined();
  expect(stopHeldUntil(aStopping(), last - 10, last)).toBeUndefined();
});

test('a task that nobody calls is stopped at once', () => {
  expect(stopHeldUntil(aStopping(), 0, stoppingAt)).toBeUndefined();
  const client = { attachmentId: 'a', setting: aServiceConnect([]) };
  const ended = aTaskContainer({ lastStatus: 'STOPPED', essential: true, exitCode: 1 });
  const { startedAt: _, ...neverRan } = aStopping();
  const tasks = [
    aStopping({ serviceConnect: client }),
    aStopping({ containers: [ended] }),
    neverRan,
  ];
  for (const task of tasks) expect(stopHeldUntil(task, undefined, stoppingAt)).toBeUndefined();
});
