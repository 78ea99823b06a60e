/**
 * Decides how many tasks a service is to have: by the metrics that its policies track, by a step that an alarm asks
 * for, or because its bounds were set. All of it goes through `towards`, which knows what must never happen.
 */
import type { Instant } from '../instant.ts';
import type { NotScaled } from './scaling-activity.ts';
import { withinBounds, type ScalableTarget } from './scalable-target.ts';
import {
  alarmsOf,
  defaultCooldownSeconds,
  type NamedAlarm,
  type ScalingPolicy,
  type StepScaling,
  type TargetTracking,
} from './scaling-policy.ts';
import { highPeriods, lowPart, lowPeriods, type ScalingRun, type Watch } from './scaling-run.ts';
import { steppedCount } from './step-scaling.ts';

export interface ScaledService {
  readonly target: ScalableTarget;
  readonly run: ScalingRun;
  readonly desiredCount: number;
  /** Whether a service deployment is under way. */
  readonly isDeploying: boolean;
}

export interface TrackingPolicy {
  readonly policy: ScalingPolicy;
  readonly rule: TargetTracking;
  readonly watch: Watch | undefined;
}

export type CapacityPlan =
  | {
      readonly kind: 'Set';
      readonly count: number;
      readonly cause: string;
      readonly cooldownMs: number;
    }
  /** An alarm asks for something that cannot be, and people are told. */
  | { readonly kind: 'NotScaled'; readonly cause: string; readonly reason: NotScaled }
  | { readonly kind: 'Nothing'; readonly text: string };

/** What brings a service to a count. */
interface Trigger {
  readonly cause: string;
  readonly cooldownMs: number;
}

/**
 * What the metrics come to. Any policy may ask for more, and the one that asks for most gets it; fewer there are only
 * if all that may scale in agree, and then as many as the most careful of them keeps.
 */
export function planTracking(
  service: ScaledService,
  policies: readonly TrackingPolicy[],
  now: Instant,
): CapacityPlan {
  const outs = policies.filter(({ watch }) => (watch?.high ?? 0) >= highPeriods);
  const [out] = byMost(outs, (one) => grownCount(service, one, now));
  if (out) {
    const { policy, rule } = out.tracking;
    const cause = causeOf(policy, alarmsOf(policy, rule).high);
    if (out.wanted <= service.desiredCount) return { kind: 'Nothing', text: coolingDown('out') };
    return towards(
      service,
      out.wanted,
      { cause, cooldownMs: cooldownOf(rule.scaleOutCooldownSeconds) },
      now,
    );
  }
  const ins = policies.filter(({ rule }) => !rule.disableScaleIn);
  const agree = ins.filter(({ watch }) => (watch?.low ?? 0) >= lowPeriods);
  const [careful] = byMost(agree, (one) => shrunkCount(service.desiredCount, one));
  if (!careful || agree.length < ins.length) return { kind: 'Nothing', text: calm(policies) };
  const { policy, rule } = careful.tracking;
  const { high, low = high } = alarmsOf(policy, rule);
  const cooldownMs = cooldownOf(rule.scaleInCooldownSeconds);
  return towards(service, careful.wanted, { cause: causeOf(policy, low), cooldownMs }, now);
}

interface Wanted {
  readonly tracking: TrackingPolicy;
  readonly wanted: number;
}

function byMost(
  policies: readonly TrackingPolicy[],
  countOf: (policy: TrackingPolicy) => number,
): readonly Wanted[] {
  return policies
    .map((tracking) => ({ tracking, wanted: countOf(tracking) }))
    .toSorted((a, b) => b.wanted - a.wanted);
}

/** What was added within the cooldown counts as part of what is to be added. */
function grownCount(service: ScaledService, { rule, watch }: TrackingPolicy, now: Instant): number {
  const base = Math.max(1, countBeforeCooldown(service, now));
  return Math.ceil((base * (watch?.value ?? 0)) / rule.targetValue);
}

function shrunkCount(current: number, { rule, watch }: TrackingPolicy): number {
  return Math.ceil((current * (watch?.value ?? rule.targetValue)) / rule.targetValue);
}

function countBeforeCooldown({ run, desiredCount }: ScaledService, now: Instant): number {
  const { lastScaleOut: last } = run;
  return last && now < last.cooldownUntil ? Math.min(last.from, desiredCount) : desiredCount;
}

/** The alarm by whose name the step is caused, and by how much its threshold is passed. */
export interface StepAlarm {
  readonly name: string;
  readonly breach: number;
}

/** What a policy of steps comes to when its alarm triggers it. */
export function planStep(
  service: ScaledService,
  { policy, rule }: { readonly policy: ScalingPolicy; readonly rule: StepScaling },
  { name, breach }: StepAlarm,
  now: Instant,
): CapacityPlan {
  const cause = causeOf(policy, { name });
  const cooldownMs = cooldownOf(rule.cooldownSeconds);
  const { desiredCount } = service;
  const current = steppedCount(rule, desiredCount, breach);
  if (current === undefined) {
    return { kind: 'Nothing', text: `no step of the policy ${policy.name} is for ${breach}` };
  }
  if (current <= desiredCount) return towards(service, current, { cause, cooldownMs }, now);
  const base = countBeforeCooldown(service, now);
  const wanted = steppedCount(rule, base, breach) ?? desiredCount;
  if (wanted <= desiredCount) return { kind: 'Nothing', text: coolingDown('out') };
  return towards(service, wanted, { cause, cooldownMs }, now);
}

/** Of several plans the one that leaves most tasks; what changes nothing gives way to all that does. */
export function strongestPlan(plans: readonly [CapacityPlan, ...CapacityPlan[]]): CapacityPlan {
  const [first] = plans;
  const sets = plans.filter((plan) => plan.kind === 'Set').toSorted((a, b) => b.count - a.count);
  return sets[0] ?? plans.find((plan) => plan.kind === 'NotScaled') ?? first;
}

/** Brings a service within its bounds, where they were set and it is not; undefined where there is nothing to do. */
export function planCorrection(service: ScaledService): CapacityPlan | undefined {
  const { target, desiredCount, isDeploying } = service;
  if (target.unappliedSince === undefined) return undefined;
  const count = withinBounds(target, desiredCount);
  if (count === desiredCount) return undefined;
  const isOut = count > desiredCount;
  if (!isOut && isDeploying) return { kind: 'Nothing', text: waitsForDeployment };
  const cause = `${isOut ? 'minimum' : 'maximum'} capacity was set to ${count}`;
  return { kind: 'Set', count, cause, cooldownMs: 0 };
}

/** Never outside of the bounds, never fewer during a deployment, never against a cooldown or a suspension. */
function towards(
  service: ScaledService,
  wanted: number,
  trigger: Trigger,
  now: Instant,
): CapacityPlan {
  const { target, desiredCount } = service;
  const count = withinBounds(target, wanted);
  const { cause } = trigger;
  if (count > desiredCount) {
    if (target.suspended.scaleOut) return { kind: 'Nothing', text: 'scaling out is suspended' };
    return { kind: 'Set', count, ...trigger };
  }
  // Who has more than the bounds allow keeps it where even more is asked for.
  const isIn = count < desiredCount && wanted < desiredCount;
  if (!isIn) return unchanged(target, { wanted, desiredCount, cause });
  return held(service, cause, now) ?? { kind: 'Set', count, ...trigger };
}

/** What keeps a service from having fewer tasks now. */
function held(
  { target, run, isDeploying }: ScaledService,
  cause: string,
  now: Instant,
): CapacityPlan | undefined {
  if (target.suspended.scaleIn) return { kind: 'Nothing', text: 'scaling in is suspended' };
  if (isDeploying) {
    return { kind: 'NotScaled', cause, reason: { code: 'TargetServicePutResourceAsUnscalable' } };
  }
  if (now < (run.scaleInCooldownUntil ?? 0)) return { kind: 'Nothing', text: coolingDown('in') };
  const { cooldownUntil = 0 } = run.lastScaleOut ?? {};
  return now < cooldownUntil ? { kind: 'Nothing', text: coolingDown('out') } : undefined;
}

interface Unchanged {
  readonly wanted: number;
  readonly desiredCount: number;
  readonly cause: string;
}

function unchanged(
  { minCapacity, maxCapacity }: ScalableTarget,
  { wanted, desiredCount, cause }: Unchanged,
): CapacityPlan {
  if (wanted > maxCapacity) {
    return { kind: 'NotScaled', cause, reason: { code: 'AlreadyAtMaxCapacity', maxCapacity } };
  }
  if (wanted < minCapacity) {
    return { kind: 'NotScaled', cause, reason: { code: 'AlreadyAtMinCapacity', minCapacity } };
  }
  return { kind: 'Nothing', text: `${desiredCount} tasks are right for what its metrics say` };
}

export const waitsForDeployment =
  'it has more tasks than it may, but waits for its deployment to end';

function coolingDown(direction: 'in' | 'out'): string {
  return `an alarm asks for a change, but the cooldown of the last scale-${direction} lasts`;
}

function causeOf({ name }: ScalingPolicy, alarm: Pick<NamedAlarm, 'name'>): string {
  return `monitor alarm ${alarm.name} in state ALARM triggered policy ${name}`;
}

function cooldownOf(seconds = defaultCooldownSeconds): number {
  return seconds * 1000;
}

/** Why no alarm asks for anything, of each policy. */
function calm(policies: readonly TrackingPolicy[]): string {
  const said = policies.map(({ policy, rule, watch }) => {
    const { value, high = 0, low = 0 } = watch ?? {};
    if (value === undefined) return `nothing is known of the metric of ${policy.name}`;
    const rows =
      high > 0
        ? `, above its target for ${high} of ${highPeriods} minutes`
        : low > 0
          ? `, below ${lowPart * 100} % of its target for ${low} of ${lowPeriods} minutes`
          : '';
    return `${policy.name} is at ${shown(value)} of ${shown(rule.targetValue)}${rows}`;
  });
  return said.length === 0 ? 'it has no policy that tracks a metric' : said.join('; ');
}

function shown(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** The run after a count was set. */
export function withCount(
  run: ScalingRun,
  {
    from,
    count,
    cooldownMs,
  }: { readonly from: number; readonly count: number; readonly cooldownMs: number },
  now: Instant,
): ScalingRun {
  // More tasks end the cooldown of fewer; otherwise one that lasts is never cut short, as by bounds that are set.
  const { scaleInCooldownUntil = now, ...rest } = run;
  if (count < from) {
    return { ...run, scaleInCooldownUntil: Math.max(scaleInCooldownUntil, now + cooldownMs) };
  }
  const { lastScaleOut = { from, cooldownUntil: now } } = run;
  const base = now < lastScaleOut.cooldownUntil ? Math.min(lastScaleOut.from, from) : from;
  const cooldownUntil = Math.max(lastScaleOut.cooldownUntil, now + cooldownMs);
  return { ...rest, lastScaleOut: { from: base, cooldownUntil } };
}
