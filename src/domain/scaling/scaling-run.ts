import type { ServiceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { ScalingPolicy, TargetTracking } from './scaling-policy.ts';

/** How often metrics are looked at: a period of the alarms. */
export const scalingPeriodMs = 60_000;

/** The alarm for more tasks: so many periods in a row above the target. */
export const highPeriods = 3;
/** The one for fewer: so many below this part of it. */
export const lowPeriods = 15;
export const lowPart = 0.9;

/** How far the scaling of a service has come: all that has to outlive the process. */
export interface ScalingRun {
  readonly serviceArn: ServiceArn;
  /** When metrics were looked at last. */
  readonly evaluatedAt?: Instant;
  /** By the name of the policy. */
  readonly watches: Readonly<Record<string, Watch>>;
  readonly lastScaleOut?: ScaleOut;
  /** Until when another scale-in has to wait. */
  readonly scaleInCooldownUntil?: Instant;
  /** The key of the activity that the service has not fulfilled yet. */
  readonly openActivity?: string;
  readonly decision?: Decision;
}

/** The last time that tasks were added, for as long as its cooldown lasts. */
export interface ScaleOut {
  readonly from: number;
  readonly cooldownUntil: Instant;
}

/** What was decided last, in words. */
export interface Decision {
  readonly at: Instant;
  readonly text: string;
}

/** What the metric of a policy has done of late. */
export interface Watch {
  /** The version of the policy that it was observed for. */
  readonly policyUpdatedAt: Instant;
  /** Periods in a row above the target, and below what leads to fewer tasks. */
  readonly high: number;
  readonly low: number;
  /** Absent where nothing was known in the last period. */
  readonly value?: number;
}

export function newRun(serviceArn: ServiceArn): ScalingRun {
  return { serviceArn, watches: {} };
}

/** Whether so much time has passed since the last look that there are periods without data. */
export function hasGap({ evaluatedAt }: ScalingRun, now: Instant, periodMs: number): boolean {
  if (evaluatedAt === undefined) return true;
  return evaluatedAt > now || now - evaluatedAt >= 2 * periodMs;
}

/** Missing data ends both rows: nothing is decided by what nobody knows. */
export function watched(
  before: Watch | undefined,
  { updatedAt: policyUpdatedAt }: ScalingPolicy,
  { targetValue }: TargetTracking,
  value: number | undefined,
): Watch {
  if (value === undefined) return { policyUpdatedAt, high: 0, low: 0 };
  const { high = 0, low = 0 } = before?.policyUpdatedAt === policyUpdatedAt ? before : {};
  return {
    policyUpdatedAt,
    high: value > targetValue ? Math.min(high + 1, highPeriods) : 0,
    low: value < targetValue * lowPart ? Math.min(low + 1, lowPeriods) : 0,
    value,
  };
}
