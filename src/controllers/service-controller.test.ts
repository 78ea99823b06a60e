import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetWorld } from '../../test/fixtures/fleet-world.ts';
import { attributeValue } from '../domain/container-instance/container-instance.ts';
import { boundsOf } from '../domain/service/plan-scaling.ts';
import type { Task } from '../domain/task/task.ts';

const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

/** What can happen between two looks of the scheduler. */
const anyEvent = fc.oneof(
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat(6_000), seed: fc.nat() }),
  fc.record({ kind: fc.constantFrom('drain', 'activate', 'lose'), at: fc.nat(7) }),
  fc.record({ kind: fc.constant('join' as const), zone: fc.constantFrom(...zones) }),
  fc.record({ kind: fc.constantFrom('deploy', 'crash', 'flush') }),
);
type AnyEvent = typeof anyEvent extends fc.Arbitrary<infer Event> ? Event : never;

const anyEvents = fc.array(anyEvent, { maxLength: 40 });

const anyReplica = fc
  .record({
    desiredCount: fc.integer({ min: 0, max: 8 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 250 }),
  })
  .filter(({ desiredCount, minimumHealthyPercent: floor, maximumPercent: ceiling }) => {
    if (floor === 100 && ceiling === 100) return false;
    // What blocks a deployment for good is a case of its own.
    const least = Math.ceil((desiredCount * floor) / 100);
    return desiredCount === 0 || least < Math.floor((desiredCount * ceiling) / 100);
  });

async function aFleet(room: number, given: Parameters<FleetWorld['create']>[0]) {
  const world = await FleetWorld.start();
  for (const zone of zones) world.join(zone, room);
  world.create(given);
  await world.flush();
  return world;
}

async function happen(world: FleetWorld, event: AnyEvent): Promise<void> {
  switch (event.kind) {
    case 'time':
      return world.advance(event.ms, event.seed);
    case 'join':
      return world.join(event.zone, 20);
    case 'deploy':
      return world.update({ forceNewDeployment: true });
    case 'crash':
      return world.crash();
    case 'flush':
      return world.flush();
    default:
      return happenOn(world, event);
  }
}

function happenOn(world: FleetWorld, { kind, at }: Extract<AnyEvent, { at: number }>): void {
  const instance = world.instances[at];
  if (!instance) return;
  if (kind === 'drain') world.setStatus(instance, 'DRAINING');
  if (kind === 'activate') world.setStatus(instance, 'ACTIVE');
  if (kind === 'lose' && world.instances.length > 1) world.lose(instance);
}

/** By how many tasks the zones of ACTIVE instances differ; 0 where nobody is to balance them. */
function imbalanceOf(world: FleetWorld): number {
  const { availabilityZoneRebalancing, desiredCount } = world.service;
  const hasRoom = boundsOf(world.service).ceiling > desiredCount;
  if (availabilityZoneRebalancing === 'DISABLED' || !hasRoom) return 0;
  const inZones = countBy(world.tasks, ({ availabilityZone }) => availabilityZone);
  const active = world.instances.filter(({ status }) => status === 'ACTIVE');
  const used = new Set(active.map((one) => attributeValue(one, 'ecs.availability-zone')));
  const counts = [...used].map((zone) => inZones.get(zone) ?? 0);
  return Math.max(...counts) - Math.min(...counts);
}

function countBy(tasks: readonly Task[], keyOf: (task: Task) => string | undefined) {
  return new Map([...Map.groupBy(tasks, keyOf)].map(([key, group]) => [key, group.length]));
}

test('a service on EC2 keeps between floor and ceiling, and settles where its instances take tasks', async () => {
  await fc.assert(
    fc.asyncProperty(anyReplica, anyEvents, async ({ desiredCount, ...percents }, events) => {
      const world = await aFleet(20, { desiredCount, deploymentConfiguration: percents });
      world.settle();
      for (const event of events) {
        await happen(world, event);
        const { floor, ceiling } = boundsOf(world.service);
        const [serving, notStopped] = [world.serving(), world.tasks.length];
        world.pass();
        expect(world.serving()).toBeGreaterThanOrEqual(Math.min(floor, serving));
        expect(world.tasks.length).toBeLessThanOrEqual(Math.max(ceiling, notStopped));
      }
      for (const instance of world.instances.slice(0, 2)) world.setStatus(instance, 'ACTIVE');
      world.settle();
      const active = world.instances.filter(({ status }) => status === 'ACTIVE');
      const hosts = new Set<string>(active.map((instance) => instance.arn));
      expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
      expect(world.serving()).toBe(desiredCount);
      expect(world.tasks.every((task) => hosts.has(task.containerInstanceArn ?? ''))).toBe(true);
      expect(imbalanceOf(world)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test('where instances have too little room, what fits is placed and another look changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), anyEvents, async (room, events) => {
      const world = await aFleet(room, { desiredCount: 12 });
      for (const event of events) {
        if (event.kind === 'join') continue;
        await happen(world, event);
        for (let turn = 0; turn < 3; turn += 1) world.pass();
        expect(world.isAtRest()).toBe(true);
        const perHost = countBy(world.tasks, (task) => task.containerInstanceArn);
        expect(Math.max(0, ...perHost.values())).toBeLessThanOrEqual(room);
      }
    }),
    { numRuns: 60 },
  );
});

test('a DAEMON has at most one task on an instance, and settles at one on each that is ACTIVE', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 90 }), anyEvents, async (percent, events) => {
      const deploymentConfiguration = { minimumHealthyPercent: percent, maximumPercent: 100 };
      const world = await aFleet(20, { schedulingStrategy: 'DAEMON', deploymentConfiguration });
      world.settle();
      for (const event of events) {
        await happen(world, event);
        const serving = world.serving();
        // On draining instances daemons stop, whatever the floor.
        const isCalm = world.instances.every(({ status }) => status === 'ACTIVE');
        world.pass();
        const floor = isCalm ? Math.min(boundsOf(world.service).floor, serving) : 0;
        expect(world.serving()).toBeGreaterThanOrEqual(floor);
        const perHost = countBy(world.tasks, (task) => task.containerInstanceArn);
        expect(Math.max(0, ...perHost.values())).toBeLessThanOrEqual(1);
      }
      // Where one is all that the floor leaves, its place must not be the only one.
      for (const zone of zones) for (let i = 0; i < 4; i += 1) world.join(zone, 20);
      world.settle();
      const active = world.instances.filter(({ status }) => status === 'ACTIVE');
      const hosts = world.tasks.map((task) => task.containerInstanceArn);
      expect(new Set(hosts)).toEqual(new Set(active.map((instance) => instance.arn)));
      expect(world.service.desiredCount).toBe(active.length);
      expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
    }),
    { numRuns: 60 },
  );
});

/** What can happen to the tasks of a deployment that never becomes ready. */
const anyMishap = fc.oneof(
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat(6_000), seed: fc.nat() }),
  fc.record({ kind: fc.constantFrom('lose' as const, 'sicken' as const), seed: fc.nat() }),
  fc.record({ kind: fc.constantFrom('crash' as const, 'flush' as const) }),
);
type AnyMishap = typeof anyMishap extends fc.Arbitrary<infer Mishap> ? Mishap : never;

async function befall(world: FleetWorld, mishap: AnyMishap): Promise<void> {
  switch (mishap.kind) {
    case 'time':
      return world.advance(mishap.ms, mishap.seed);
    case 'lose':
      return world.loseTask(mishap.seed);
    case 'sicken':
      return world.sicken(mishap.seed);
    case 'crash':
      return world.crash();
    case 'flush':
      return world.flush();
  }
}

const anyFloor = fc.integer({ min: 0, max: 80 });
const anyMishaps = fc.array(anyMishap, { maxLength: 30 });

/** A DAEMON on six instances whose second revision never becomes ready. */
async function aStuckDaemon(minimumHealthyPercent: number): Promise<FleetWorld> {
  const deploymentConfiguration = { minimumHealthyPercent, maximumPercent: 100 };
  const world = await aFleet(20, { schedulingStrategy: 'DAEMON', deploymentConfiguration });
  for (const zone of zones) world.join(zone, 20);
  world.settle();
  world.isSecondStuck = true;
  world.update({ taskDefinition: 'web:2' });
  await world.flush();
  return world;
}

/** One look, which leaves as many serving as the floor needs, and never two tasks on an instance. */
function passWithin(world: FleetWorld): void {
  const serving = world.serving();
  world.pass();
  const { floor } = boundsOf(world.service);
  expect(world.serving()).toBeGreaterThanOrEqual(Math.min(floor, serving));
  const perHost = countBy(world.tasks, (task) => task.containerInstanceArn);
  expect(Math.max(0, ...perHost.values())).toBeLessThanOrEqual(1);
}

test('a DAEMON whose deployment never becomes ready has its floor again whatever is lost, and goes on when it does', async () => {
  await fc.assert(
    fc.asyncProperty(anyFloor, anyMishaps, async (percent, mishaps) => {
      const world = await aStuckDaemon(percent);
      for (const mishap of mishaps) {
        await befall(world, mishap);
        passWithin(world);
      }
      world.wait();
      expect(world.serving()).toBe(boundsOf(world.service).floor);
      expect(world.isAtRest()).toBe(true);
      expect(world.service.deployments[0].rolloutState).toBe('IN_PROGRESS');
      world.isSecondStuck = false;
      world.settle();
      expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
      expect(world.servingOf(world.service.deployments[0])).toBe(6);
    }),
    { numRuns: 60 },
  );
});

test('a DAEMON whose deployment has failed without a roll-back has all its former tasks again whatever is lost', async () => {
  await fc.assert(
    fc.asyncProperty(anyFloor, anyMishaps, anyMishaps, async (percent, before, after) => {
      const world = await aStuckDaemon(percent);
      world.pass();
      for (const mishap of before) {
        await befall(world, mishap);
        passWithin(world);
      }
      world.abort();
      await world.flush();
      world.pass();
      const [, former] = world.service.deployments;
      const had = former?.desiredCount ?? 0;
      expect(had).toBeGreaterThanOrEqual(boundsOf(world.service).floor);
      for (const mishap of after) {
        await befall(world, mishap);
        passWithin(world);
      }
      world.wait();
      expect(former && world.servingOf(former)).toBe(had);
      expect(world.isAtRest()).toBe(true);
      expect(world.service.deployments[0].rolloutState).toBe('FAILED');
      world.isSecondStuck = false;
      world.update({ taskDefinition: 'web:1' });
      world.settle();
      expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
      expect(world.serving()).toBe(6);
    }),
    { numRuns: 60 },
  );
});

test('a deployment that shifts traffic says that tasks are no longer moved between zones', async () => {
  const world = await FleetWorld.start();
  world.join('us-east-1a', 20);
  world.create({ desiredCount: 4, availabilityZoneRebalancing: 'ENABLED' });
  world.settle();
  world.join('us-east-1b', 20);
  world.pass();
  expect(world.service.rebalancing).toBeDefined();
  world.update({ taskDefinition: 'web:2', deploymentConfiguration: { strategy: 'BLUE_GREEN' } });
  world.pass();
  expect(world.service.rebalancing).toBeUndefined();
  const told = world.service.events.map(({ subject }) => subject.kind);
  expect(told).toContain('BalancingStopped');
  world.settle();
  expect(world.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  expect(imbalanceOf(world)).toBe(0);
});
