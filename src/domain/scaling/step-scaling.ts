import type { StepScaling } from './scaling-policy.ts';

/**
 * The count that a policy leads to; undefined where none of its steps is meant.
 * @param breach the difference between the metric and the threshold of the alarm
 */
export function steppedCount(
  { adjustmentType, steps, minAdjustmentMagnitude = 0 }: StepScaling,
  current: number,
  breach: number,
): number | undefined {
  const step = steps.find(({ lower = -Infinity, upper = Infinity }) =>
    breach >= 0 ? lower <= breach && breach < upper : lower < breach && breach <= upper,
  );
  if (!step) return undefined;
  switch (adjustmentType) {
    case 'ExactCapacity':
      return step.adjustment;
    case 'ChangeInCapacity':
      return Math.max(0, current + step.adjustment);
    case 'PercentChangeInCapacity': {
      const change = roundedChange((current * step.adjustment) / 100);
      const magnitude = Math.max(Math.abs(change), change === 0 ? 0 : minAdjustmentMagnitude);
      return Math.max(0, current + Math.sign(change) * magnitude);
    }
  }
}

/** Towards zero, but never to it (User Guide, "Scaling adjustment types"). */
function roundedChange(change: number): number {
  return Math.abs(change) < 1 ? Math.sign(change) : Math.trunc(change);
}
