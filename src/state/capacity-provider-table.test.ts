import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aGroupProvider, aManagedProvider } from '../../test/fixtures/a-capacity-provider.ts';
import { aCluster, scope } from '../../test/fixtures/a-cluster.ts';
import { capacityProviderArn } from '../domain/arn.ts';
import type { CapacityProvider } from '../domain/capacity-provider/capacity-provider.ts';
import { Tables } from './tables.ts';

const openJournal = { isOpen: true, note: () => undefined };
const elsewhere = { ...scope, region: 'eu-west-1' };
const names = ['a', 'b', 'c'];
const status = fc.constantFrom('ACTIVE', 'DEPROVISIONING', 'INACTIVE');

const anyProvider: fc.Arbitrary<CapacityProvider> = fc
  .record({
    name: fc.constantFrom(...names),
    isManaged: fc.boolean(),
    status,
    group: fc.constantFrom('one', 'two'),
    where: fc.constantFrom(scope, elsewhere),
  })
  .map(({ name, isManaged, group: autoScalingGroup, where, ...rest }) => {
    const arn = capacityProviderArn(where, name);
    return isManaged
      ? aManagedProvider(name, { arn, ...rest })
      : aGroupProvider(name, { arn, autoScalingGroup, ...rest });
  });

test('the indices of capacity providers say what a look at all of them says', () => {
  fc.assert(
    fc.property(fc.array(anyProvider), (providers) => {
      const { capacityProviders } = new Tables(openJournal);
      for (const provider of providers) capacityProviders.put(provider);
      const all = [...capacityProviders.values()];
      const here = all.filter(({ arn }) => arn.startsWith('arn:aws:ecs:us-east-1:'));
      const listed = here.map(({ arn }) => arn).toSorted();
      expect([...capacityProviders.list(scope, undefined)].map(({ arn }) => arn)).toEqual(listed);
      expect(capacityProviders.count(scope)).toBe(here.length);
      const live = here.filter((provider) => provider.status !== 'INACTIVE');
      for (const group of ['one', 'two']) {
        expect(capacityProviders.usesAutoScalingGroup(scope, group)).toBe(
          live.some((p) => p.type === 'EC2_AUTOSCALING' && p.autoScalingGroup === group),
        );
      }
      const managed = all.filter((p) => p.type === 'MANAGED_INSTANCES' && p.status !== 'INACTIVE');
      expect(capacityProviders.countOf(aCluster().arn)).toBe(managed.length);
      const unsettled = all.filter((provider) => provider.status === 'INACTIVE');
      expect([...capacityProviders.unsettled()]).toHaveLength(unsettled.length);
    }),
  );
});

const anyCluster = fc
  .record({
    name: fc.constantFrom('x', 'y', 'z'),
    capacityProviders: fc.subarray([...names, 'FARGATE']),
    status: fc.constantFrom('ACTIVE', 'INACTIVE'),
  })
  .map((given) =>
    aCluster({ ...given, status: given.status === 'ACTIVE' ? 'ACTIVE' : 'INACTIVE' }),
  );

test('clusters are found by each provider that they are associated with, until they are INACTIVE', () => {
  fc.assert(
    fc.property(fc.array(anyCluster), (changes) => {
      const { clusters } = new Tables(openJournal);
      for (const cluster of changes) clusters.put(cluster);
      for (const name of names) {
        const associated = [...clusters.values()].filter(
          (cluster) => cluster.status === 'ACTIVE' && cluster.capacityProviders.includes(name),
        );
        const arns = associated.map(({ arn }) => arn).toSorted();
        expect([...clusters.associatedWith(scope, name)]).toEqual(arns);
        expect([...clusters.associatedWith(elsewhere, name)]).toEqual([]);
      }
    }),
  );
});
