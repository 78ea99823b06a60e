import { request } from 'node:http';
import type { ServiceDiscovery } from '@aws-sdk/client-servicediscovery';
import { describe, expect } from 'vitest';
import {
  aPrivateNamespace,
  aRecord,
  aService,
  anHttpNamespace,
  cloudMapOf,
  refusalOf,
  test as base,
} from './cloud-map-requests.ts';

/** `test` with a service `api` of the namespace `shop`, whose health is told by UpdateInstanceCustomHealthStatus. */
const test = base.extend('serviceId', async ({ cloudMap }) => {
  const namespace = await anHttpNamespace(cloudMap);
  const service = await aService(cloudMap, namespace, { HealthCheckCustomConfig: {} });
  return service.Id ?? '';
});

async function register(
  cloudMap: ServiceDiscovery,
  ServiceId: string,
  ids: readonly string[],
  Attributes: Record<string, string> = {},
): Promise<void> {
  for (const InstanceId of ids) {
    await cloudMap.registerInstance({ ServiceId, InstanceId, Attributes });
  }
}

async function discovered(
  cloudMap: ServiceDiscovery,
  given: Partial<Parameters<ServiceDiscovery['discoverInstances']>[0]> = {},
): Promise<readonly string[]> {
  const names = { NamespaceName: 'shop', ServiceName: 'api' };
  const { Instances = [] } = await cloudMap.discoverInstances({ ...names, ...given });
  return Instances.map(({ InstanceId = '' }) => InstanceId).toSorted();
}

describe('RegisterInstance, GetInstance, ListInstances and DeregisterInstance', () => {
  test('an instance comes, changes and goes', async ({ cloudMap, accountId, serviceId }) => {
    const ServiceId = serviceId;
    const InstanceId = 'one';
    const first = await cloudMap.registerInstance({
      ServiceId,
      InstanceId,
      CreatorRequestId: 'r1',
      Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1', stage: 'test' },
    });
    const { Operation } = await cloudMap.getOperation({ OperationId: first.OperationId });
    expect(Operation).toMatchObject({
      Type: 'REGISTER_INSTANCE',
      Status: 'SUCCESS',
      Targets: { INSTANCE: InstanceId, SERVICE: ServiceId },
    });
    const got = () => cloudMap.getInstance({ ServiceId, InstanceId });
    expect(await got()).toMatchObject({
      ResourceOwner: accountId,
      Instance: {
        Id: InstanceId,
        CreatorRequestId: 'r1',
        Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1', stage: 'test' },
        CreatedByAccount: accountId,
      },
    });
    const Attributes = { AWS_INSTANCE_IPV4: '10.0.0.2' };
    await cloudMap.registerInstance({ ServiceId, InstanceId, Attributes });
    expect((await got()).Instance?.Attributes).toEqual(Attributes);
    expect(await cloudMap.listInstances({ ServiceId })).toMatchObject({
      ResourceOwner: accountId,
      Instances: [{ Id: InstanceId, Attributes, CreatedByAccount: accountId }],
    });
    expect((await cloudMap.getService({ Id: ServiceId })).Service?.InstanceCount).toBe(1);

    const { OperationId } = await cloudMap.deregisterInstance({ ServiceId, InstanceId });
    const { Operation: ended } = await cloudMap.getOperation({ OperationId });
    expect(ended).toMatchObject({ Type: 'DEREGISTER_INSTANCE', Targets: { INSTANCE: InstanceId } });
    const notFound = 'InstanceNotFound: Instance one not found.';
    expect(await refusalOf(got())).toBe(notFound);
    const again = cloudMap.deregisterInstance({ ServiceId, InstanceId });
    expect(await refusalOf(again)).toBe(notFound);
  });

  test('instances are listed by their ids, page by page', async ({ cloudMap, serviceId }) => {
    const ServiceId = serviceId;
    await register(cloudMap, ServiceId, ['c', 'a', 'b']);
    const first = await cloudMap.listInstances({ ServiceId, MaxResults: 2 });
    const { NextToken } = first;
    const second = await cloudMap.listInstances({ ServiceId, MaxResults: 2, NextToken });
    const pages = [first, second].map(({ Instances = [] }) => Instances.map(({ Id }) => Id));
    expect(pages).toEqual([['a', 'b'], ['c']]);
    expect(second.NextToken).toBeUndefined();
  });

  test('an instance must have what the records of its service are made of', async ({
    cloudMap,
  }) => {
    const namespace = await aPrivateNamespace(cloudMap);
    const { Id: ServiceId } = await aService(cloudMap, namespace, { DnsConfig: aRecord });
    const InstanceId = 'one';
    const registered = cloudMap.registerInstance({ ServiceId, InstanceId, Attributes: {} });
    expect(await refusalOf(registered)).toBe(
      'InvalidInput: The service has an A record: the attribute AWS_INSTANCE_IPV4 is required.',
    );
    expect((await cloudMap.listInstances({ ServiceId })).Instances).toEqual([]);
    const nowhere = { ServiceId: 'srv-1', InstanceId, Attributes: {} };
    expect(await refusalOf(cloudMap.registerInstance(nowhere))).toBe(
      'ServiceNotFound: Service srv-1 not found.',
    );
    const without = { ServiceId, InstanceId, Attributes: undefined };
    expect(await refusalOf(cloudMap.registerInstance(without))).toContain(
      "Value null at 'attributes'",
    );
  });
});

describe('GetInstancesHealthStatus and UpdateInstanceCustomHealthStatus', () => {
  test('instances begin HEALTHY or as they say, and are what is told of them', async ({
    cloudMap,
    serviceId,
  }) => {
    const ServiceId = serviceId;
    await register(cloudMap, ServiceId, ['a', 'b']);
    await register(cloudMap, ServiceId, ['c'], { AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' });
    const InstanceId = 'a';
    await cloudMap.updateInstanceCustomHealthStatus({ ServiceId, InstanceId, Status: 'UNHEALTHY' });
    const all = { a: 'UNHEALTHY', b: 'HEALTHY', c: 'UNHEALTHY' };
    expect((await cloudMap.getInstancesHealthStatus({ ServiceId })).Status).toEqual(all);
    const some = await cloudMap.getInstancesHealthStatus({ ServiceId, Instances: ['c', 'b'] });
    expect(some.Status).toEqual({ b: 'HEALTHY', c: 'UNHEALTHY' });
    const first = await cloudMap.getInstancesHealthStatus({ ServiceId, MaxResults: 2 });
    const { NextToken } = first;
    const second = await cloudMap.getInstancesHealthStatus({ ServiceId, MaxResults: 2, NextToken });
    expect([first.Status, second.Status]).toEqual([
      { a: 'UNHEALTHY', b: 'HEALTHY' },
      { c: 'UNHEALTHY' },
    ]);
    const unknown = cloudMap.getInstancesHealthStatus({ ServiceId, Instances: ['a', 'x'] });
    expect(await refusalOf(unknown)).toBe('InstanceNotFound: Instance x not found.');
  });

  test('without a custom health check nothing is known of an instance', async ({ cloudMap }) => {
    const namespace = await anHttpNamespace(cloudMap);
    const { Id = '' } = await aService(cloudMap, namespace);
    await register(cloudMap, Id, ['a']);
    const { Status } = await cloudMap.getInstancesHealthStatus({ ServiceId: Id });
    expect(Status).toEqual({ a: 'UNKNOWN' });
    const told = { ServiceId: Id, InstanceId: 'a', Status: 'HEALTHY' } as const;
    expect(await refusalOf(cloudMap.updateInstanceCustomHealthStatus(told))).toBe(
      `CustomHealthNotFound: Service ${Id} has no custom health check.`,
    );
  });
});

describe('DiscoverInstances and DiscoverInstancesRevision', () => {
  test('instances are discovered by the names of namespace and service', async ({
    cloudMap,
    serviceId,
  }) => {
    await register(cloudMap, serviceId, ['one'], { AWS_INSTANCE_IPV4: '10.0.0.1' });
    const names = { NamespaceName: 'shop', ServiceName: 'api' };
    const { Instances, InstancesRevision } = await cloudMap.discoverInstances(names);
    expect(Instances).toEqual([
      {
        InstanceId: 'one',
        ...names,
        HealthStatus: 'HEALTHY',
        Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1' },
      },
    ]);
    const revision = await cloudMap.discoverInstancesRevision(names);
    expect(revision.InstancesRevision).toBe(InstancesRevision);
  });

  test('the revision grows with each registration and deregistration, not with health', async ({
    cloudMap,
    serviceId,
  }) => {
    const ServiceId = serviceId;
    const revision = async () => {
      const names = { NamespaceName: 'shop', ServiceName: 'api' };
      return (await cloudMap.discoverInstancesRevision(names)).InstancesRevision ?? 0;
    };
    const before = await revision();
    await register(cloudMap, ServiceId, ['one']);
    const registered = await revision();
    const InstanceId = 'one';
    await cloudMap.updateInstanceCustomHealthStatus({ ServiceId, InstanceId, Status: 'UNHEALTHY' });
    const unhealthy = await revision();
    await cloudMap.deregisterInstance({ ServiceId, InstanceId });
    const gone = await revision();
    expect([registered > before, unhealthy === registered, gone > registered]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('instances are discovered by health and by attributes', async ({ cloudMap, serviceId }) => {
    const ServiceId = serviceId;
    await register(cloudMap, ServiceId, ['a'], { stage: 'prod', zone: '1' });
    await register(cloudMap, ServiceId, ['b'], { stage: 'prod', zone: '2' });
    await register(cloudMap, ServiceId, ['c'], { stage: 'test', zone: '2' });
    const tell = (InstanceId: string) =>
      cloudMap.updateInstanceCustomHealthStatus({ ServiceId, InstanceId, Status: 'UNHEALTHY' });
    await tell('a');
    expect(await discovered(cloudMap)).toEqual(['b', 'c']);
    expect(await discovered(cloudMap, { HealthStatus: 'ALL' })).toEqual(['a', 'b', 'c']);
    expect(await discovered(cloudMap, { HealthStatus: 'UNHEALTHY' })).toEqual(['a']);
    const QueryParameters = { stage: 'prod' };
    expect(await discovered(cloudMap, { QueryParameters })).toEqual(['b']);
    const OptionalParameters = { zone: '1' };
    const all = { HealthStatus: 'ALL', QueryParameters, OptionalParameters } as const;
    expect(await discovered(cloudMap, all)).toEqual(['a']);
    for (const id of ['b', 'c']) await tell(id);
    expect(await discovered(cloudMap)).toEqual(['a', 'b', 'c']);
    expect(await discovered(cloudMap, { HealthStatus: 'HEALTHY' })).toEqual([]);
    expect(await discovered(cloudMap, { MaxResults: 2 })).toHaveLength(2);
  });

  test('what is not there is not discovered', async ({ cloudMap, server, serviceId }) => {
    await register(cloudMap, serviceId, ['one']);
    const stranger = cloudMapOf(server.url, '999999999999');
    const refusals = [
      discovered(cloudMap, { NamespaceName: 'none' }),
      discovered(cloudMap, { ServiceName: 'none' }),
      discovered(cloudMap, { OwnerAccount: '999999999999' }),
      discovered(stranger),
      discovered(cloudMap, { MaxResults: 1_001 }),
    ];
    expect(await Promise.all(refusals.map(refusalOf))).toEqual([
      'NamespaceNotFound: Namespace none not found.',
      'ServiceNotFound: Service none not found.',
      'NamespaceNotFound: Namespace shop not found.',
      'NamespaceNotFound: Namespace shop not found.',
      "InvalidInput: 1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ]);
    stranger.destroy();
  });

  test('a client that puts data- before the name of the host is answered as well', async ({
    cloudMap,
    server,
    accountId,
    serviceId,
  }) => {
    await register(cloudMap, serviceId, ['one']);
    const { port } = server.address;
    const body = JSON.stringify({ NamespaceName: 'shop', ServiceName: 'api' });
    const scope = `${accountId}/20260101/us-east-1/servicediscovery/aws4_request`;
    const headers = {
      host: `data-localhost:${port}`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Route53AutoNaming_v20170314.DiscoverInstances',
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    };
    const status = await new Promise((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', method: 'POST', headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      });
      sent.on('error', reject);
      sent.end(body);
    });
    expect(status).toBe(200);
  });
});
