import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computedDesiredCount } from './new-task-set.ts';

test.each([
  { desired: 10, scale: 33.3, computed: 4 },
  { desired: 10, scale: 70, computed: 7 },
  { desired: 3000, scale: 0.1, computed: 3 },
  { desired: 3, scale: 0.1, computed: 1 },
  { desired: 5, scale: 0, computed: 0 },
  { desired: 0, scale: 100, computed: 0 },
])('$scale percent of $desired tasks are $computed', ({ desired, scale, computed }) => {
  expect(computedDesiredCount(desired, scale)).toBe(computed);
});

test('a task set has its share of the desired count, rounded up, and never more tasks than that', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(1000), (desired, tenths) => {
      const computed = computedDesiredCount(desired, tenths / 10);
      expect(computed * 1000).toBeGreaterThanOrEqual(desired * tenths);
      expect((computed - 1) * 1000).toBeLessThan(desired * tenths);
      expect(computed).toBeLessThanOrEqual(desired);
    }),
  );
});
