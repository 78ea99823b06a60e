import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMilliseconds } from './backoff.ts';

const limits = { firstMilliseconds: 100, longestMilliseconds: 30_000 };

test.each([
  { failures: 1, wait: 100 },
  { failures: 2, wait: 200 },
  { failures: 5, wait: 1_600 },
  { failures: 10, wait: 30_000 },
  { failures: 5_000, wait: 30_000 },
])('after $failures failures in a row the wait is $wait ms at most', ({ failures, wait }) => {
  expect(backoffMilliseconds(failures, limits, () => 0)).toBe(wait);
  expect(backoffMilliseconds(failures, limits, () => 1)).toBe(wait / 2);
});

test('the wait is whole, positive and bounded, whatever chance brings', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), chance, (failures, random) => {
      const wait = backoffMilliseconds(failures, limits, () => random);
      expect(Number.isInteger(wait)).toBe(true);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(limits.longestMilliseconds);
    }),
  );
});
