import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterArn, serviceArn } from '../arn.ts';
import {
  planCorrection,
  planStep,
  planTracking,
  withCount,
  type CapacityPlan,
  type ScaledService,
  type TrackingPolicy,
} from './plan-capacity.ts';
import type { ScalableTarget } from './scalable-target.ts';
import type { StepScaling, TargetTracking } from './scaling-policy.ts';
import { highPeriods, lowPeriods, newRun, watched, type Watch } from './scaling-run.ts';

const scope = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const shop = serviceArn(scope, 'default', 'shop');
const minuteMs = 60_000;

function aTarget(given: Partial<ScalableTarget> = {}): ScalableTarget {
  return {
    serviceArn: shop,
    arn: `${clusterArn(scope, 'default')}/target`,
    minCapacity: 1,
    maxCapacity: 10,
    roleArn: '',
    suspended: { scaleIn: false, scaleOut: false, scheduled: false },
    tags: [],
    createdAt: 0,
    ...given,
  };
}

function aService(given: Partial<ScaledService> = {}): ScaledService {
  const base = { target: aTarget(), run: newRun(shop), desiredCount: 4, isDeploying: false };
  return { ...base, ...given };
}

function aPolicy(watch: Partial<Watch>, given: Partial<TargetTracking> = {}): TrackingPolicy {
  const rule: TargetTracking = {
    kind: 'TargetTracking',
    targetValue: 50,
    metric: { kind: 'Usage', resource: 'cpu' },
    alarmIds: { high: 'h', low: 'l' },
    ...given,
  };
  const policy = { serviceArn: shop, name: 'cpu', arn: '', rule, createdAt: 0, updatedAt: 0 };
  return { policy, rule, watch: { policyUpdatedAt: 0, high: 0, low: 0, ...watch } };
}

const high = (value: number): Partial<Watch> => ({ high: highPeriods, value });
const low = (value: number): Partial<Watch> => ({ low: lowPeriods, value });

function outcome(plan: CapacityPlan): number | string {
  if (plan.kind === 'Set') return plan.count;
  return plan.kind === 'NotScaled' ? plan.reason.code : plan.kind;
}

test.for<{ why: string; policies: TrackingPolicy[]; to: number | string }>([
  { why: 'rounds up', policies: [aPolicy(high(51))], to: 5 },
  { why: 'grows in proportion', policies: [aPolicy(high(100))], to: 8 },
  { why: 'stops at the maximum', policies: [aPolicy(high(500))], to: 10 },
  { why: 'takes the largest', policies: [aPolicy(high(60)), aPolicy(high(100))], to: 8 },
  {
    why: 'grows though another would shrink',
    policies: [aPolicy(low(1)), aPolicy(high(60))],
    to: 5,
  },
  { why: 'waits for three minutes', policies: [aPolicy({ high: 2, value: 90 })], to: 'Nothing' },
  { why: 'shrinks in proportion, rounding up', policies: [aPolicy(low(20))], to: 2 },
  { why: 'stops at the minimum', policies: [aPolicy(low(0))], to: 1 },
  { why: 'takes the most careful', policies: [aPolicy(low(5)), aPolicy(low(30))], to: 3 },
  {
    why: 'shrinks only if all agree',
    policies: [aPolicy(low(5)), aPolicy({ value: 50 })],
    to: 'Nothing',
  },
  {
    why: 'does not ask those that never shrink',
    policies: [aPolicy(low(5)), aPolicy({ value: 50 }, { disableScaleIn: true })],
    to: 1,
  },
  {
    why: 'never shrinks where it may not',
    policies: [aPolicy(low(5), { disableScaleIn: true })],
    to: 'Nothing',
  },
  { why: 'keeps what is one too few to take away', policies: [aPolicy(low(44))], to: 'Nothing' },
  { why: 'knows nothing', policies: [aPolicy({})], to: 'Nothing' },
])('tracking a target $why', ({ policies, to }) => {
  expect(outcome(planTracking(aService(), policies, 0))).toBe(to);
});

test('what was added within the cooldown counts as part of what is to be added', () => {
  const run = { ...newRun(shop), lastScaleOut: { from: 2, cooldownUntil: 100 } };
  const service = aService({ run });
  expect(outcome(planTracking(service, [aPolicy(high(100))], 99))).toBe('Nothing');
  expect(outcome(planTracking(service, [aPolicy(high(130))], 99))).toBe(6);
  expect(outcome(planTracking(service, [aPolicy(high(100))], 100))).toBe(8);
});

test('a scale-in waits for the cooldowns of both, a scale-out for none of a scale-in', () => {
  const run = {
    ...newRun(shop),
    scaleInCooldownUntil: 100,
    lastScaleOut: { from: 4, cooldownUntil: 200 },
  };
  const service = aService({ run });
  expect(outcome(planTracking(service, [aPolicy(low(10))], 99))).toBe('Nothing');
  expect(outcome(planTracking(service, [aPolicy(low(10))], 199))).toBe('Nothing');
  expect(outcome(planTracking(service, [aPolicy(low(10))], 200))).toBe(1);
  expect(outcome(planTracking(service, [aPolicy(high(60))], 50))).toBe(5);
});

test.for<{ given: Partial<ScalableTarget>; desiredCount: number; to: number | string | undefined }>(
  [
    { given: {}, desiredCount: 0, to: undefined },
    { given: { unappliedSince: 1 }, desiredCount: 0, to: 1 },
    { given: { unappliedSince: 1 }, desiredCount: 12, to: 10 },
    { given: { unappliedSince: 1 }, desiredCount: 5, to: undefined },
  ],
)('bounds $given are applied to $desiredCount tasks: $to', ({ given, desiredCount, to }) => {
  const service = aService({ target: aTarget(given), desiredCount });
  const plan = planCorrection(service);
  expect(plan && outcome(plan)).toBe(to);
});

const percent: StepScaling = {
  kind: 'Step',
  adjustmentType: 'PercentChangeInCapacity',
  minAdjustmentMagnitude: 2,
  steps: [
    { upper: -10, adjustment: -50 },
    { lower: -10, upper: 0, adjustment: -10 },
    { lower: 0, upper: 20, adjustment: 25 },
    { lower: 20, adjustment: 100 },
  ],
};

test.for([
  // Bounds below the threshold are exclusive at their lower end, above it inclusive.
  { rule: percent, breach: -11, to: 2 },
  { rule: percent, breach: -10, to: 2 },
  { rule: percent, breach: -1, to: 2 },
  { rule: percent, breach: 0, to: 6 },
  { rule: percent, breach: 19.9, to: 6 },
  { rule: percent, breach: 20, to: 8 },
  { rule: { ...percent, minAdjustmentMagnitude: 1 }, breach: -1, to: 3 },
  { rule: { ...percent, adjustmentType: 'ChangeInCapacity' as const }, breach: 0, to: 10 },
  { rule: { ...percent, adjustmentType: 'ChangeInCapacity' as const }, breach: -1, to: 1 },
  {
    rule: { ...percent, adjustmentType: 'ExactCapacity' as const, steps: [{ adjustment: 7 }] },
    breach: -100,
    to: 7,
  },
  { rule: { ...percent, steps: [{ lower: 0, adjustment: 1 }] }, breach: -1, to: 'Nothing' },
])('steps lead 4 tasks to $to at a breach of $breach', ({ rule, breach, to }) => {
  const policy = { serviceArn: shop, name: 'steps', arn: '', rule, createdAt: 0, updatedAt: 0 };
  expect(outcome(planStep(aService(), { policy, rule }, { name: 'a', breach }, 0))).toBe(to);
});

/** What the metrics do for a while: alarms need many minutes of the same. */
const anyStretch = fc
  .record({
    value: fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined, freq: 20 }),
    memory: fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined, freq: 20 }),
    isDeploying: fc.boolean(),
    minutes: fc.integer({ min: 1, max: 25 }),
  })
  .map(({ minutes, ...minute }) => Array.from({ length: minutes }, () => minute));
const anyMinutes = fc.array(anyStretch, { maxLength: 12 }).map((stretches) => stretches.flat());
const anyBounds = fc.record({ min: fc.nat(5), more: fc.nat(20), start: fc.nat(30) });

type Minute = (typeof anyMinutes extends fc.Arbitrary<infer Minutes> ? Minutes : never)[number];

interface Change extends Pick<Minute, 'isDeploying' | 'value' | 'memory'> {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** All that two policies make of a service in some minutes. */
function changesIn(minutes: readonly Minute[], target: ScalableTarget, start: number): Change[] {
  const changes: Change[] = [];
  let desiredCount = start;
  let run = newRun(shop);
  let watches: (Watch | undefined)[] = [];
  for (const [index, { value, memory, isDeploying }] of minutes.entries()) {
    const now = index * minuteMs;
    const tracking = [aPolicy({}), aPolicy({}, { targetValue: 80 })].map((one, i) => ({
      ...one,
      watch: watched(watches[i], one.policy, one.rule, i === 0 ? value : memory),
    }));
    watches = tracking.map(({ watch }) => watch);
    const plan = planTracking({ target, run, desiredCount, isDeploying }, tracking, now);
    if (plan.kind !== 'Set') continue;
    const { count, cooldownMs } = plan;
    changes.push({ at: now, from: desiredCount, to: count, isDeploying, value, memory });
    run = withCount(run, { from: desiredCount, count, cooldownMs }, now);
    desiredCount = count;
  }
  return changes;
}

test('bounds that are set in the cooldown of a change do not end it', () => {
  const cooled = withCount(newRun(shop), { from: 2, count: 4, cooldownMs: 300_000 }, 0);
  const more = withCount(cooled, { from: 4, count: 6, cooldownMs: 0 }, minuteMs);
  expect(more.lastScaleOut).toEqual({ from: 2, cooldownUntil: 300_000 });
  const fewer = withCount(newRun(shop), { from: 9, count: 6, cooldownMs: 300_000 }, 0);
  const fewest = withCount(fewer, { from: 6, count: 4, cooldownMs: 0 }, minuteMs);
  expect(fewest.scaleInCooldownUntil).toBe(300_000);
});

test('whatever the metrics do, bounds, deployments and cooldowns are heeded, and nothing depends on chance', () => {
  fc.assert(
    fc.property(anyBounds, anyMinutes, ({ min, more, start }, minutes) => {
      const target = aTarget({ minCapacity: min, maxCapacity: min + more });
      const changes = changesIn(minutes, target, start);
      expect(changesIn(minutes, target, start)).toEqual(changes);
      for (const { to } of changes) {
        expect(to).toBeGreaterThanOrEqual(target.minCapacity);
        expect(to).toBeLessThanOrEqual(target.maxCapacity);
      }
      const ins = changes.filter(({ from, to }) => to < from);
      expect(ins.some(({ isDeploying }) => isDeploying)).toBe(false);
      expect(ins.flatMap(({ value, memory }) => [value, memory])).not.toContain(undefined);
      // Every change keeps those that follow from taking tasks away for a while.
      const tooSoon = ins.filter(({ at }) =>
        changes.some((other) => other.at < at && at - other.at < 300_000),
      );
      expect(tooSoon).toEqual([]);
    }),
  );
});
