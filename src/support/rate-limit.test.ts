import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

function admitted(limit: RateLimit, key: string, count: number, now: number): number {
  return Array.from({ length: count }, () => limit.admits(key, now)).filter(Boolean).length;
}

test('A task may ask 60 times at once and 40 times a second, whatever others do', () => {
  const limit = new RateLimit({ perSecond: 40, burst: 60 });
  expect(admitted(limit, 'a', 100, 0)).toBe(60);
  expect(admitted(limit, 'b', 100, 0)).toBe(60);
  expect(admitted(limit, 'a', 100, 1000)).toBe(40);
  expect(admitted(limit, 'a', 100, 1025)).toBe(1);
  expect(admitted(limit, 'a', 100, 60_000)).toBe(60);
});
