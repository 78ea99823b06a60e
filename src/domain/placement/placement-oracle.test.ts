import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyInstance, anySpec, anyStep } from '../../../test/fixtures/any-placement.ts';
import { TwinCluster } from '../../../test/fixtures/placement-lives.ts';

test('the index places tasks as one who looks at every instance and task does', () => {
  const instances = fc.array(anyInstance, { minLength: 1, maxLength: 12 });
  const specs = fc.array(anySpec, { minLength: 1, maxLength: 4 });
  const steps = fc.array(anyStep, { maxLength: 40 });
  fc.assert(
    fc.property(instances, specs, steps, fc.nat(), (givens, some, life, seed) => {
      const cluster = new TwinCluster(some, seed);
      for (const given of givens) cluster.add(given);
      for (const step of life) cluster.perform(step);
      cluster.compareRemaining();
      expect(cluster.disagreements).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('so it does where a group comes to have tasks on most instances of a growing cluster', () => {
  const kinds = fc.array(anyInstance, { minLength: 3, maxLength: 3 });
  const steps = fc.array(anyStep, { minLength: 80, maxLength: 80 });
  fc.assert(
    fc.property(kinds, anySpec, steps, fc.nat(), (givens, spec, life, seed) => {
      const plain = { ...spec, isExternal: false, memberOf: [], requiredAttributes: [] };
      const elsewhere = { ...plain, group: 'family:other', strategy: [] };
      const cluster = new TwinCluster([plain, plain, elsewhere], seed);
      for (let i = 0; i < 120; i++) {
        const step = life[i - 40];
        if (step) cluster.perform(step);
        const given = givens[i % givens.length] ?? {};
        cluster.add({ ...given, status: 'ACTIVE', agentConnected: true });
      }
      cluster.compareRemaining();
      expect(cluster.disagreements).toEqual([]);
    }),
    { numRuns: 20 },
  );
});
