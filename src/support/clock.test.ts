import { expect, test } from 'vitest';
import { ManualClock, systemClock } from './clock.ts';

test('a clock moved by hand runs timers in order, each at its own time', () => {
  const clock = new ManualClock(1_000);
  const fired: [string, number][] = [];
  const note = (name: string) => () => fired.push([name, clock.now()]);
  clock.at(1_030, note('late'));
  clock.at(1_010, note('early'));
  clock.at(1_010, note('early too'));
  clock.at(2_000, note('beyond'));
  clock.at(500, note('past'));
  clock.advance(30);
  expect(fired).toEqual([
    ['past', 1_000],
    ['early', 1_010],
    ['early too', 1_010],
    ['late', 1_030],
  ]);
  expect(clock.now()).toBe(1_030);
});

test('a timer may set another within the same advance', () => {
  const clock = new ManualClock();
  const ticks: number[] = [];
  const tick = () => {
    ticks.push(clock.now());
    clock.at(clock.now() + 10, tick);
  };
  clock.at(10, tick);
  clock.advance(35);
  expect(ticks).toEqual([10, 20, 30]);
});

test('a cancelled timer does not run', () => {
  const clock = new ManualClock();
  const fired: string[] = [];
  const timer = clock.at(1, () => fired.push('cancelled'));
  clock.at(1, () => fired.push('kept'));
  timer.cancel();
  timer.cancel();
  clock.advance(10);
  timer.cancel();
  expect(fired).toEqual(['kept']);
});

test('time waits for work that settles later and sets further timers', async () => {
  const clock = new ManualClock();
  const done: number[] = [];
  let work = Promise.resolve();
  const start = () => {
    work = Promise.resolve().then(() => {
      done.push(clock.now());
      clock.at(clock.now() + 60_000, start);
    });
  };
  clock.at(60_000, start);
  await clock.advanceSettling(30 * 60_000, () => work);
  expect(done).toHaveLength(30);
  expect(done.at(-1)).toBe(30 * 60_000);
});

test('the system clock calls back in order, no earlier than asked and never at once', async () => {
  const order: string[] = [];
  const start = systemClock.now();
  const finished = new Promise<number>((resolve) => {
    systemClock.at(start + 20, () => resolve(systemClock.now()));
  });
  systemClock.at(start + 10, () => order.push('second'));
  systemClock.at(start - 5, () => order.push('first'));
  systemClock.at(start + 15, () => order.push('cancelled')).cancel();
  order.push('asked');
  expect(await finished).toBeGreaterThanOrEqual(start + 20);
  expect(order).toEqual(['asked', 'first', 'second']);
});
