import { expect, test } from 'vitest';
import { mostForBurstsOn, PoolSize } from './pool-size.ts';

const second = 1000;
const minute = 60 * second;
const gib = 1024 ** 3;

function burst(size: PoolSize, tasks: number, at: number): void {
  for (let task = 0; task < tasks; task += 1) size.taken(at);
}

test('a few network namespaces are kept ready before any task has started', () => {
  expect(new PoolSize(4).wanted(0)).toBe(4);
});

test('as many are kept ready as the largest burst of late took', () => {
  const size = new PoolSize(4);
  size.mostForBursts = 100;
  burst(size, 20, 0);
  burst(size, 7, minute);
  expect(size.wanted(2 * minute)).toBe(20);
});

test('a burst goes on while each start follows the one before closely', () => {
  const size = new PoolSize(4);
  size.mostForBursts = 100;
  for (let task = 0; task < 10; task += 1) size.taken(task * 4 * second);
  expect(size.wanted(minute)).toBe(10);
});

test('tasks that start one at a time ask for no larger pool', () => {
  const size = new PoolSize(4);
  size.mostForBursts = 100;
  for (let task = 0; task < 10; task += 1) size.taken(task * 10 * second);
  expect(size.wanted(2 * minute)).toBe(4);
});

test('a burst is forgotten after a while, and a smaller one then counts', () => {
  const size = new PoolSize(4);
  size.mostForBursts = 100;
  burst(size, 20, 0);
  expect(size.fallsAt(minute)).toBe(15 * minute);
  expect(size.wanted(15 * minute)).toBe(4);
  expect(size.fallsAt(15 * minute)).toBeUndefined();
  burst(size, 7, 16 * minute);
  expect(size.wanted(17 * minute)).toBe(7);
});

test('a burst that comes again is remembered from then on', () => {
  const size = new PoolSize(4);
  size.mostForBursts = 100;
  burst(size, 20, 0);
  burst(size, 20, 10 * minute);
  expect(size.wanted(20 * minute)).toBe(20);
});

test('bursts ask for no more than the bound, but an operator may', () => {
  const size = new PoolSize(30);
  size.mostForBursts = 20;
  burst(size, 500, 0);
  expect(size.wanted(second)).toBe(30);
});

test.each([
  { memory: 2 * gib, most: 13 },
  { memory: 8 * gib, most: 54 },
  { memory: 64 * gib, most: 100 },
])('a machine with $memory bytes of memory keeps up to $most for bursts', ({ memory, most }) => {
  expect(mostForBurstsOn({ MemTotal: memory })).toBe(most);
});
