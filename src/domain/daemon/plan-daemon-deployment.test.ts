import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { DaemonWorld } from '../../../test/fixtures/daemon-world.ts';

function aSettledWorld(spec: ConstructorParameters<typeof DaemonWorld>[0]): DaemonWorld {
  const world = new DaemonWorld(spec);
  world.settle();
  expect(world.rollout.status).toBe('SUCCESSFUL');
  return world;
}

it.each([
  { instances: 1, drainPercent: 25, most: 1 },
  { instances: 4, drainPercent: 25, most: 1 },
  { instances: 5, drainPercent: 25, most: 2 },
  { instances: 10, drainPercent: 1, most: 1 },
  { instances: 10, drainPercent: 100, most: 10 },
])('$drainPercent % of $instances instances: $most drain at a time', ({ most, ...spec }) => {
  const world = aSettledWorld(spec);
  world.deploy();
  world.pass();
  world.pass();
  expect(world.isDraining()).toBe(most);
  expect(world.served()).toBe(spec.instances);
});

test('an instance drains before its daemon is stopped, and is ACTIVE once the next one serves', () => {
  const world = aSettledWorld({ instances: 1 });
  world.deploy();
  const seen: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    world.pass();
    seen.push(`${world.instances[0]?.status} ${world.live()} ${world.served()}`);
    world.step(3_000);
  }
  expect(seen.filter((text, index) => text !== seen[index - 1])).toEqual([
    'ACTIVE 1 1',
    'DRAINING 1 1',
    'DRAINING 0 0',
    'DRAINING 1 0',
    'ACTIVE 1 1',
  ]);
});

test('without instances a deployment is SUCCESSFUL at once', () => {
  const world = new DaemonWorld({ instances: 0 });
  expect(world.rollout.status).toBe('PENDING');
  world.pass();
  expect(world.rollout.status).toBe('IN_PROGRESS');
  world.pass();
  expect(world.rollout.status).toBe('SUCCESSFUL');
});

test('the circuit breaker goes back to what ran before, and frees every instance', () => {
  const world = aSettledWorld({ instances: 3 });
  world.isBroken = true;
  world.deploy();
  world.settle();
  expect(world.rollout).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    failureCount: 10,
    breakerTriggered: true,
  });
  expect([world.served(), world.current(), world.live()]).toEqual([3, 3, 3]);
});

test('a daemon that never ran starts nothing more, and holds no instance', () => {
  const world = new DaemonWorld({ instances: 2 });
  world.isBroken = true;
  world.settle();
  expect(world.rollout.status).toBe('ROLLBACK_FAILED');
  expect([world.live(), world.isDraining()]).toEqual([0, 0]);
});

test('agents that are away for a moment, as when a server starts, are waited for; for longer they are not', () => {
  const world = aSettledWorld({ instances: 2 });
  world.deploy();
  world.pass();
  world.pass();
  world.setConnected(false);
  world.step(50_000);
  world.pass();
  expect(world.rollout.status).toBe('IN_PROGRESS');
  world.setConnected(true);
  world.settle();
  expect([world.rollout.status, world.current()]).toEqual(['SUCCESSFUL', 2]);

  world.deploy();
  world.setConnected(false);
  world.step(70_000);
  world.pass();
  world.pass();
  expect([world.rollout.status, world.current()]).toEqual(['SUCCESSFUL', 0]);
  world.setConnected(true);
  world.settle();
  for (let round = 0; round < 30; round += 1) {
    world.pass();
    world.step(2_000);
  }
  expect([world.current(), world.live(), world.isDraining()]).toEqual([2, 2, 0]);
});

const anySpec = fc.record({
  instances: fc.integer({ min: 0, max: 8 }),
  drainPercent: fc.integer({ min: 1, max: 100 }),
  critical: fc.boolean(),
});

const anyLife = fc.array(
  fc.record({
    milliseconds: fc.integer({ min: 0, max: 8_000 }),
    seed: fc.nat(),
    what: fc.constantFrom('nothing', 'nothing', 'nothing', 'restart', 'lose', 'deploy'),
  }),
  { maxLength: 60 },
);

test('whatever happens, each instance has one task of the newest revision in the end', () => {
  fc.assert(
    fc.property(anySpec, anyLife, (spec, life) => {
      const world = new DaemonWorld(spec);
      for (const { milliseconds, seed, what } of life) {
        world.pass();
        expect(world.most()).toBeLessThanOrEqual(1);
        if (what === 'restart') world.restart();
        if (what === 'lose') world.lose(seed);
        if (what === 'deploy') world.deploy();
        world.advance(milliseconds, seed);
      }
      world.settle();
      const { instances } = spec;
      const isOver = ['SUCCESSFUL', 'ROLLBACK_SUCCESSFUL'].includes(world.rollout.status);
      expect(isOver, world.rollout.status).toBe(true);
      expect([world.served(), world.current(), world.live()]).toEqual(Array(3).fill(instances));
      expect(world.isDraining()).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('a deployment never takes its daemon from more than drainPercent of the instances', () => {
  fc.assert(
    fc.property(anySpec, anyLife, (spec, life) => {
      const world = aSettledWorld(spec);
      const batch = Math.max(1, Math.ceil((spec.instances * spec.drainPercent) / 100));
      world.deploy();
      for (const { milliseconds, seed, what } of life) {
        world.pass();
        if (what === 'restart') world.restart();
        expect(world.served()).toBeGreaterThanOrEqual(Math.max(0, spec.instances - batch));
        world.advance(milliseconds, seed);
      }
    }),
    { numRuns: 150 },
  );
});

test('a deleted daemon leaves nothing behind, wherever its deployment was', () => {
  fc.assert(
    fc.property(anySpec, anyLife, fc.boolean(), (spec, life, isBroken) => {
      const world = aSettledWorld(spec);
      world.deploy();
      world.isBroken = isBroken;
      for (const { milliseconds, seed } of life) {
        world.pass();
        world.advance(milliseconds, seed);
      }
      world.remove();
      world.settle();
      expect(world.isGone).toBe(true);
      expect([world.live(), world.isDraining()]).toEqual([0, 0]);
    }),
    { numRuns: 100 },
  );
});

test('a plan that has been carried out asks for nothing more', () => {
  const world = aSettledWorld({ instances: 3 });
  const before = JSON.stringify([world.daemon, world.instances]);
  world.pass();
  world.pass();
  expect(JSON.stringify([world.daemon, world.instances])).toBe(before);
});
