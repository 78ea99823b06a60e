import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aServiceWorld, type ServiceWorld } from '../../../test/fixtures/service-world.ts';
import type { EarlySuccess } from './service.ts';
import { parseDeploymentConfiguration } from './deployment-configuration.ts';

const criteria = { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: 'BLOCKING' };

function refusalOf(earlySuccessCriteria: object, given: object = {}): unknown {
  try {
    return parseDeploymentConfiguration({
      minimumHealthyPercent: 50,
      earlySuccessCriteria: { ...criteria, ...earlySuccessCriteria } as never,
      ...given,
    });
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

test.for([
  [
    { healthyPercent: 49 },
    'earlySuccessCriteria.healthyPercent must be greater than or equal to minimumHealthyPercent',
  ],
  [{ healthyPercent: 101 }, 'earlySuccessCriteria.healthyPercent must be between 0 and 100'],
  [{ healthyPercent: 60.5 }, 'earlySuccessCriteria.healthyPercent must be between 0 and 100'],
  [
    { healthyPercent: undefined },
    'earlySuccessCriteria.healthyPercent is required when earlySuccessCriteria is enabled',
  ],
  [
    { sourceServiceRevisionCleanup: undefined },
    'earlySuccessCriteria.sourceServiceRevisionCleanup is required when earlySuccessCriteria is enabled',
  ],
  [
    { sourceServiceRevisionCleanup: 'LATER' },
    'Source service revision cleanup should be one of [BLOCKING,DEFERRED]',
  ],
] as const)('early success criteria with %o are refused', ([given, message]) => {
  expect(refusalOf(given)).toBe(message);
});

test('early success criteria are for rolling deployments', () => {
  expect(refusalOf({}, { strategy: 'BLUE_GREEN' })).toBe(
    'earlySuccessCriteria is only supported with the ROLLING deployment strategy',
  );
});

test('criteria that stay have to suit a higher floor, too, and go where they are disabled', () => {
  const earlySuccess = { healthyPercent: 50, cleanup: 'BLOCKING' } as const;
  const before = { ...parseDeploymentConfiguration({ minimumHealthyPercent: 50 }), earlySuccess };
  const disabled = { earlySuccessCriteria: { enable: false } };
  const changed = (given: object) => parseDeploymentConfiguration(given, before).earlySuccess;
  expect(changed({ maximumPercent: 150 })).toEqual(earlySuccess);
  expect(changed(disabled)).toBeUndefined();
  expect(changed({ strategy: 'BLUE_GREEN' })).toBeUndefined();
  expect(() => changed({ minimumHealthyPercent: 60 })).toThrow('greater than or equal to');
});

function aDeployment(
  earlySuccess: EarlySuccess,
  given: { desiredCount: number; floor: number; bakeTimeInMinutes?: number },
): ServiceWorld {
  const { desiredCount, floor, ...configuration } = given;
  const world = aServiceWorld({
    desiredCount,
    minimumHealthyPercent: floor,
    maximumPercent: 200,
    configuration: { earlySuccess, ...configuration },
  });
  world.settle();
  world.deploy();
  return world;
}

/** Lets some tasks move on at a time, until the service deployment has succeeded. */
function untilSuccess(world: ServiceWorld, seed: number): void {
  for (let round = 0; round < 500; round += 1) {
    world.pass();
    if (world.rollout?.status === 'SUCCESSFUL') return;
    world.advance(1_000, seed + round);
  }
}

test('a deployment succeeds with as many healthy tasks as are enough, and the rest follows', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 100 }),
      fc.constantFrom('BLOCKING' as const, 'DEFERRED' as const),
      fc.nat(),
      (desiredCount, healthyPercent, cleanup, seed) => {
        const floor = Math.floor(healthyPercent / 2);
        const world = aDeployment({ healthyPercent, cleanup }, { desiredCount, floor });
        const [{ id }, former] = world.service.deployments;
        untilSuccess(world, seed);
        const [primary] = world.service.deployments;
        expect(primary).toMatchObject({ id, rolloutState: 'COMPLETED' });
        expect(world.servingOf(primary.revision.arn)).toBeGreaterThanOrEqual(
          Math.max(1, Math.ceil((desiredCount * healthyPercent) / 100)),
        );
        const mayStay = cleanup === 'DEFERRED' ? desiredCount : 0;
        expect(world.liveOf(former?.id ?? '')).toBeLessThanOrEqual(mayStay);
        const frozen = world.rollout?.finalCounts;
        world.settle();
        expect(world.service.deployments).toHaveLength(1);
        expect(world.liveOf(id)).toBe(desiredCount);
        expect(world.rollout?.finalCounts).toEqual(frozen);
      },
    ),
  );
});

test('one that has not baked has not succeeded', () => {
  const world = aDeployment(
    { healthyPercent: 50, cleanup: 'DEFERRED' },
    { desiredCount: 4, floor: 50, bakeTimeInMinutes: 5 },
  );
  for (let second = 0; second < 120; second += 1) {
    world.pass();
    world.advance(1_000, 1);
  }
  expect(world.rollout).toMatchObject({ status: 'IN_PROGRESS', bakeStartedAt: expect.any(Number) });
  world.settle();
  expect(world.rollout?.status).toBe('SUCCESSFUL');
});
