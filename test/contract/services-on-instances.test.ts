import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { aManagedRequest } from './capacity-provider-requests.ts';
import { readEvents } from './event-reader.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  serviceTasks,
} from './service-requests.ts';
import { anInstanceService, registerWeb, spreadOf, startFleetServer } from './instance-requests.ts';

const troubleshooting =
  'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
const noPlace =
  '(service shop) was unable to place a task because no container instance met all of its requirements.';

test('a service on EC2 spreads its tasks over zones and then over instances', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [
    await join({ zone: 'us-east-1a' }),
    await join({ zone: 'us-east-1a' }),
    await join({ zone: 'us-east-1b' }),
  ];
  const { service } = await ecs.createService(anInstanceService({ desiredCount: 4 }));
  expect(service).toMatchObject({
    launchType: 'EC2',
    placementConstraints: [],
    placementStrategy: [],
    availabilityZoneRebalancing: 'ENABLED',
  });
  for (const name of ['platformVersion', 'platformFamily', 'roleArn', 'networkConfiguration']) {
    expect(service).not.toHaveProperty(name);
  }
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([1, 1, 2]);
  expect(eventTexts(await describeService(ecs))).toEqual([
    '(service shop) has started 4 tasks: (task T) (task T) (task T) (task T).',
    '(service shop) (deployment ecs-svc/N) deployment completed.',
    '(service shop) has reached a steady state.',
  ]);
  const { tasks } = await ecs.describeTasks({ tasks: await serviceTasks(ecs) });
  expect(tasks).toMatchObject(
    Array(4).fill({ launchType: 'EC2', group: 'service:shop', lastStatus: 'RUNNING' }),
  );

  await ecs.updateService({ service: 'shop', desiredCount: 2 });
  await steady();
  expect(await spreadOf(ecs, agents)).toSatisfy(
    ([first = 0, second = 0, third = 0]) => first + second === 1 && third === 1,
  );
});

test('a service on EXTERNAL instances goes to no other', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [await join(), await join({ isExternal: true })];
  const { service } = await ecs.createService(anInstanceService({ launchType: 'EXTERNAL' }));
  expect(service).toMatchObject({
    launchType: 'EXTERNAL',
    availabilityZoneRebalancing: 'DISABLED',
  });
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([0, 2]);
});

test('what finds no place is said once, with the instance that comes closest, and placed when there is room', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, advance } = fleet;
  await ecs.createService(anInstanceService({ desiredCount: 6 }));
  await advance(60_000);
  expect(eventTexts(await describeService(ecs))).toEqual([
    `${noPlace} Reason: No Container Instances were found in your cluster. ${troubleshooting}`,
  ]);
  const first = await join();
  await fleet.until(async () => {
    expect(await describeService(ecs)).toMatchObject({ runningCount: 4, pendingCount: 0 });
  });
  await advance(120_000);
  const id = first.instanceArn.split('/').at(-1);
  const { events = [] } = await describeService(ecs);
  // Before its agent was connected, that instance was the closest too.
  const texts = events.flatMap(({ message = '' }) => (message.includes('AGENT') ? [] : [message]));
  expect(texts.slice(0, -1).toReversed()).toEqual([
    expect.stringMatching(/has started 4 tasks/),
    `${noPlace} The closest matching (container-instance ${id}) has insufficient memory available. ${troubleshooting}`,
  ]);
  const second = await join();
  await steady();
  expect(await spreadOf(ecs, [first, second])).toEqual([4, 2]);
});

test('constraints and strategy of a service are checked, shown, changed without a deployment, and kept to', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, advance } = fleet;
  const agents = [
    await join({ attributes: { rack: 'r1' } }),
    await join({ attributes: { rack: 'r1' } }),
    await join({ attributes: { rack: 'r2' } }),
  ];
  const placementConstraints = [
    { type: 'memberOf' as const, expression: 'attribute:rack == r1' },
    { type: 'distinctInstance' as const },
  ];
  const placementStrategy = [{ type: 'binpack' as const, field: 'memory' }];
  const { service } = await ecs.createService(
    anInstanceService({ desiredCount: 3, placementConstraints, placementStrategy }),
  );
  expect(service).toMatchObject({
    placementConstraints,
    placementStrategy,
    availabilityZoneRebalancing: 'DISABLED',
  });
  await fleet.until(async () => {
    expect(await describeService(ecs)).toMatchObject({ runningCount: 2 });
  });
  expect(await spreadOf(ecs, agents)).toEqual([1, 1, 0]);
  const updated = await ecs.updateService({
    service: 'shop',
    desiredCount: 4,
    placementConstraints: [],
  });
  expect(updated.service).toMatchObject({ placementConstraints: [], placementStrategy });
  expect(updated.service?.deployments).toHaveLength(1);
  await steady();
  expect(await spreadOf(ecs, agents)).toSatisfy((counts) => Math.max(...counts) === 3);
  // Less than that many tasks are packed tighter still: the instance with the most room is emptied first.
  await ecs.updateService({ service: 'shop', desiredCount: 3 });
  await advance(10_000);
  await steady();
  expect(await spreadOf(ecs, agents)).toSatisfy((counts) => Math.max(...counts) === 3);
});

test('a placement strategy is shown in small letters, and host as instanceId', async () => {
  await using fleet = await startFleetServer();
  const { ecs } = fleet;
  const { service } = await ecs.createService(
    anInstanceService({
      placementStrategy: [
        { type: 'spread', field: 'host' },
        { type: 'binpack', field: 'MEMORY' },
      ],
    }),
  );
  const shown = [
    { type: 'spread', field: 'instanceId' },
    { type: 'binpack', field: 'memory' },
  ];
  expect(service?.placementStrategy).toEqual(shown);
});

test('an update whose new task cannot share the port of the old one waits, and goes on with room', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  await registerWeb(ecs, { hostPort: 80 });
  const agent = await join();
  await ecs.createService(anInstanceService({ desiredCount: 1 }));
  await steady();
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  const id = agent.instanceArn.split('/').at(-1);
  await fleet.until(async () => {
    const [newest] = (await describeService(ecs)).events ?? [];
    expect(newest?.message).toBe(
      `${noPlace} The closest matching (container-instance ${id}) is already using a port required by your task. ${troubleshooting}`,
    );
  });
  expect(await describeService(ecs)).toMatchObject({ runningCount: 1 });
  const deploymentConfiguration = { minimumHealthyPercent: 0, maximumPercent: 100 };
  await ecs.updateService({
    service: 'shop',
    deploymentConfiguration,
    availabilityZoneRebalancing: 'DISABLED',
  });
  await steady();
  expect((await describeService(ecs)).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
});

test('a deployment without places trips the circuit breaker, though not within seconds', async () => {
  await using fleet = await startFleetServer();
  const { ecs, advance } = fleet;
  const deploymentCircuitBreaker = { enable: true, rollback: false };
  await ecs.createService(
    anInstanceService({ deploymentConfiguration: { deploymentCircuitBreaker } }),
  );
  await advance(14_000);
  expect((await describeService(ecs)).deployments).toMatchObject([
    { rolloutState: 'IN_PROGRESS', failedTasks: 1 },
  ]);
  await advance(120_000);
  expect((await describeService(ecs)).deployments).toMatchObject([{ rolloutState: 'FAILED' }]);
});

const provider = 'longshore.capacity-provider';

/** Associates the default cluster with Auto Scaling groups. */
async function associate(ecs: ECS, ...capacityProviders: string[]): Promise<void> {
  for (const name of capacityProviders) {
    const autoScalingGroupProvider = { autoScalingGroupArn: `${name}-group` };
    await ecs.createCapacityProvider({ name, autoScalingGroupProvider });
  }
  await ecs.putClusterCapacityProviders({
    cluster: 'default',
    capacityProviders,
    defaultCapacityProviderStrategy: [],
  });
}

test('a strategy of capacity providers shares tasks out by base and weight', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  await associate(ecs, 'reserved', 'burst');
  const agents = [
    await join({ attributes: { [provider]: 'reserved' }, memory: 1024 }),
    await join({ attributes: { [provider]: 'burst' }, memory: 1024 }),
  ];
  const capacityProviderStrategy = [
    { capacityProvider: 'reserved', base: 2, weight: 1 },
    { capacityProvider: 'burst', weight: 2 },
  ];
  const { service } = await ecs.createService(
    anInstanceService({ launchType: undefined, capacityProviderStrategy, desiredCount: 8 }),
  );
  expect(service).not.toHaveProperty('launchType');
  expect(service?.capacityProviderStrategy).toEqual([
    { capacityProvider: 'reserved', base: 2, weight: 1 },
    { capacityProvider: 'burst', base: 0, weight: 2 },
  ]);
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([4, 4]);
  await ecs.updateService({ service: 'shop', desiredCount: 2 });
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([2, 0]);
  await ecs.updateService({ service: 'shop', desiredCount: 8 });
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([4, 4]);
  const { tasks = [] } = await ecs.describeTasks({ tasks: await serviceTasks(ecs) });
  expect(tasks.map(({ capacityProviderName: name }) => name)).toSatisfy(
    (names: unknown[]) => names.filter((name) => name === 'burst').length === 4,
  );
  expect(tasks).toMatchObject(Array(8).fill({ launchType: 'EC2' }));
});

test('a service has the share of each capacity provider that has room, and waits for the others', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, until, advance } = fleet;
  await associate(ecs, 'empty', 'burst');
  const agents = [await join({ attributes: { [provider]: 'burst' }, memory: 1024 })];
  const capacityProviderStrategy = ['empty', 'burst'].map((capacityProvider) => ({
    capacityProvider,
    weight: 1,
  }));
  await ecs.createService(
    anInstanceService({ launchType: undefined, capacityProviderStrategy, desiredCount: 6 }),
  );
  await until(async () => expect(await spreadOf(ecs, agents)).toEqual([3]));
  await advance(60_000);
  expect(await spreadOf(ecs, agents)).toEqual([3]);
  agents.push(await join({ attributes: { [provider]: 'empty' }, memory: 1024 }));
  await until(async () => expect(await spreadOf(ecs, agents)).toEqual([3, 3]));
});

test('a service on Managed Instances has its tasks on instances of its provider', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, advance } = fleet;
  await ecs.createCapacityProvider(aManagedRequest('managed'));
  await advance(1_000);
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family: 'web',
    requiresCompatibilities: ['MANAGED_INSTANCES'],
    networkMode: 'host',
    cpu: '128',
    memory: '64',
    containerDefinitions: [{ name: 'app', image: 'example/web' }],
  });
  const names = taskDefinition?.requiresAttributes?.map(({ name = '' }) => name) ?? [];
  const attributes = Object.fromEntries(names.map((name) => [name, 'yes']));
  const agents = [
    await join({ attributes }),
    await join({ attributes: { ...attributes, 'longshore.capacity-provider': 'managed' } }),
  ];
  const capacityProviderStrategy = [{ capacityProvider: 'managed', weight: 1 }];
  await ecs.createService(anInstanceService({ launchType: undefined, capacityProviderStrategy }));
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([0, 2]);
  expect(await describeService(ecs)).toMatchObject({ availabilityZoneRebalancing: 'ENABLED' });
});

test('tags of services and definitions go to tasks on instances, and managed tags with them', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  await join();
  await ecs.createService(
    anInstanceService({
      desiredCount: 1,
      tags: [{ key: 'team', value: 'blue' }],
      propagateTags: 'SERVICE',
      enableECSManagedTags: true,
    }),
  );
  await steady();
  const tasks = await serviceTasks(ecs);
  expect((await ecs.describeTasks({ tasks, include: ['TAGS'] })).tasks?.[0]?.tags).toEqual([
    { key: 'aws:ecs:clusterName', value: 'default' },
    { key: 'aws:ecs:serviceName', value: 'shop' },
    { key: 'team', value: 'blue' },
  ]);
});

test('what finds no place is an event with the reason and the closest instance', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, server } = fleet;
  const agent = await join();
  const { service } = await ecs.createService(anInstanceService({ desiredCount: 5 }));
  await fleet.until(async () => {
    const resource = service?.serviceArn ?? '';
    const events = await readEvents(server.url, { type: 'ECS Service Action', resource });
    expect(events.map(({ event }) => event.detail)).toEqual([
      expect.objectContaining({
        eventType: 'ERROR',
        eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
        containerInstanceArns: [agent.instanceArn],
        reason: 'RESOURCE:MEMORY',
      }),
    ]);
  });
});

test('a service moves from Fargate to instances, with the interfaces of its tasks, and back', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const autoScalingGroupProvider = { autoScalingGroupArn: 'pool-group' };
  await ecs.createCapacityProvider({ name: 'pool', autoScalingGroupProvider });
  await ecs.putClusterCapacityProviders({
    cluster: 'default',
    capacityProviders: ['pool', 'FARGATE'],
    defaultCapacityProviderStrategy: [],
  });
  await register(ecs);
  const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: 'web' });
  const names = taskDefinition?.requiresAttributes?.map(({ name = '' }) => name) ?? [];
  const agent = await join({
    attributes: {
      ...Object.fromEntries(names.map((name) => [name, 'yes'])),
      'longshore.capacity-provider': 'pool',
    },
    memory: 4096,
  });
  await ecs.createService(aServiceRequest());
  await steady();
  const move = (capacityProvider: string) =>
    ecs.updateService({
      service: 'shop',
      capacityProviderStrategy: [{ capacityProvider, weight: 1 }],
      forceNewDeployment: true,
    });
  const { service } = await move('pool');
  for (const name of ['platformVersion', 'platformFamily', 'launchType']) {
    expect(service).not.toHaveProperty(name);
  }
  await steady();
  expect(await spreadOf(ecs, [agent])).toEqual([2]);
  const { tasks } = await ecs.describeTasks({ tasks: await serviceTasks(ecs) });
  expect(tasks).toMatchObject(
    Array(2).fill({
      launchType: 'EC2',
      capacityProviderName: 'pool',
      attachments: [{ type: 'ElasticNetworkInterface', status: 'ATTACHED' }],
    }),
  );
  await move('FARGATE');
  await steady();
  expect(await spreadOf(ecs, [agent])).toEqual([0]);
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 2,
    platformVersion: 'LATEST',
    deployments: [{ rolloutState: 'COMPLETED' }],
  });
});
