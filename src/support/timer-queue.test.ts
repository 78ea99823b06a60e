import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimerQueue } from './timer-queue.ts';

function drain(queue: TimerQueue, now: number): readonly number[] {
  const instants: number[] = [];
  for (let timer = queue.takeDue(now); timer; timer = queue.takeDue(now)) {
    instants.push(timer.instant);
    timer.callback();
  }
  return instants;
}

test('timers come in the order of their instants, then of adding, without cancelled ones', () => {
  const timer = fc.record({ instant: fc.integer({ min: 0, max: 20 }), cancel: fc.boolean() });
  fc.assert(
    fc.property(fc.array(timer, { maxLength: 200 }), (timers) => {
      const queue = new TimerQueue();
      const fired: number[] = [];
      const added = timers.map(({ instant }, index) => queue.add(instant, () => fired.push(index)));
      for (const [index, { cancel }] of timers.entries()) if (cancel) added[index]?.cancel();
      const kept = timers
        .map(({ instant, cancel }, index) => ({ instant, cancel, index }))
        .filter(({ cancel }) => !cancel)
        .toSorted((a, b) => a.instant - b.instant || a.index - b.index);

      expect(queue.next).toBe(kept[0]?.instant);
      drain(queue, 20);
      expect(fired).toEqual(kept.map(({ index }) => index));
      expect(queue.next).toBeUndefined();
    }),
  );
});

test('adding, taking and cancelling in any order loses nothing', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), value: fc.nat(50) }),
    fc.record({ kind: fc.constant('take' as const), value: fc.nat(50) }),
    fc.record({ kind: fc.constant('cancel' as const), value: fc.nat(100) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const queue = new TimerQueue();
      const timers: { instant: number; cancel(): void }[] = [];
      const taken: (readonly number[])[] = [];
      const expected: (readonly number[])[] = [];
      let waiting: { instant: number }[] = [];
      for (const { kind, value } of steps) {
        if (kind === 'add') {
          const timer = queue.add(value, () => {});
          timers.push(timer);
          waiting.push(timer);
        } else if (kind === 'cancel') {
          const timer = timers[value];
          timer?.cancel();
          waiting = waiting.filter((other) => other !== timer);
        } else {
          const due = waiting.map(({ instant }) => instant).filter((instant) => instant <= value);
          taken.push(drain(queue, value));
          expected.push(due.toSorted((a, b) => a - b));
          waiting = waiting.filter(({ instant }) => instant > value);
        }
      }
      expect(taken).toEqual(expected);
    }),
  );
});

test('a timer that is not due stays', () => {
  const queue = new TimerQueue();
  queue.add(5, () => {});
  expect(queue.takeDue(4)).toBeUndefined();
  expect(queue.next).toBe(5);
});
