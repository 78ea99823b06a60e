import type {
  RegisterScalableTargetRequest,
  SuspendedState,
} from '@aws-sdk/client-application-auto-scaling';
import type { ServiceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import type { Tag } from '../tags.ts';
import { checkInteger } from './policy-checks.ts';
import { serviceLinkedRole } from './resource.ts';
import { scalingConstraint, scalingValidation } from './scaling-error.ts';

/** Between which counts a service may be scaled, and what of that is suspended. */
export interface ScalableTarget {
  readonly serviceArn: ServiceArn;
  readonly arn: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly roleArn: string;
  readonly suspended: Suspended;
  readonly tags: readonly Tag[];
  readonly createdAt: Instant;
  /** Since when its bounds have been set without that the service has been brought within them. */
  readonly unappliedSince?: Instant;
}

export interface Suspended {
  readonly scaleIn: boolean;
  readonly scaleOut: boolean;
  readonly scheduled: boolean;
}

const nothingSuspended: Suspended = { scaleIn: false, scaleOut: false, scheduled: false };

export interface Registration {
  readonly serviceArn: ServiceArn;
  readonly before: ScalableTarget | undefined;
  readonly now: Instant;
  readonly newArn: () => string;
  readonly tags: readonly Tag[];
}

/**
 * Creates a target, or changes what is given of one.
 * @throws ScalingError ValidationException
 */
export function registeredTarget(
  input: RegisterScalableTargetRequest,
  { serviceArn, before, now, newArn, tags }: Registration,
): ScalableTarget {
  const { minCapacity: min, maxCapacity: max, suspended = nothingSuspended } = before ?? {};
  const { arn = newArn(), createdAt = now, roleArn = serviceLinkedRole(serviceArn) } = before ?? {};
  const bounds = parseBounds({ min: input.MinCapacity ?? min, max: input.MaxCapacity ?? max });
  return {
    serviceArn,
    arn,
    createdAt,
    ...bounds,
    roleArn: input.RoleARN ?? roleArn,
    suspended: withSuspended(suspended, input.SuspendedState),
    tags,
    ...present({ unappliedSince: setsBounds(input) ? now : before?.unappliedSince }),
  };
}

/** Whoever suspends scaling alone leaves the count where it is. */
function setsBounds({ MinCapacity, MaxCapacity }: RegisterScalableTargetRequest): boolean {
  return MinCapacity !== undefined || MaxCapacity !== undefined;
}

interface Bounds {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** @throws ScalingError ValidationException */
export function parseBounds({
  min,
  max,
}: Bounds): Pick<ScalableTarget, 'minCapacity' | 'maxCapacity'> {
  if (min === undefined || max === undefined) throw boundsMissing();
  checkCapacity('minCapacity', min);
  checkCapacity('maxCapacity', max);
  if (max < min) throw boundsCross();
  return { minCapacity: min, maxCapacity: max };
}

/** @throws ScalingError ValidationException */
export function checkCapacity(member: string, capacity: number | undefined): void {
  checkInteger(member, capacity);
  if (capacity === undefined || capacity >= 0) return;
  throw scalingConstraint(member, String(capacity), 'have value greater than or equal to 0');
}

function withSuspended(before: Suspended, given: SuspendedState | undefined): Suspended {
  return {
    scaleIn: given?.DynamicScalingInSuspended ?? before.scaleIn,
    scaleOut: given?.DynamicScalingOutSuspended ?? before.scaleOut,
    scheduled: given?.ScheduledScalingSuspended ?? before.scheduled,
  };
}

/** [inferred text] */
function boundsMissing(): Error {
  return scalingValidation(
    'Both minimum capacity and maximum capacity are required to register a new scalable target',
  );
}

/** [inferred text] */
export function boundsCross(): Error {
  return scalingValidation('Maximum capacity cannot be less than minimum capacity');
}

/** The nearest count within the bounds. */
export function withinBounds({ minCapacity, maxCapacity }: ScalableTarget, count: number): number {
  return Math.min(Math.max(count, minCapacity), maxCapacity);
}
