import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aServiceWorld, type WorldSpec } from '../../../test/fixtures/service-world.ts';
import { boundsOf } from './plan-scaling.ts';
import { planService } from './plan-service.ts';

const anySpec: fc.Arbitrary<WorldSpec> = fc
  .record({
    desiredCount: fc.integer({ min: 0, max: 12 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 300 }),
  })
  .filter(({ desiredCount, minimumHealthyPercent: floor, maximumPercent: ceiling }) => {
    // What blocks a deployment for good is a case of its own.
    const least = Math.ceil((desiredCount * floor) / 100);
    return desiredCount === 0 || least < Math.floor((desiredCount * ceiling) / 100);
  });

/** What happens between two passes: time passes, and some of the tasks move on. */
const anyStep = fc.record({ ms: fc.nat(6_000), seed: fc.nat(), crashes: fc.boolean() });
const anySteps = fc.array(anyStep, { maxLength: 60 });

test('a deployment keeps between floor and ceiling, whatever the pace of its tasks and the crashes of its server', () => {
  fc.assert(
    fc.property(anySpec, anySteps, (spec, steps) => {
      const world = aServiceWorld(spec);
      world.settle();
      world.deploy();
      for (const { ms, seed, crashes } of steps) {
        if (crashes) world.restart();
        const { floor, ceiling } = boundsOf(world.service);
        const before = world.serving();
        world.pass();
        // Tasks do not fail here, so that all that stops was stopped by the scheduler.
        expect(world.serving()).toBeGreaterThanOrEqual(Math.min(floor, before));
        expect(world.notStopped()).toBeLessThanOrEqual(Math.max(ceiling, spec.desiredCount));
        world.advance(ms, seed);
      }
      world.settle();
      expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
      expect(world.serving()).toBe(spec.desiredCount);
      expect(world.liveOf(world.service.deployments[0].id)).toBe(spec.desiredCount);
    }),
  );
});

test('a deployment comes to its end and keeps to its ceiling, whatever tasks are lost on the way', () => {
  const anyLoss = fc.record({ ms: fc.nat(6_000), seed: fc.nat(), loses: fc.boolean() });
  fc.assert(
    fc.property(anySpec, fc.array(anyLoss, { maxLength: 60 }), (spec, steps) => {
      const world = aServiceWorld(spec);
      world.settle();
      world.deploy();
      for (const { ms, seed, loses } of steps) {
        if (loses) world.lose(seed);
        const { ceiling } = boundsOf(world.service);
        world.pass();
        expect(world.notStopped()).toBeLessThanOrEqual(Math.max(ceiling, spec.desiredCount));
        world.advance(ms, seed);
      }
      world.settle();
      const [primary] = world.service.deployments;
      expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
      expect(world.liveOf(primary.id)).toBe(spec.desiredCount);
    }),
  );
});

test('the same records give the same plan, and carrying it out leaves nothing to be done', () => {
  fc.assert(
    fc.property(anySpec, anySteps, (spec, steps) => {
      const world = aServiceWorld(spec);
      for (const { ms, seed } of steps.slice(0, 20)) {
        const observed = world.observe();
        expect(planService(observed, world.now)).toEqual(planService(observed, world.now));
        // Some starts wait for their turn; but no pass repeats what the one before has done.
        for (let turn = 0; turn < 3; turn += 1) world.pass();
        expect(planService(world.observe(), world.now).actions).toEqual([]);
        world.advance(ms, seed);
      }
    }),
  );
});

test.each([
  { desired: 1, percent: [100, 200], started: 1, stopped: 0 },
  { desired: 1, percent: [0, 100], started: 0, stopped: 1 },
  { desired: 1, percent: [0, 200], started: 1, stopped: 1 },
  { desired: 4, percent: [50, 100], started: 0, stopped: 2 },
  { desired: 4, percent: [100, 200], started: 4, stopped: 0 },
  { desired: 10, percent: [90, 110], started: 1, stopped: 1 },
  { desired: 3, percent: [66, 134], started: 1, stopped: 1 },
  { desired: 1, percent: [100, 150], started: 0, stopped: 0 },
  { desired: 1, percent: [50, 100], started: 0, stopped: 0 },
  { desired: 2, percent: [75, 100], started: 0, stopped: 0 },
  { desired: 3, percent: [100, 125], started: 0, stopped: 0 },
])(
  'with $desired tasks at $percent the first pass starts $started and stops $stopped',
  ({ desired, percent: [minimumHealthyPercent = 0, maximumPercent = 0], started, stopped }) => {
    const spec = { desiredCount: desired, minimumHealthyPercent, maximumPercent };
    const world = aServiceWorld(spec);
    world.settle();
    world.deploy();
    const { actions } = planService(world.observe(), world.now);
    const starts = actions.flatMap((action) => (action.kind === 'StartTasks' ? action.count : []));
    expect(starts.reduce((sum, count) => sum + count, 0)).toBe(started);
    expect(actions.filter(({ kind }) => kind === 'StopTask')).toHaveLength(stopped);
    const blocked = actions.some(
      (action) =>
        action.kind === 'Announce' && action.telling.text.startsWith('was unable to stop or'),
    );
    expect(blocked).toBe(started + stopped === 0);
  },
);

test.each([
  { resetOnHealthyTask: true, after: 0 },
  { resetOnHealthyTask: false, after: 1 },
])(
  'with resetOnHealthyTask $resetOnHealthyTask a healthy task leaves $after of one failure',
  (given) => {
    const { resetOnHealthyTask, after } = given;
    const threshold = { type: 'COUNT' as const, value: 10 };
    const world = aServiceWorld({
      desiredCount: 2,
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      configuration: {
        circuitBreaker: { enable: true, rollback: false, resetOnHealthyTask, threshold },
      },
    });
    const failedTasks = () => world.service.deployments[0].failedTasks;
    for (let seed = 0; world.serving() < 2; seed += 1) {
      world.pass();
      world.advance(1, seed);
    }
    // It falls over before anybody could rely on it.
    world.lose(0);
    world.pass();
    expect(failedTasks()).toBe(1);
    world.advance(6_000, 0);
    world.pass();
    expect(world.service.deployments[0].rolloutState).toBe('IN_PROGRESS');
    expect(failedTasks()).toBe(after);
  },
);

test('a deployment that is taken back is shown until its tasks have STOPPED, two minutes at most', () => {
  const world = aServiceWorld({ desiredCount: 1, minimumHealthyPercent: 100, maximumPercent: 200 });
  const states = () => world.service.deployments.map(({ rolloutState }) => rolloutState);
  world.settle();
  world.deploy();
  world.pass();
  world.stop('ROLLBACK');
  for (const milliseconds of [0, 60_000, 59_000]) {
    world.now += milliseconds;
    world.pass();
    expect(states()).toEqual(['IN_PROGRESS', 'FAILED']);
  }
  world.now += 1_000;
  world.pass();
  expect(states()).toEqual(['COMPLETED']);
});

test('a deployment that begins in the moment in which another is stopped is carried out', () => {
  const world = aServiceWorld({ desiredCount: 2, minimumHealthyPercent: 100, maximumPercent: 200 });
  world.settle();
  world.deploy();
  world.pass();
  world.stop('ABORT');
  world.deploy();
  world.settle();
  expect(world.rollout?.status).toBe('SUCCESSFUL');
  expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
});
