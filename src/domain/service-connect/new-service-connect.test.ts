import { expect, test } from 'vitest';
import { scope } from '../../../test/fixtures/a-cluster.ts';
import { aDiscoveryService } from '../../../test/fixtures/a-discovery-service.ts';
import { aTaskId } from '../../../test/fixtures/a-task.ts';
import type { DiscoveryService } from '../cloud-map/discovery-service.ts';
import { namespaceOfCluster } from '../namespace/namespace.ts';
import { newServiceConnect } from './new-service-connect.ts';
import type { EndpointSpec } from './parse-service-connect.ts';
import type { ServiceConnect } from './service-connect.ts';

const namespace = namespaceOfCluster({
  scope,
  arn: 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef',
  name: 'shop',
  httpName: 'shop',
  now: 0,
});

const serviceArn = 'arn:aws:ecs:us-east-1:123456789012:service/default/shop';

function anEndpoint(discoveryName: string, given: Partial<EndpointSpec> = {}): EndpointSpec {
  const protocol = 'http';
  return {
    portName: discoveryName,
    discoveryName,
    containerPort: 80,
    port: 80,
    protocol,
    ...given,
  };
}

function connect(
  endpoints: readonly EndpointSpec[],
  others: readonly ServiceConnect[] = [],
  before?: ServiceConnect,
  discovery: readonly DiscoveryService[] = [],
  hasOwnProxy = false,
): ServiceConnect {
  const spec = { configuration: { enabled: true }, endpoints, hasOwnProxy };
  return newServiceConnect({
    spec,
    namespace,
    before,
    others,
    findDiscovery: (name) => discovery.find((one) => one.name === name),
    serviceArn,
    newId: aTaskId,
  });
}

test('an endpoint is called by its discovery name and its namespace, unless it says otherwise', () => {
  const { endpoints } = connect([anEndpoint('api'), anEndpoint('v2', { dnsName: 'new' })]);
  expect(endpoints.map(({ dnsName, port }) => `${dnsName}:${port}`)).toEqual([
    'api.shop:80',
    'new:80',
  ]);
});

test('a service reaches the endpoints of all others, and then its own', () => {
  const others = [connect([anEndpoint('a')]), connect([]), connect([anEndpoint('b')])];
  expect(connect([anEndpoint('c')], others).reaches.map(({ dnsName }) => dnsName)).toEqual([
    'a.shop',
    'b.shop',
    'c.shop',
  ]);
});

test('an endpoint keeps its service of Cloud Map for as long as it has its name and its namespace', () => {
  const before = connect([anEndpoint('api')]);
  const [former] = before.endpoints;
  const [kept] = connect([anEndpoint('api')], [], before).endpoints;
  expect(kept?.discoveryArn).toBe(former?.discoveryArn);
  const elsewhere = { ...before, namespaceArn: 'arn:other' };
  const [moved] = connect([anEndpoint('api')], [], elsewhere).endpoints;
  expect(moved?.discoveryArn).not.toBe(former?.discoveryArn);
});

test('two endpoints of one service do not answer to the same name and port', () => {
  const twins = [anEndpoint('a', { dnsName: 'api' }), anEndpoint('b', { dnsName: 'api' })];
  expect(() => connect(twins)).toThrow('The client alias api:80 already exists in the namespace.');
  const apart = twins.map((endpoint, index) => ({ ...endpoint, port: 80 + index }));
  expect(connect(apart).endpoints).toHaveLength(2);
});

test('a namespace has at most 300 services', () => {
  const others = Array.from({ length: 300 }, () => connect([]));
  expect(() => connect([], others)).toThrow('A namespace can have at most 300 services.');
  expect(connect([], others.slice(1)).reaches).toEqual([]);
});

test("an endpoint keeps the service of Cloud Map of its own ECS service, and takes nobody else's", () => {
  const own = aDiscoveryService({ namespaceArn: namespace.arn, ownerServiceArn: serviceArn });
  const [kept] = connect([anEndpoint('api')], [], undefined, [own]).endpoints;
  expect(kept?.discoveryArn).toBe(own.arn);
  for (const ownerServiceArn of ['arn:of:another', undefined]) {
    const { ownerServiceArn: _, ...unowned } = own;
    const theirs = ownerServiceArn === undefined ? unowned : { ...unowned, ownerServiceArn };
    expect(() => connect([anEndpoint('api')], [], undefined, [theirs])).toThrow(
      'discoveryName(api) already exists in the namespace.',
    );
  }
});

test('our own proxy has one port for each name', () => {
  const twins = [
    anEndpoint('a', { dnsName: 'api' }),
    anEndpoint('b', { dnsName: 'api', port: 81 }),
  ];
  const refusal = 'has Service Connect with one port for each DNS name in a namespace, on FARGATE,';
  expect(() => connect(twins, [], undefined, [], true)).toThrow(refusal);
  expect(() => connect([], [connect(twins)], undefined, [], true)).toThrow(refusal);
  expect(connect([], [connect(twins)]).reaches).toHaveLength(2);
});
