import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetWorld } from '../../test/fixtures/fleet-world.ts';
import { ServiceStorm, type Gust } from '../../test/fixtures/service-storm.ts';
import { boundsOf } from '../domain/service/plan-scaling.ts';
import { isFinished, type ServiceDeployment } from '../domain/service/service-deployment.ts';
import { belongsTo, isLive } from '../domain/service/service-tasks.ts';
import type { Task } from '../domain/task/task.ts';

const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

const percents = fc.constantFrom(
  { minimumHealthyPercent: 100, maximumPercent: 200 },
  { minimumHealthyPercent: 50, maximumPercent: 200 },
  { minimumHealthyPercent: 0, maximumPercent: 100 },
  { minimumHealthyPercent: 34, maximumPercent: 300 },
);
const circuitBreaker = fc.record({ enable: fc.boolean(), rollback: fc.boolean() });
const hooks = [
  {
    targetType: 'PAUSE' as const,
    lifecycleStages: ['POST_SCALE_UP' as const, 'PRE_PRODUCTION_TRAFFIC_SHIFT' as const],
    timeoutConfiguration: { timeoutInMinutes: 30, action: 'CONTINUE' as const },
  },
];
const strategy = fc.constantFrom(
  { strategy: 'ROLLING' as const },
  { strategy: 'BLUE_GREEN' as const, lifecycleHooks: hooks, bakeTimeInMinutes: 5 },
  { strategy: 'BLUE_GREEN' as const },
  {
    strategy: 'CANARY' as const,
    canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 2 },
  },
);
const alarms = fc.boolean().map((rollback) => ({ alarmNames: ['errors'], enable: true, rollback }));

/** No two members of a configuration are refused for each other. */
const configuration = fc
  .tuple(percents, fc.option(strategy), fc.option(circuitBreaker), fc.option(alarms))
  .map(([percent, shift, deploymentCircuitBreaker, watched]) => ({
    ...percent,
    ...shift,
    ...(deploymentCircuitBreaker && { deploymentCircuitBreaker }),
    ...(watched && { alarms: watched }),
  }));

const anyUpdate = fc.record({
  kind: fc.constant('update' as const),
  request: fc.record(
    {
      desiredCount: fc.nat(5),
      taskDefinition: fc.constantFrom('web:1', 'web:2'),
      forceNewDeployment: fc.boolean(),
      deploymentConfiguration: configuration,
      availabilityZoneRebalancing: fc.constantFrom('ENABLED' as const, 'DISABLED' as const),
      propagateTags: fc.constantFrom('SERVICE' as const, 'NONE' as const),
    },
    { requiredKeys: [] },
  ),
});

const anyGust: fc.Arbitrary<Gust> = fc.oneof(
  { weight: 4, arbitrary: anyUpdate },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      ms: fc.nat(20_000),
      seed: fc.nat(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat(600_000), seed: fc.nat() }),
  fc.record({ kind: fc.constant('stop' as const), stopType: fc.constantFrom('ABORT', 'ROLLBACK') }),
  fc.record({
    kind: fc.constant('continue' as const),
    action: fc.constantFrom('CONTINUE', 'ROLLBACK'),
  }),
  fc.record({ kind: fc.constant('protect' as const), at: fc.nat(9), minutes: fc.nat(60) }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('lose', 'sicken', 'retire', 'drain', 'activate', 'leave'),
      at: fc.nat(9),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('fail', 'alarm', 'calm', 'crash', 'flush') }),
  },
);
const rarely: fc.Arbitrary<Gust> = fc.record({ kind: fc.constantFrom('delete', 'create') });
const anyGusts = fc.array(fc.oneof({ weight: 40, arbitrary: anyGust }, rarely), {
  maxLength: 50,
});

/** How each service deployment was when it had come to its end. */
type Ends = Map<string, ServiceDeployment>;

/** One look of the scheduler, after which everything is true that always has to be. */
function look(storm: ServiceStorm, ends: Ends): void {
  const { world } = storm;
  if (!world.isActive) return world.pass();
  const [serving, taking] = [world.serving(), world.tasks.length];
  const known = new Set<string>(world.tasks.map(({ arn }) => arn));
  expectEnds(storm, ends);
  world.pass();
  expectEnds(storm, ends);
  expectRecords(storm);
  const { service } = world;
  const { floor, ceiling } = boundsOf(service);
  expect(world.serving()).toBeGreaterThanOrEqual(Math.min(floor, serving));
  // A shift has two revisions with all their tasks.
  const shifts = storm.rollouts.at(-1)?.deploymentConfiguration.shift !== undefined;
  expect(world.tasks.length).toBeLessThanOrEqual(Math.max(shifts ? Infinity : ceiling, taking));
  const failed = service.deployments.filter(({ rolloutState }) => rolloutState === 'FAILED');
  const started = world.tasks.filter(({ arn }) => !known.has(arn));
  expect(started.filter((task) => failed.some((one) => belongsTo(task, one)))).toEqual([]);
}

/** What has come to its end stays as it is, and says when and why it ended. */
function expectEnds({ rollouts }: ServiceStorm, ends: Ends): void {
  for (const rollout of rollouts.filter(isFinished)) {
    const known = ends.get(rollout.arn);
    if (known === rollout) continue;
    expect(rollout).toEqual(known ?? rollout);
    ends.set(rollout.arn, rollout);
    expect(rollout.finishedAt ?? rollout.stoppedAt).toBeDefined();
    expect(rollout.finalCounts).toBeDefined();
    expect(rollout.statusReason !== undefined || rollout.status === 'SUCCESSFUL').toBe(true);
  }
}

function expectRecords({ world, rollouts }: ServiceStorm): void {
  const { desiredCount, deployments, events } = world.service;
  expect(rollouts.filter((one) => !isFinished(one)).length).toBeLessThanOrEqual(1);
  const [primary, ...former] = deployments;
  expect(primary).toMatchObject({ status: 'PRIMARY', desiredCount });
  expect(former.every(({ status }) => status === 'ACTIVE')).toBe(true);
  const isOurs = (task: Task): boolean => deployments.some((one) => belongsTo(task, one));
  expect(world.tasks.filter((task) => isLive(task) && !isOurs(task))).toEqual([]);
  const times = events.map(({ createdAt }) => createdAt);
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => b - a));
  expect(events.length).toBeLessThanOrEqual(100);
}

/** The faults end, and time goes on: protection, bake times and pauses take an hour at most. */
function calmDown(storm: ServiceStorm, ends: Ends): void {
  const { world } = storm;
  storm.revive();
  for (const zone of zones) world.join(zone, 40);
  for (const instance of world.instances) world.setStatus(instance, 'ACTIVE');
  for (let round = 0; round < 120; round += 1) {
    look(storm, ends);
    storm.calm();
    world.elapse(round % 40 === 20 ? 3_600_000 : 1_000);
  }
  expect(world.isAtRest()).toBe(true);
  expect(storm.rollouts.filter((one) => !isFinished(one))).toEqual([]);
}

async function aStorm(launchType: 'FARGATE' | 'EC2'): Promise<ServiceStorm> {
  const world = await FleetWorld.start(launchType);
  for (const zone of zones) world.join(zone, 20);
  const awsvpcConfiguration = { subnets: ['subnet-1', 'subnet-2'] };
  const storm = new ServiceStorm(world, {
    launchType,
    taskDefinition: 'web:1',
    desiredCount: 3,
    ...(launchType === 'FARGATE' && { networkConfiguration: { awsvpcConfiguration } }),
  });
  await world.flush();
  return storm;
}

test.each(['FARGATE', 'EC2'] as const)(
  'whatever is asked of a service on %s and whatever fails meanwhile, its records stay true and it comes to rest',
  async (launchType) => {
    await fc.assert(
      fc.asyncProperty(anyGusts, async (gusts) => {
        const storm = await aStorm(launchType);
        const { world } = storm;
        const ends: Ends = new Map();
        for (const gust of gusts) {
          // A crash takes back what was not durable.
          if (gust.kind === 'crash') ends.clear();
          if (gust.kind === 'look') look(storm, ends);
          else await storm.blow(gust);
        }
        calmDown(storm, ends);
        if (world.service.deployments[0].rolloutState === 'FAILED') {
          world.update({ forceNewDeployment: true });
          calmDown(storm, ends);
        }
        const { desiredCount, deployments, steadyAt } = world.service;
        expect(deployments).toMatchObject([{ rolloutState: 'COMPLETED', desiredCount }]);
        expect(world.serving()).toBe(desiredCount);
        expect(world.tasks).toHaveLength(desiredCount);
        expect(steadyAt).toBeDefined();
      }),
      { numRuns: 50 },
    );
  },
);
