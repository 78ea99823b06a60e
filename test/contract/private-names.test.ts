import { Resolver as Client } from 'node:dns/promises';
import type { CreateServiceRequest, ServiceDiscovery } from '@aws-sdk/client-servicediscovery';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Resolver } from '../../src/dns/resolver.ts';
import { systemClock } from '../../src/support/clock.ts';
import { NameServerDouble } from '../fixtures/name-server-double.ts';
import { silentLog } from '../fixtures/silent-log.ts';
import { aService, cloudMapOf, targetOf } from './cloud-map-requests.ts';
import { newAccount, startTestServer, type TestServer } from './server.ts';

let outside: NameServerDouble;
let server: TestServer;
let cloudMap: ServiceDiscovery;
const client = new Client();

beforeAll(async () => {
  outside = await NameServerDouble.open(() => ({ code: 3 }));
  const upstreams = () => Promise.resolve([outside.upstream]);
  const at = { host: '127.0.0.1', port: 0, clock: systemClock, log: silentLog };
  const resolver = new Resolver({ ...at, upstreams });
  server = await startTestServer({ names: { resolver, taskAt: () => undefined } });
  await resolver.listen();
  client.setServers([`127.0.0.1:${resolver.port}`]);
  cloudMap = cloudMapOf(server.url, newAccount());
});
afterAll(async () => {
  cloudMap.destroy();
  await server.close();
  await outside.close();
  if (server.errors.length > 0) throw new Error('The server had errors of its own.');
});

async function aNamespace(Name: string, soaTtl = 15): Promise<string> {
  const Properties = { DnsProperties: { SOA: { TTL: soaTtl } } };
  return targetOf(
    cloudMap,
    await cloudMap.createPrivateDnsNamespace({ Name, Vpc: 'vpc-1', Properties }),
  );
}

type Records = NonNullable<CreateServiceRequest['DnsConfig']>['DnsRecords'];

async function serviceWith(NamespaceId: string, DnsRecords: Records): Promise<string> {
  const HealthCheckCustomConfig = { FailureThreshold: 1 };
  const given = { Name: 'web', DnsConfig: { DnsRecords }, HealthCheckCustomConfig };
  return (await aService(cloudMap, NamespaceId, given)).Id ?? '';
}

async function register(ServiceId: string, InstanceId: string, AWS_INSTANCE_IPV4: string) {
  const Attributes = { AWS_INSTANCE_IPV4, AWS_INSTANCE_PORT: '8080' };
  await cloudMap.registerInstance({ ServiceId, InstanceId, Attributes });
}

test('the names of a private namespace resolve to what is registered, as soon as it is', async () => {
  const ServiceId = await serviceWith(await aNamespace('shop.local'), [{ Type: 'A', TTL: 42 }]);
  await expect(client.resolve4('web.shop.local')).rejects.toThrow('ENOTFOUND');
  await register(ServiceId, 'one', '10.0.0.1');
  await register(ServiceId, 'two', '10.0.0.2');
  const both = await client.resolve4('web.shop.local', { ttl: true });
  expect(both.map(({ address }) => address).sort()).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(both.map(({ ttl }) => ttl)).toEqual([42, 42]);

  const unhealthy = { ServiceId, InstanceId: 'one', Status: 'UNHEALTHY' as const };
  await cloudMap.updateInstanceCustomHealthStatus(unhealthy);
  expect(await client.resolve4('web.shop.local')).toEqual(['10.0.0.2']);
  await cloudMap.deregisterInstance({ ServiceId, InstanceId: 'two' });
  expect(await client.resolve4('web.shop.local')).toEqual(['10.0.0.1']);
  await cloudMap.deregisterInstance({ ServiceId, InstanceId: 'one' });
  await expect(client.resolve4('web.shop.local')).rejects.toThrow('ENOTFOUND');
});

test('an SRV record leads to the port of an instance, and to its address', async () => {
  const ServiceId = await serviceWith(await aNamespace('ports.local'), [{ Type: 'SRV', TTL: 10 }]);
  await register(ServiceId, 'a1b2', '10.0.0.3');
  const [found] = await client.resolveSrv('web.ports.local');
  expect(found).toMatchObject({ name: 'a1b2.web.ports.local', port: 8080, priority: 1, weight: 1 });
  expect(await client.resolve4('a1b2.web.ports.local')).toEqual(['10.0.0.3']);
});

test('the namespace has the SOA record that it was made with, and none once it is deleted', async () => {
  const Id = await aNamespace('soa.local', 77);
  expect(await client.resolveSoa('soa.local')).toMatchObject({
    hostmaster: 'awsdns-hostmaster.amazon.com',
  });
  expect(outside.asked.filter((asked) => asked.includes('soa.local'))).toEqual([]);
  await cloudMap.deleteNamespace({ Id });
  await expect(client.resolveSoa('soa.local')).rejects.toThrow('ENOTFOUND');
  expect(outside.asked).toContain('udp soa.local SOA');
});

test('an HTTP namespace has no names', async () => {
  await cloudMap.createHttpNamespace({ Name: 'plain.local' });
  await expect(client.resolve4('web.plain.local')).rejects.toThrow('ENOTFOUND');
  expect(outside.asked).toContain('udp web.plain.local A');
});
