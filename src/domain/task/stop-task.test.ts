import { describe, expect, test } from 'vitest';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { parseStopReason, stoppingTask, taskNotFound } from './stop-task.ts';

const cause = { code: 'UserInitiated', reason: 'done' } as const;

describe('the reason of StopTask', () => {
  test.each([
    [undefined, 'Task stopped by user'],
    ['', 'Task stopped by user'],
    ['done', 'done'],
    ['r'.repeat(1024), 'r'.repeat(1024)],
  ])('%j', (given, reason) => {
    expect(parseStopReason(given)).toBe(reason);
  });

  test('may have 1024 characters', () => {
    expect(refusalOf(() => parseStopReason('r'.repeat(1025)))).toBe(
      'InvalidParameterException: reason longer than 1024.',
    );
  });
});

test('StopTask of a task that is not there has the words of ECS', () => {
  const refuse = () => {
    throw taskNotFound();
  };
  expect(refusalOf(refuse)).toBe('InvalidParameterException: The referenced task was not found.');
});

describe('a task that is told to stop', () => {
  test('is wanted STOPPED; what it is does not change at that moment', () => {
    const containers = [aTaskContainer({ lastStatus: 'RUNNING' })];
    const task = aTask({ lastStatus: 'RUNNING', version: 3, containers });
    expect(stoppingTask(task, cause, 7)).toEqual({
      ...task,
      desiredStatus: 'STOPPED',
      stop: cause,
      stoppingAt: 7,
      version: 4,
    });
  });

  test('a second time keeps its first cause and moment', () => {
    const once = stoppingTask(aTask(), cause, 7);
    expect(stoppingTask(once, { code: 'SpotInterruption', reason: 'other' }, 8)).toBe(once);
  });

  test('when nothing of it runs any more is DEPROVISIONING at once, as one change', () => {
    const task = aTask({
      lastStatus: 'RUNNING',
      version: 3,
      containers: [aTaskContainer({ lastStatus: 'STOPPED', exitCode: 0 })],
    });
    expect(stoppingTask(task, cause, 7)).toMatchObject({
      lastStatus: 'DEPROVISIONING',
      desiredStatus: 'STOPPED',
      version: 4,
    });
  });
});
