import { expect, test } from 'vitest';
import {
  aDiscoveryInstance,
  aDiscoveryService,
} from '../../../test/fixtures/a-discovery-service.ts';
import { discover, healthFilters, routableInstances, type DiscoveryFilter } from './discover.ts';
import type { CustomHealth, DiscoveryInstance } from './discovery-instance.ts';

function an(
  instanceId: string,
  customHealth: CustomHealth,
  attributes: Readonly<Record<string, string>> = {},
): DiscoveryInstance {
  return aDiscoveryInstance({ instanceId, customHealth, attributes });
}

const checked = aDiscoveryService({ customHealthCheck: true });
const anything: DiscoveryFilter = { health: 'ALL', query: {}, optional: {} };

function ids(
  instances: readonly DiscoveryInstance[],
  filter: Partial<DiscoveryFilter>,
  service = checked,
): string {
  const found = discover(service, instances, { ...anything, ...filter });
  return found.map(({ instanceId }) => instanceId).join(' ');
}

test('instances are found by their health', () => {
  const instances = [an('a', 'HEALTHY'), an('b', 'UNHEALTHY'), an('c', 'HEALTHY')];
  const found = healthFilters.map((health) => ids(instances, { health }));
  expect(found).toEqual(['a c', 'b', 'a b c', 'a c']);
});

test('where none is healthy, HEALTHY_OR_ELSE_ALL finds all, as DNS does', () => {
  const instances = [an('a', 'UNHEALTHY'), an('b', 'UNHEALTHY')];
  expect(ids(instances, { health: 'HEALTHY' })).toBe('');
  expect(ids(instances, { health: 'HEALTHY_OR_ELSE_ALL' })).toBe('a b');
  expect(routableInstances(instances)).toEqual(instances);
});

test('health does not matter where nothing is checked', () => {
  const instances = [
    aDiscoveryInstance({ instanceId: 'a' }),
    aDiscoveryInstance({ instanceId: 'b' }),
  ];
  const unchecked = aDiscoveryService();
  expect(ids(instances, { health: 'UNHEALTHY' }, unchecked)).toBe('a b');
  expect(routableInstances(instances)).toEqual(instances);
});

test('instances must have the attributes of the query, and those that are optional where one has them', () => {
  const instances = [
    an('a', 'HEALTHY', { stage: 'prod', zone: '1' }),
    an('b', 'HEALTHY', { stage: 'prod', zone: '2' }),
    an('c', 'HEALTHY', { stage: 'test', zone: '2' }),
  ];
  const query = { stage: 'prod' };
  expect(ids(instances, { query })).toBe('a b');
  expect(ids(instances, { query, optional: { zone: '2' } })).toBe('b');
  expect(ids(instances, { query, optional: { zone: '3' } })).toBe('a b');
  expect(ids(instances, { query: { stage: 'none' }, optional: { zone: '2' } })).toBe('');
});

test('only healthy instances are routable', () => {
  const instances = [an('a', 'UNHEALTHY'), an('b', 'HEALTHY')];
  expect(routableInstances(instances).map(({ instanceId }) => instanceId)).toEqual(['b']);
});
