import type { CreateServiceRequest, NetworkMode, ServiceRegistry } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { anInstanceService, startFleetServer, type FleetServer } from './instance-requests.ts';
import { refusalOf } from './refusal-of.ts';
import { createRegistry, instancesOf, type GivenRegistry } from './registry-requests.ts';
import { describeService, eventTexts, serviceTasks } from './service-requests.ts';

const invalid = (message: string): string => `InvalidParameterException: ${message}`;
const container = { containerName: 'app', containerPort: 80 };
const inEc2 = { instanceId: 'i-0123456789abcdef0', privateIp: '10.2.3.4' };

/** Registers a revision of `web` that listens on port 80 in a network mode. */
async function defineWeb({ ecs }: FleetServer, networkMode: NetworkMode): Promise<void> {
  const portMappings = networkMode === 'none' ? [] : [{ containerPort: 80 }];
  const image = 'example/web';
  await ecs.registerTaskDefinition({
    family: 'web',
    networkMode,
    containerDefinitions: [
      { name: 'app', image, memory: 64, portMappings, versionConsistency: 'disabled' },
    ],
  });
}

async function createDiscovered(
  fleet: FleetServer,
  registry: GivenRegistry,
  given: Partial<CreateServiceRequest> = {},
): Promise<string> {
  const registryArn = await createRegistry(fleet, registry);
  const serviceRegistries = [{ registryArn, ...container }];
  await fleet.ecs.createService(anInstanceService({ serviceRegistries, ...given }));
  return registryArn;
}

test('in bridge mode an instance has the address of its machine and the port that it was given there', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  await defineWeb(fleet, 'bridge');
  await join({ identity: inEc2 });
  const registryArn = await createDiscovered(fleet, { records: ['SRV'] });
  await steady();
  const { tasks = [] } = await ecs.describeTasks({ tasks: await serviceTasks(ecs) });
  const ports = tasks.map((task) => task.containers?.[0]?.networkBindings?.[0]?.hostPort);
  const instances = await instancesOf(fleet, registryArn);
  expect(instances.map(({ attributes }) => Number(attributes['AWS_INSTANCE_PORT']))).toEqual(
    instances.map(
      ({ instanceId }) => ports[tasks.findIndex((one) => one.taskArn?.endsWith(instanceId))],
    ),
  );
  expect(new Set(ports).size).toBe(2);
  expect(instances).toMatchObject(
    Array(2).fill({
      attributes: { AWS_INSTANCE_IPV4: '10.2.3.4', EC2_INSTANCE_ID: 'i-0123456789abcdef0' },
    }),
  );
  expect((await describeService(ecs)).roleArn).toMatch(/AWSServiceRoleForECS$/);
});

test('outside EC2 an instance has the address that its agent connects from', async () => {
  await using fleet = await startFleetServer();
  await defineWeb(fleet, 'host');
  const attributes = { 'com.amazonaws.ecs.capability.docker-remote-api.1.18': '' };
  await fleet.join({ isExternal: true, attributes });
  const given = { launchType: 'EXTERNAL' as const, desiredCount: 1 };
  const registryArn = await createDiscovered(fleet, { records: [] }, given);
  await fleet.steady();
  const [instance] = await instancesOf(fleet, registryArn);
  expect(instance?.attributes).toMatchObject({
    AWS_INSTANCE_IPV4: '127.0.0.1',
    AWS_INSTANCE_PORT: '80',
  });
  expect(instance?.attributes).not.toHaveProperty('EC2_INSTANCE_ID');
});

const needed = (mode: string): string =>
  invalid(
    `When specifying service registries for ${mode} tasks, containerName and containerPort are required.`,
  );

test.each<[NetworkMode, GivenRegistry, Partial<ServiceRegistry>, string]>([
  ['bridge', { records: ['SRV'] }, {}, needed('bridge')],
  ['host', { records: ['SRV'] }, { containerName: 'app' }, needed('host')],
  [
    'bridge',
    { records: ['SRV'] },
    { port: 80 },
    invalid('When specifying service registries for bridge tasks, port is not supported.'),
  ],
  [
    'none',
    { records: ['SRV'] },
    container,
    invalid("Service registries are not supported for the networkMode 'none'."),
  ],
])('in the mode %s a registry with %j refuses %j', async (mode, given, registry, refusal) => {
  await using fleet = await startFleetServer();
  await defineWeb(fleet, mode);
  const serviceRegistries = [{ registryArn: await createRegistry(fleet, given), ...registry }];
  const created = fleet.ecs.createService(anInstanceService({ serviceRegistries }));
  expect(await refusalOf(created)).toBe(refusal);
});

test('tasks without an address of their own have no A record', async () => {
  await using fleet = await startFleetServer();
  await defineWeb(fleet, 'bridge');
  const registryArn = await createRegistry(fleet, { records: ['A'] });
  const serviceRegistries = [{ registryArn, ...container }];
  expect(await refusalOf(fleet.ecs.createService(anInstanceService({ serviceRegistries })))).toBe(
    invalid(
      `The service registry ${registryArn} has DNS records of the type A, which is not supported for ` +
        "the networkMode 'bridge'.",
    ),
  );
});

test('instances leave with the machine that drains or is lost, also those of daemons', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, until } = fleet;
  await defineWeb(fleet, 'bridge');
  const first = await join({ identity: { ...inEc2, privateIp: '10.2.3.1' } });
  const registryArn = await createDiscovered(
    fleet,
    { records: ['SRV'] },
    { schedulingStrategy: 'DAEMON' },
  );
  await steady();
  const second = await join({ identity: { ...inEc2, privateIp: '10.2.3.2' } });
  const addresses = async () =>
    new Set(
      (await instancesOf(fleet, registryArn)).map(
        ({ attributes }) => attributes['AWS_INSTANCE_IPV4'],
      ),
    );
  await until(async () => expect(await addresses()).toEqual(new Set(['10.2.3.1', '10.2.3.2'])));

  const containerInstances = [first.instanceArn];
  await ecs.updateContainerInstancesState({ containerInstances, status: 'DRAINING' });
  await until(async () => expect(await addresses()).toEqual(new Set(['10.2.3.2'])));

  await ecs.deregisterContainerInstance({ containerInstance: second.instanceArn, force: true });
  await until(async () => expect(await addresses()).toEqual(new Set()));
  const texts = eventTexts(await describeService(ecs));
  expect(texts.filter((text) => text.includes('deregistered'))).toEqual(
    Array(2).fill(`(service shop) deregistered 1 instances in (service-registry ${registryArn})`),
  );
});

test('a machine whose address nobody knows is not registered, and its tasks run', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, server } = fleet;
  await defineWeb(fleet, 'bridge');
  const { instanceArn } = await join();
  server.state.transact((tx) => {
    const instance = tx.containerInstances.find(instanceArn);
    if (!instance) return;
    const { connectedFrom: _, ...unknown } = instance;
    tx.containerInstances.put(unknown);
  });
  const registryArn = await createDiscovered(fleet, { records: ['SRV'] });
  await steady();
  expect(await instancesOf(fleet, registryArn)).toEqual([]);
  expect(eventTexts(await describeService(ecs)).filter((text) => text.includes('failed'))).toEqual([
    `(service shop) failed to register instances in (service-registry ${registryArn}) with (error The ` +
      'address of the container instance is unknown.)',
  ]);
});
