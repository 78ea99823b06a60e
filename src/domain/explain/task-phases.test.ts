import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aTask } from '../../../test/fixtures/a-task.ts';
import { taskPhases } from './task-phases.ts';

const names = (given: Parameters<typeof aTask>[0]) =>
  taskPhases(aTask(given)).map(({ name, from, until }) => `${name} ${from}-${until ?? ''}`);

test('the time of a task goes into its phases', () => {
  const started = { connectivityAt: 10, pullStartedAt: 12, pullStoppedAt: 20, startedAt: 25 };
  const stopped = { stoppingAt: 30, executionStoppedAt: 33, stoppedAt: 40 };
  expect(names({ ...started, ...stopped })).toEqual([
    'waiting for its network 0-10',
    'preparing 10-12',
    'pulling images 12-20',
    'starting containers 20-25',
    'running 25-30',
    'stopping 30-33',
    'cleaning up 33-40',
  ]);
});

test('a task that ends by itself is not stopped first', () => {
  const moments = { connectivityAt: 1, startedAt: 2, executionStoppedAt: 8, stoppingAt: 9 };
  expect(names({ ...moments, stoppedAt: 12 })).toEqual([
    'waiting for its network 0-1',
    'preparing 1-2',
    'running 2-8',
    'cleaning up 8-12',
  ]);
});

test('a task that was stopped early has no later preparation', () => {
  expect(names({ stoppingAt: 5, connectivityAt: 7, stoppedAt: 9 })).toEqual([
    'waiting for its network 0-5',
    'stopping 5-9',
  ]);
});

test('what goes on has no end', () => {
  expect(names({ connectivityAt: 3 })).toEqual(['waiting for its network 0-3', 'preparing 3-']);
});

const moment = fc.option(fc.nat(50), { nil: undefined });

test('phases follow each other without gaps, whatever the moments that are known', () => {
  const anyMoments = fc.record(
    {
      connectivityAt: moment,
      pullStartedAt: moment,
      pullStoppedAt: moment,
      startedAt: moment,
      stoppingAt: moment,
      executionStoppedAt: moment,
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(anyMoments, (moments) => {
      const known = Object.entries(moments).filter(([, at]) => at !== undefined);
      const task = { ...aTask(), ...Object.fromEntries(known), stoppedAt: 60 };
      const phases = taskPhases(task);
      expect([0, ...phases.map(({ until }) => until)]).toEqual([
        ...phases.map(({ from }) => from),
        60,
      ]);
      for (const { from, until = from } of phases) expect(until).toBeGreaterThan(from);
    }),
  );
});
