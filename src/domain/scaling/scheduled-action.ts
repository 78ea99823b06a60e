import type {
  PutScheduledActionRequest,
  ScalableTargetAction,
} from '@aws-sdk/client-application-auto-scaling';
import type { ServiceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import { checkCapacity, boundsCross } from './scalable-target.ts';
import { nextTime, parseSchedule } from './schedule.ts';
import { scalingConstraint, scalingValidation } from './scaling-error.ts';

/** Sets the bounds of a target at certain times (API reference, "ScheduledAction"). */
export interface ScheduledAction extends ActionContent {
  readonly serviceArn: ServiceArn;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  /** Times up to here are done with, or were before it was put. */
  readonly doneUntil: Instant;
}

export interface ActionContent {
  readonly schedule: string;
  readonly timeZone?: string;
  readonly startAt?: Instant;
  readonly endAt?: Instant;
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
}

const longestName = 256;

/** @throws ScalingError ValidationException */
export function parseActionName(name: string | undefined): string {
  if (name === undefined) throw scalingConstraint('scheduledActionName', name, 'not be null');
  const isClean = !/[\p{Cc}:/|]/u.test(name) && name === name.trim();
  if (isClean && name !== '' && name.length <= longestName) return name;
  throw scalingConstraint(
    'scheduledActionName',
    name,
    'satisfy regular expression pattern: ' +
      String.raw`(?!((^[ ]+.*)|(.*([\u0000-\u001f]|[\u007f-\u009f]|[:/|])+.*)|(.*[ ]+$))).+`,
  );
}

/**
 * What an update leaves out stays as it is, but for the action: that is replaced as a whole.
 * @throws ScalingError ValidationException
 */
export function parseActionContent(
  input: PutScheduledActionRequest,
  before: ActionContent | undefined,
): ActionContent {
  const { minCapacity, maxCapacity, ...timing } = before ?? {};
  const { schedule, ...times } = { ...timing, ...timingOf(input) };
  if (schedule === undefined) throw scheduleMissing();
  parseSchedule(schedule, times.timeZone);
  const { startAt = -Infinity, endAt = Infinity } = times;
  if (endAt <= startAt) throw endsBeforeStart();
  const bounds = input.ScalableTargetAction
    ? parseAction(input.ScalableTargetAction)
    : present({ minCapacity, maxCapacity });
  if (Object.keys(bounds).length === 0) throw noCapacity();
  return { schedule, ...times, ...bounds };
}

function timingOf({ Schedule, Timezone, StartTime, EndTime }: PutScheduledActionRequest) {
  return present({
    schedule: Schedule,
    timeZone: Timezone,
    startAt: StartTime?.getTime(),
    endAt: EndTime?.getTime(),
  });
}

function parseAction({
  MinCapacity: minCapacity,
  MaxCapacity: maxCapacity,
}: ScalableTargetAction): Pick<ActionContent, 'minCapacity' | 'maxCapacity'> {
  checkCapacity('scalableTargetAction.minCapacity', minCapacity);
  checkCapacity('scalableTargetAction.maxCapacity', maxCapacity);
  if ((maxCapacity ?? Infinity) < (minCapacity ?? 0)) throw boundsCross();
  return present({ minCapacity, maxCapacity });
}

/** It is asked for at each look at a service, and the same for as long as the action is. */
const knownDue = new WeakMap<ScheduledAction, { readonly at: Instant | undefined }>();

/** When an action is to be done next; undefined where never again. */
export function nextDue(action: ScheduledAction): Instant | undefined {
  const due = knownDue.get(action) ?? { at: dueOf(action) };
  knownDue.set(action, due);
  return due.at;
}

function dueOf(action: ScheduledAction): Instant | undefined {
  const { schedule, timeZone, startAt, endAt = Infinity, createdAt, doneUntil } = action;
  const after = Math.max(doneUntil, startAt === undefined ? -Infinity : startAt - 1);
  const from = startAt ?? createdAt;
  const next = nextTime(parseSchedule(schedule, timeZone), after, from);
  return next === undefined || next > endAt ? undefined : next;
}

function noCapacity(): Error {
  return scalingValidation(
    'At least one of minimum capacity and maximum capacity should be provided',
  );
}

// The texts below are [inferred].

function scheduleMissing(): Error {
  return scalingValidation('A schedule is required for a new scheduled action');
}

function endsBeforeStart(): Error {
  return scalingValidation('The end time of a scheduled action must be later than its start time');
}
