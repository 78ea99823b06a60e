import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aServiceWorld } from '../../../test/fixtures/service-world.ts';
import { containerImage } from './image-pins.ts';
import { aContainerDefinition } from '../../../test/fixtures/a-task-definition.ts';

const digestOf = (version: number): string => `sha256:${String(version).padStart(64, '0')}`;
const spec = { desiredCount: 4, minimumHealthyPercent: 100, maximumPercent: 200, image: 'web:v1' };

test('the first task of a deployment starts alone, and the others run what it ran', () => {
  const world = aServiceWorld(spec);
  world.tagMeans = digestOf(1);
  world.pass();
  expect(world.pinsOf()).toEqual([undefined]);
  world.advance(100, 1);
  world.tagMeans = digestOf(2);
  world.pass();
  expect(world.pinsOf()).toEqual([undefined, digestOf(1), digestOf(1), digestOf(1)]);
  expect(world.service.deployments[0].revision.containerImages).toEqual([
    { containerName: 'app', image: 'web:v1', imageDigest: digestOf(1) },
  ]);
});

test('a tag that moves changes nothing before the next deployment, at any time', () => {
  const anyStep = fc.record({ ms: fc.nat(6_000), seed: fc.nat(), version: fc.integer({ min: 2 }) });
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const world = aServiceWorld(spec);
      world.tagMeans = digestOf(1);
      world.settle();
      for (const { ms, seed, version } of steps) {
        world.tagMeans = digestOf(version);
        world.lose(seed);
        world.pass();
        world.advance(ms, seed);
      }
      world.settle();
      expect(new Set(world.digests())).toEqual(new Set([digestOf(1)]));
      world.tagMeans = digestOf(7);
      world.deploy();
      world.settle();
      expect(new Set(world.digests())).toEqual(new Set([digestOf(7)]));
    }),
  );
});

test('where the image cannot be resolved, the others start after three failures', () => {
  const world = aServiceWorld(spec);
  for (let failure = 0; failure < 3; failure += 1) {
    world.pass();
    expect(world.notStopped()).toBe(1);
    world.failStarts();
  }
  world.pass();
  world.now += 60_000;
  world.pass();
  expect(world.notStopped()).toBe(4);
});

test('a container with versionConsistency disabled is not pinned, one with a digest is so at once', () => {
  const image = `web@${digestOf(3)}`;
  expect(containerImage(aContainerDefinition({ versionConsistency: 'disabled' }))).toEqual({
    containerName: 'app',
    image: 'nginx',
    isUnpinned: true,
  });
  expect(containerImage(aContainerDefinition({ image }))).toEqual({
    containerName: 'app',
    image,
    imageDigest: digestOf(3),
  });
});
