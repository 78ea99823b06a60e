import type { ECS, ServiceConnectService } from '@aws-sdk/client-ecs';
import type { ServiceDiscovery } from '@aws-sdk/client-servicediscovery';
import { describe, expect, test } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { aService, cloudMapOf } from './cloud-map-requests.ts';
import { startManualServer, type ManualServer } from './manual-server.ts';
import { newAccount } from './server.ts';

interface World extends AsyncDisposable {
  readonly ecs: ECS;
  readonly cloudMap: ServiceDiscovery;
  readonly manual: ManualServer;
}

/** A cluster with the namespace `shop`, and a task definition that has the ports `http` and `admin`. */
async function aWorld(): Promise<World> {
  const manual = await startManualServer();
  const accountId = newAccount();
  const ecs = manual.server.client(accountId);
  const cloudMap = cloudMapOf(manual.server.url, accountId);
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  const portMappings = [
    { name: 'http', containerPort: 80 },
    { name: 'admin', containerPort: 81 },
  ];
  await ecs.registerTaskDefinition({
    family: 'api',
    memory: '64',
    containerDefinitions: [{ name: 'app', image: 'web', portMappings }],
  });
  await manual.advance(1_000);
  return {
    ecs,
    cloudMap,
    manual,
    [Symbol.asyncDispose]: async () => {
      ecs.destroy();
      cloudMap.destroy();
      await manual[Symbol.asyncDispose]();
    },
  };
}

async function create(
  ecs: ECS,
  serviceName: string,
  ...services: ServiceConnectService[]
): Promise<string | undefined> {
  const { service } = await ecs.createService({
    serviceName,
    taskDefinition: 'api',
    desiredCount: 0,
    serviceConnectConfiguration: { enabled: true, services },
  });
  return service?.deployments?.[0]?.serviceConnectResources?.[0]?.discoveryArn;
}

async function namesOf(cloudMap: ServiceDiscovery): Promise<readonly string[]> {
  const { Services = [] } = await cloudMap.listServices({});
  return Services.map(({ Name = '' }) => Name).toSorted();
}

const minuteMs = 60_000;

describe('services of Cloud Map that stand for endpoints of Service Connect', () => {
  test('an endpoint has a service of Cloud Map as soon as its deployment begins', async () => {
    await using world = await aWorld();
    const { ecs, cloudMap } = world;
    const discoveryArn = await create(ecs, 'api', { portName: 'http', discoveryName: 'web' });
    const { Service } = await cloudMap.getService({ Id: discoveryArn });
    expect(Service).toMatchObject({
      Arn: discoveryArn,
      Name: 'web',
      Type: 'HTTP',
      InstanceCount: 0,
    });
    const { Namespace } = await cloudMap.getNamespace({ Id: Service?.NamespaceId });
    expect(Namespace).toMatchObject({ Name: 'shop', Type: 'HTTP', ServiceCount: 1 });
    const { Tags } = await cloudMap.listTagsForResource({ ResourceARN: discoveryArn });
    expect(Tags).toEqual([{ Key: 'AmazonECSManaged', Value: 'true' }]);
    const names = { NamespaceName: 'shop', ServiceName: 'web' };
    expect((await cloudMap.discoverInstances(names)).Instances).toEqual([]);
  });

  test('it stays the same over deployments, and goes once no deployment needs it', async () => {
    await using world = await aWorld();
    const { ecs, cloudMap, manual } = world;
    const first = await create(ecs, 'api', { portName: 'http' }, { portName: 'admin' });
    await manual.advance(minuteMs);
    expect(await namesOf(cloudMap)).toEqual(['admin', 'http']);
    const { service } = await ecs.updateService({
      service: 'api',
      serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http' }] },
    });
    expect(service?.deployments?.[0]?.serviceConnectResources).toEqual([
      { discoveryName: 'http', discoveryArn: first },
    ]);
    await manual.advance(minuteMs);
    expect(await namesOf(cloudMap)).toEqual(['http']);
    await ecs.updateService({ service: 'api', serviceConnectConfiguration: { enabled: false } });
    await manual.advance(minuteMs);
    expect(await namesOf(cloudMap)).toEqual([]);
  });

  test('with its ECS service it goes, and what is registered with it', async () => {
    await using world = await aWorld();
    const { ecs, cloudMap, manual } = world;
    const ServiceId = await create(ecs, 'api', { portName: 'http' });
    await cloudMap.registerInstance({ ServiceId, InstanceId: 'one', Attributes: {} });
    await ecs.deleteService({ service: 'api' });
    await manual.advance(minuteMs);
    expect(await namesOf(cloudMap)).toEqual([]);
    const { Namespaces: [namespace] = [] } = await cloudMap.listNamespaces({});
    await cloudMap.deleteNamespace({ Id: namespace?.Id });
    expect((await cloudMap.listNamespaces({})).Namespaces).toEqual([]);
  });

  test('a name that a service of Cloud Map has already is not to be had', async () => {
    await using world = await aWorld();
    const { ecs, cloudMap } = world;
    const { Namespaces: [namespace] = [] } = await cloudMap.listNamespaces({});
    await aService(cloudMap, namespace?.Id ?? '', { Name: 'http' });
    await expect(create(ecs, 'api', { portName: 'http' })).rejects.toThrow(
      'discoveryName(http) already exists in the namespace.',
    );
    expect(await namesOf(cloudMap)).toEqual(['http']);
  });

  test('Service Connect takes a namespace of any kind, of those that share a name the HTTP one', async () => {
    await using world = await aWorld();
    const { ecs, cloudMap } = world;
    await cloudMap.createPrivateDnsNamespace({ Name: 'dns.local', Vpc: 'vpc-1' });
    const connectIn = async (serviceName: string) => {
      const { service } = await ecs.createService({
        serviceName,
        taskDefinition: 'api',
        desiredCount: 0,
        serviceConnectConfiguration: {
          enabled: true,
          namespace: 'dns.local',
          services: [{ portName: 'http', discoveryName: serviceName }],
        },
      });
      const [made] = service?.deployments?.[0]?.serviceConnectResources ?? [];
      const { Service } = await cloudMap.getService({ Id: made?.discoveryArn });
      const { Namespace } = await cloudMap.getNamespace({ Id: Service?.NamespaceId });
      return Namespace?.Type;
    };
    expect(await connectIn('a')).toBe('DNS_PRIVATE');
    await cloudMap.createHttpNamespace({ Name: 'dns.local' });
    expect(await connectIn('b')).toBe('HTTP');
  });

  test('namespaces, services, instances and operations survive a restart', async () => {
    const disk = new MemoryDisk();
    const accountId = newAccount();
    const names = { NamespaceName: 'shop', ServiceName: 'api' };
    const asked: unknown[] = [];
    let operationId: string | undefined;
    for (const isFirst of [true, false]) {
      await using manual = await startManualServer({}, { store: await disk.open() });
      const cloudMap = cloudMapOf(manual.server.url, accountId);
      if (isFirst) {
        const made = await cloudMap.createHttpNamespace({ Name: 'shop' });
        operationId = made.OperationId;
        const { Namespaces: [namespace] = [] } = await cloudMap.listNamespaces({});
        const { Id: ServiceId } = await aService(cloudMap, namespace?.Id ?? '');
        await cloudMap.registerInstance({ ServiceId, InstanceId: 'one', Attributes: { a: '1' } });
      }
      const { Operation } = await cloudMap.getOperation({ OperationId: operationId });
      const { $metadata: _, ...found } = await cloudMap.discoverInstances(names);
      asked.push([Operation, found]);
      cloudMap.destroy();
    }
    expect(asked[1]).toEqual(asked[0]);
  });
});
