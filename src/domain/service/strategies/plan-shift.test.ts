import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aShift, blueGreen, canary, watch } from '../../../../test/fixtures/a-shift.ts';
import { planService } from '../plan-service.ts';
import { weightsOf } from './hook-runs.ts';
import { trafficSteps, type ShiftStrategy } from './lifecycle.ts';

const minuteMs = 60_000;
const linear = (stepPercent: number, stepBakeTimeInMinutes = 0): ShiftStrategy => {
  return { strategy: 'LINEAR', stepPercent, stepBakeTimeInMinutes };
};

test('a canary has its share of traffic for half an hour, and then all of it', () => {
  const world = aShift(canary, { bakeTimeInMinutes: 5 });
  world.settle();
  const blue = world.service.deployments[0].revision.arn;
  world.deploy();
  const began = world.now;
  expect(watch(world, 29)).toEqual(['SCALE_UP 0', 'PRODUCTION_TRAFFIC_SHIFT 10']);
  expect(world.servingOf(blue)).toBe(3);
  expect(world.serving()).toBe(6);
  expect(watch(world, 3)).toEqual(['PRODUCTION_TRAFFIC_SHIFT 10', 'BAKE_TIME 100']);
  expect(world.serving()).toBe(6);
  world.settle();
  expect(world.rollout).toMatchObject({ status: 'SUCCESSFUL', lifecycle: { stage: 'CLEAN_UP' } });
  expect(world.now - began).toBeLessThan(40 * minuteMs);
  expect(world.service.deployments).toHaveLength(1);
  expect(world.serving()).toBe(3);
});

test.each([
  { shift: blueGreen, steps: [100] },
  { shift: canary, steps: [10, 100] },
  { shift: linear(25), steps: [25, 50, 75, 100] },
  { shift: linear(33.3), steps: [33.3, 66.6, 99.9, 100] },
  { shift: linear(100), steps: [100] },
])('$shift.strategy goes by the steps $steps', ({ shift, steps }) => {
  expect(trafficSteps(shift)).toEqual(steps);
});

test('a linear shift waits between its steps, and not after the last one', () => {
  const world = aShift(linear(10, 6));
  world.settle();
  world.deploy();
  watch(world, 1);
  const began = world.now;
  const seen = watch(world, 9 * 6 + 1);
  expect(seen.filter((text) => text.startsWith('PRODUCTION'))).toHaveLength(9);
  expect(world.rollout?.status).toBe('SUCCESSFUL');
  expect(world.now - began).toBe(55 * minuteMs);
});

test('the first deployment of a service goes through the stages as well', () => {
  const world = aShift(blueGreen, { bakeTimeInMinutes: 2 });
  const seen = watch(world, 4);
  expect(seen).toEqual(['SCALE_UP 0', 'BAKE_TIME 100', 'CLEAN_UP 100']);
  expect(world.rollout?.status).toBe('SUCCESSFUL');
  expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
});

const anyShift = fc.oneof(
  fc.constant(blueGreen),
  fc.constant(canary),
  fc.integer({ min: 3, max: 100 }).map((percent) => linear(percent, 2)),
);
const anyStep = fc.record({ ms: fc.nat(10 * minuteMs), seed: fc.nat(), crashes: fc.boolean() });
const anySteps = fc.array(anyStep, { maxLength: 40 });

test('a revision that has traffic has all its tasks, whatever the pace of tasks and the crashes of the server', () => {
  fc.assert(
    fc.property(
      anyShift,
      fc.integer({ min: 0, max: 5 }),
      anySteps,
      (shift, desiredCount, steps) => {
        const world = aShift(shift, { desiredCount, bakeTimeInMinutes: 3 });
        world.settle();
        const blue = world.service.deployments[0].revision.arn;
        world.deploy();
        const green = world.service.deployments[0].revision.arn;
        for (const { ms, seed, crashes } of steps) {
          if (crashes) world.restart();
          world.pass();
          const traffic = world.rollout?.lifecycle?.traffic.production ?? 0;
          const isCleanUp = world.rollout?.lifecycle?.stage === 'CLEAN_UP';
          expect(world.servingOf(green)).toBeGreaterThanOrEqual(traffic > 0 ? desiredCount : 0);
          expect(world.servingOf(blue)).toBeGreaterThanOrEqual(isCleanUp ? 0 : desiredCount);
          world.advance(ms, seed);
        }
        world.settle();
        expect(world.rollout?.status).toBe('SUCCESSFUL');
        expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
        expect(world.servingOf(green)).toBe(desiredCount);
        expect(world.serving()).toBe(desiredCount);
      },
    ),
    { numRuns: 40 },
  );
});

test('a roll-back at any moment leaves the revision that served, with all its tasks all the time', () => {
  fc.assert(
    fc.property(anyShift, anySteps, anySteps, (shift, steps, rest) => {
      const world = aShift(shift, { desiredCount: 3, bakeTimeInMinutes: 600 });
      world.settle();
      const blue = world.service.deployments[0].revision.arn;
      world.deploy();
      const go = ({ ms, seed, crashes }: { ms: number; seed: number; crashes: boolean }): void => {
        if (crashes) world.restart();
        world.pass();
        expect(world.servingOf(blue)).toBe(3);
        world.advance(ms, seed);
      };
      for (const step of steps) go(step);
      world.stop('ROLLBACK');
      for (const step of rest) go(step);
      world.settle();
      expect(world.rollout).toMatchObject({
        status: 'ROLLBACK_SUCCESSFUL',
        lifecycle: { traffic: { production: 0, test: 0 } },
      });
      expect(world.service.deployments).toMatchObject([{ revision: { arn: blue } }]);
      expect(world.serving()).toBe(3);
    }),
    { numRuns: 40 },
  );
});

test('the same records give the same plan during a shift, and carrying it out leaves nothing to be done', () => {
  fc.assert(
    fc.property(anyShift, anySteps, (shift, steps) => {
      const world = aShift(shift);
      world.settle();
      world.deploy();
      for (const { ms, seed } of steps) {
        const observed = world.observe();
        expect(planService(observed, world.now)).toEqual(planService(observed, world.now));
        for (let turn = 0; turn < 3; turn += 1) world.pass();
        expect(planService(world.observe(), world.now).actions).toEqual([]);
        world.advance(ms, seed);
      }
    }),
    { numRuns: 40 },
  );
});

test('a deployment that overtakes a shift first brings back one revision that serves', () => {
  const world = aShift(canary);
  world.settle();
  const blue = world.service.deployments[0].revision.arn;
  world.deploy();
  watch(world, 5);
  expect(world.serving()).toBe(6);
  world.deploy();
  const seen = watch(world, 5);
  expect(seen[0]).toBe('RECONCILE_SERVICE 0');
  expect(world.servingOf(blue)).toBe(3);
  expect(world.rollout?.lifecycle).toMatchObject({ blue, traffic: { production: 10 } });
  expect(
    world.service.deployments.map(({ status, desiredCount }) => [status, desiredCount]),
  ).toEqual([
    ['PRIMARY', 3],
    ['ACTIVE', 3],
  ]);
  world.settle();
  expect(world.rollout?.status).toBe('SUCCESSFUL');
});

test('ABORT stops a shift where it is', () => {
  const world = aShift(canary);
  world.settle();
  world.deploy();
  watch(world, 5);
  world.stop('ABORT');
  watch(world, 60);
  expect(world.rollout).toMatchObject({
    status: 'STOPPED',
    statusReason: 'Service deployment stopped because a user requested it.',
    lifecycle: { traffic: { production: 10 } },
  });
  expect(world.serving()).toBe(6);
});

test('a stage that takes longer than a day takes the deployment back', () => {
  const world = aShift(blueGreen);
  world.settle();
  world.deploy();
  for (let hour = 0; hour < 25; hour += 1) {
    world.now += 60 * minuteMs;
    world.pass();
  }
  world.settle();
  expect(world.rollout).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    statusReason: 'Service deployment rolled back because SCALE_UP took too long.',
  });
});

test('weights are whole tenths that make a hundred', () => {
  const world = aShift(linear(33.3, 1));
  world.settle();
  world.deploy();
  for (let turn = 0; turn < 20; turn += 1) {
    world.pass();
    world.advance(20_000, 1);
    const weights = world.rollout ? Object.values(weightsOf(world.rollout).production) : [];
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(100, 9);
  }
});

test('a shift that is taken back before it has begun leaves all traffic where it was', () => {
  const world = aShift(blueGreen);
  world.settle();
  const blue = world.service.deployments[0].revision.arn;
  world.deploy();
  world.stop('ROLLBACK');
  world.settle();
  const { rollout } = world;
  expect(rollout).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', lifecycle: { blue } });
  expect(rollout && weightsOf(rollout).production[blue]).toBe(100);
});

test('a roll-back in the last stage brings the tasks that were stopped back before their traffic', () => {
  const world = aShift(blueGreen);
  world.settle();
  const blue = world.service.deployments[0].revision.arn;
  world.deploy();
  const traffic = () => world.rollout?.lifecycle?.traffic.production ?? 0;
  const isLast = () => world.rollout?.lifecycle?.stage === 'CLEAN_UP';
  world.pass();
  for (let second = 0; second < 60 && !isLast(); second += 1) {
    world.advance(1_000, second);
    world.pass();
  }
  expect(isLast()).toBe(true);
  world.stop('ROLLBACK');
  for (let second = 0; second < 60; second += 1) {
    world.pass();
    expect(world.serving()).toBeGreaterThanOrEqual(3);
    expect(world.servingOf(blue)).toBeGreaterThanOrEqual(traffic() < 100 ? 3 : 0);
    world.advance(1_000, second);
  }
  world.settle();
  expect(traffic()).toBe(0);
  expect(world.rollout).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  expect(world.service.deployments).toMatchObject([{ revision: { arn: blue } }]);
});

test('where no revision was ever brought out, the one with tasks serves until the new one does', () => {
  const world = aShift(blueGreen);
  for (let second = 0; second < 5; second += 1) {
    world.pass();
    world.advance(1, second);
  }
  world.stop('ABORT');
  world.pass();
  const serving = world.serving();
  expect(serving).toBeGreaterThan(0);
  world.deploy();
  world.stop('ABORT');
  world.pass();
  world.deploy();
  for (let second = 0; second < 60; second += 1) {
    world.pass();
    expect(world.serving()).toBeGreaterThanOrEqual(serving);
    world.advance(1_000, second);
  }
  world.settle();
  expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
});
