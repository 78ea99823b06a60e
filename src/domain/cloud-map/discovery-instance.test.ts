import { expect, test } from 'vitest';
import { aDiscoveryService } from '../../../test/fixtures/a-discovery-service.ts';
import {
  registeredInstance,
  withCustomHealth,
  type DiscoveryInstance,
} from './discovery-instance.ts';
import { withInstancesChanged, type RecordType } from './discovery-service.ts';

type Attributes = Readonly<Record<string, string>>;

function withRecords(...types: readonly RecordType[]) {
  const records = types.map((type) => ({ type, ttlSeconds: 10 }));
  return aDiscoveryService({ dnsConfig: { routingPolicy: 'MULTIVALUE', records } });
}

function register(
  attributes: Attributes,
  service = aDiscoveryService(),
  instanceId = 'one',
  before?: DiscoveryInstance,
): DiscoveryInstance {
  return registeredInstance(service, { instanceId, attributes }, { before, now: 1_000 });
}

const address = { AWS_INSTANCE_IPV4: '10.0.0.1' };

test.each<[RecordType, Attributes, string]>([
  ['A', {}, 'an A record: the attribute AWS_INSTANCE_IPV4 is required'],
  ['AAAA', address, 'an AAAA record: the attribute AWS_INSTANCE_IPV6 is required'],
  ['CNAME', address, 'a CNAME record: the attribute AWS_INSTANCE_CNAME is required'],
  ['SRV', address, 'an SRV record: the attribute AWS_INSTANCE_PORT is required'],
  ['SRV', { AWS_INSTANCE_PORT: '80' }, 'AWS_INSTANCE_IPV4 or AWS_INSTANCE_IPV6 is required'],
])('a service with %s records takes no instance with the attributes %j', (type, given, text) => {
  expect(() => register(given, withRecords(type))).toThrow(text);
});

test.each<[RecordType, Attributes]>([
  ['A', address],
  ['AAAA', { AWS_INSTANCE_IPV6: '2001:db8::1' }],
  ['CNAME', { AWS_INSTANCE_CNAME: 'example.com' }],
  ['SRV', { ...address, AWS_INSTANCE_PORT: '65535' }],
  ['SRV', { AWS_INSTANCE_IPV6: '::ffff:10.0.0.1', AWS_INSTANCE_PORT: '1' }],
])('a service with %s records takes an instance with the attributes %j', (type, attributes) => {
  expect(register(attributes, withRecords(type))).toMatchObject({ attributes, createdAt: 1_000 });
});

test.each<[string, Attributes]>([
  ['AWS_INSTANCE_IPV4', { AWS_INSTANCE_IPV4: '10.0.0.256' }],
  ['AWS_INSTANCE_IPV6', { AWS_INSTANCE_IPV6: '1:2:3:4:5:6:7' }],
  ['AWS_INSTANCE_IPV6', { AWS_INSTANCE_IPV6: '1::2::3' }],
  ['AWS_INSTANCE_IPV6', { AWS_INSTANCE_IPV6: '1:2:3:4:5:6:7::8' }],
  ['AWS_INSTANCE_PORT', { AWS_INSTANCE_PORT: '0' }],
  ['AWS_INSTANCE_PORT', { AWS_INSTANCE_PORT: '65536' }],
  ['AWS_INIT_HEALTH_STATUS', { AWS_INIT_HEALTH_STATUS: 'SICK' }],
])('%s must be what it is called: %j', (name, attributes) => {
  expect(() => register(attributes)).toThrow(`of the attribute ${name} is invalid.`);
});

function many(count: number, length: number): Attributes {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      String(index).padStart(2, '0'),
      'v'.repeat(length),
    ]),
  );
}

test('an instance has up to 30 attributes of up to 5,000 characters', () => {
  expect(Object.keys(register(many(30, 1)).attributes)).toHaveLength(30);
  expect(() => register(many(31, 1))).toThrow('at most 30 attributes');
  expect(register(many(5, 998)).attributes['00']).toHaveLength(998);
  expect(() => register({ ...many(5, 998), x: '' })).toThrow('at most 5000 characters');
  expect(() => register({ long: 'v'.repeat(1025) })).toThrow('the attribute long is invalid');
  expect(() => register({ ['k'.repeat(256)]: '' })).toThrow('is invalid');
});

test.each(['', 'a b', 'i'.repeat(65), 'a?'])('an instance is not called %j', (instanceId) => {
  expect(() => register({}, aDiscoveryService(), instanceId)).toThrow('is invalid');
});

test('a custom health check begins HEALTHY, unless the registration says otherwise', () => {
  const service = aDiscoveryService({ customHealthCheck: true });
  expect(register({}, service).customHealth).toBe('HEALTHY');
  const sick = register({ AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' }, service);
  expect(sick.customHealth).toBe('UNHEALTHY');
  expect(withCustomHealth(service, sick, 'HEALTHY').customHealth).toBe('HEALTHY');
  expect(withCustomHealth(service, sick, 'UNHEALTHY')).toBe(sick);
});

test('an instance without a custom health check has no custom health', () => {
  const service = aDiscoveryService();
  const instance = register({ AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' }, service);
  expect(instance).not.toHaveProperty('customHealth');
  expect(() => withCustomHealth(service, instance, 'HEALTHY')).toThrow(
    'has no custom health check',
  );
});

test('to register an instance again replaces its attributes, and keeps when it came', () => {
  const service = aDiscoveryService({ customHealthCheck: true });
  const before = { ...register({ a: '1' }, service), createdAt: 5 };
  const after = register({ b: '2' }, service, 'one', { ...before, customHealth: 'UNHEALTHY' });
  expect(after).toEqual({ ...before, attributes: { b: '2' }, customHealth: 'HEALTHY' });
});

test('an alias needs the routing policy WEIGHTED and no address', () => {
  const records = [{ type: 'A', ttlSeconds: 10 }] as const;
  const alias = { AWS_ALIAS_DNS_NAME: 'lb.example.com' };
  const weighted = aDiscoveryService({ dnsConfig: { routingPolicy: 'WEIGHTED', records } });
  expect(register(alias, weighted).attributes).toEqual(alias);
  expect(() => register(alias, withRecords('A'))).toThrow('AWS_ALIAS_DNS_NAME requires');
  expect(() => register({ ...alias, ...address }, weighted)).toThrow('AWS_ALIAS_DNS_NAME requires');
});

test('the revision of the instances follows the time, and grows within one instant and a clock set back', () => {
  const once = withInstancesChanged(aDiscoveryService(), 1_000);
  const twice = withInstancesChanged(once, 1_000);
  const back = withInstancesChanged(twice, 10);
  expect([once, twice, back].map((one) => one.instancesRevision)).toEqual([1_000, 1_001, 1_002]);
});

test('an instance of EC2 is refused, whose address nobody here knows', () => {
  expect(() => register({ AWS_EC2_INSTANCE_ID: 'i-0123456789abcdef0' })).toThrow(
    'AWS_EC2_INSTANCE_ID is not implemented in this release of Longshore. docs/cloud-map.md lists what is.',
  );
});
