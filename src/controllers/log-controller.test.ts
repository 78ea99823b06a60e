import { expect, test } from 'vitest';
import { aTask } from '../../test/fixtures/a-task.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { eventSubject } from '../state/event-log.ts';
import { ManualClock } from '../support/clock.ts';
import { LogController } from './log-controller.ts';

const dayMs = 24 * 60 * 60 * 1000;

test('what is older than the operator wants goes, in steps, and the rest stays', async () => {
  const clock = new ManualClock(1_000);
  const state = await openState({ now: () => clock.now() });
  const controller = new LogController({ state, clock, historyDays: 3 });
  const [log = ''] = controller.allKeys();
  const count = async () => {
    const query = { log, subject: eventSubject, order: 'oldest-first', limit: 1_000 } as const;
    return (await state.readLog(query)).length;
  };
  const happens = async (times: number) => {
    for (let i = 0; i < times; i += 1) {
      state.transact((tx) => tx.tasks.put(aTask()));
      await state.flush();
    }
  };

  expect(await controller.reconcile(log)).toEqual({ kind: 'LookAgain', at: clock.now() + 500 });
  await happens(250);
  clock.advance(2 * dayMs);
  await happens(1);
  await controller.reconcile(log);
  expect(await count()).toBe(251);
  clock.advance(dayMs + 1);
  const soon = await controller.reconcile(log);
  expect(await count()).toBe(51);
  expect(soon).toEqual({ kind: 'LookAgain', at: clock.now() + 50 });
  const later = await controller.reconcile(log);
  expect(await count()).toBe(1);
  expect(later).toEqual({ kind: 'LookAgain', at: clock.now() + 60 * 60 * 1000 });
});
