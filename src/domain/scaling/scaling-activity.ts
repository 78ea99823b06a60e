import type { ServiceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';

/** So many are kept of a service. */
export const mostActivities = 100;
/** AWS tells of the last six weeks. */
export const activityRetentionMs = 42 * 24 * 60 * 60 * 1000;

export type ActivityStatus = 'InProgress' | 'Successful' | 'Overridden' | 'Unfulfilled' | 'Failed';

/** One thing that was done to scale a service, or not done (API reference, "ScalingActivity"). */
export interface ScalingActivity {
  /** Keys of an account and region ascend with time. */
  readonly key: string;
  readonly id: string;
  readonly serviceArn: ServiceArn;
  readonly description: string;
  readonly cause: string;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  readonly status: ActivityStatus;
  readonly statusMessage?: string;
  /** The count that was set; absent where none was. */
  readonly capacity?: number;
  readonly notScaled?: NotScaled;
}

export interface NotScaled {
  readonly code:
    | 'AlreadyAtMaxCapacity'
    | 'AlreadyAtMinCapacity'
    | 'AlreadyAtDesiredCapacity'
    | 'TargetServicePutResourceAsUnscalable';
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
  readonly currentCapacity?: number;
}

/** What an activity is besides what it tells. */
export type NewActivity = Pick<ScalingActivity, 'key' | 'id' | 'serviceArn' | 'startedAt'>;

export function settingCount(
  activity: NewActivity,
  capacity: number,
  cause: string,
): ScalingActivity {
  return {
    ...activity,
    description: `Setting desired count to ${capacity}.`,
    cause,
    capacity,
    status: 'InProgress',
    statusMessage: `${countSet(capacity)} Waiting for change to be fulfilled by ecs.`,
  };
}

export function countRefused(
  activity: NewActivity,
  capacity: number,
  { cause, reason }: { readonly cause: string; readonly reason: string },
): ScalingActivity {
  return {
    ...activity,
    description: `Setting desired count to ${capacity}.`,
    cause,
    endedAt: activity.startedAt,
    status: 'Failed',
    statusMessage: `Failed to set desired count to ${capacity}. Reason: ${reason}`,
  };
}

export function notScaledActivity(
  activity: NewActivity,
  cause: string,
  notScaled: NotScaled,
): ScalingActivity {
  return {
    ...activity,
    description: 'Attempting to scale due to alarm triggered',
    cause,
    endedAt: activity.startedAt,
    status: 'Failed',
    notScaled,
  };
}

export interface SetBounds {
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
}

export function boundsSetActivity(
  activity: NewActivity,
  set: SetBounds,
  actionName: string,
): ScalingActivity {
  const statusMessage = `Successfully set ${boundsText(set)}`;
  return { ...ofSchedule(activity, set, actionName), status: 'Successful', statusMessage };
}

/** [inferred text] */
export function boundsRefusedActivity(
  activity: NewActivity,
  set: SetBounds,
  actionName: string,
): ScalingActivity {
  const statusMessage =
    `Failed to set ${boundsText(set)}. ` +
    'Reason: Maximum capacity cannot be less than minimum capacity';
  return { ...ofSchedule(activity, set, actionName), status: 'Failed', statusMessage };
}

function ofSchedule(activity: NewActivity, set: SetBounds, actionName: string) {
  return {
    ...activity,
    description: `Setting ${boundsText(set)}`,
    cause: `scheduled action name ${actionName} was triggered`,
    endedAt: activity.startedAt,
  };
}

function boundsText({ minCapacity, maxCapacity }: SetBounds): string {
  return [
    ...(minCapacity === undefined ? [] : [`min capacity to ${minCapacity}`]),
    ...(maxCapacity === undefined ? [] : [`max capacity to ${maxCapacity}`]),
  ].join(' and ');
}

/** What the service has, as far as an activity waits for it. */
export interface Fulfilment {
  readonly desiredCount: number;
  readonly runningCount: number;
  /** What its task sets come to of the desired count, where it has such. */
  readonly sharedCount?: number;
  readonly now: Instant;
}

/** What has become of an activity in progress. */
export function followedUp(
  activity: ScalingActivity,
  { desiredCount, runningCount, sharedCount = desiredCount, now }: Fulfilment,
): ScalingActivity {
  const { capacity = 0, status } = activity;
  if (status !== 'InProgress') return activity;
  if (desiredCount !== capacity) {
    const statusMessage = `${countSet(capacity)} Found it was later changed to ${desiredCount}.`;
    return { ...activity, status: 'Overridden', statusMessage, endedAt: now };
  }
  if (runningCount !== sharedCount) return activity;
  const statusMessage = `${countSet(capacity)} Change successfully fulfilled by ecs.`;
  return { ...activity, status: 'Successful', statusMessage, endedAt: now };
}

/** Nobody follows it any more: its service or its target is gone. [inferred text] */
export function abandoned(activity: ScalingActivity, now: Instant): ScalingActivity {
  const { capacity = 0, status } = activity;
  if (status !== 'InProgress') return activity;
  const statusMessage = `${countSet(capacity)} The service is not scaled any more.`;
  return { ...activity, status: 'Unfulfilled', statusMessage, endedAt: now };
}

function countSet(capacity: number): string {
  return `Successfully set desired count to ${capacity}.`;
}

/** Whether a failure tells nothing that the activity before has not told. */
export function isRepeated(before: ScalingActivity | undefined, after: ScalingActivity): boolean {
  return (
    after.status === 'Failed' &&
    before?.status === 'Failed' &&
    before.cause === after.cause &&
    before.statusMessage === after.statusMessage &&
    before.notScaled?.code === after.notScaled?.code
  );
}
