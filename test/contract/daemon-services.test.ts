import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { anInstanceService, registerWeb, spreadOf, startFleetServer } from './instance-requests.ts';
import { refusalOf } from './refusal-of.ts';
import { describeService, eventTexts } from './service-requests.ts';

const daemon = (given: Partial<CreateServiceRequest> = {}): CreateServiceRequest =>
  anInstanceService({ schedulingStrategy: 'DAEMON', ...given });

test('16. DAEMON: an instance that joins raises the desired count, one that drains lowers it', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const first = await join();
  const { service } = await ecs.createService(daemon());
  expect(service).toMatchObject({
    schedulingStrategy: 'DAEMON',
    desiredCount: 0,
    availabilityZoneRebalancing: 'DISABLED',
    deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 },
  });
  await steady();
  expect(await describeService(ecs)).toMatchObject({ desiredCount: 1, runningCount: 1 });
  const second = await join();
  await fleet.until(async () => {
    expect(await describeService(ecs)).toMatchObject({ desiredCount: 2, runningCount: 2 });
  });
  expect(await spreadOf(ecs, [first, second])).toEqual([1, 1]);

  await ecs.updateContainerInstancesState({
    containerInstances: [first.instanceArn],
    status: 'DRAINING',
  });
  await steady();
  await fleet.until(async () => {
    expect(await describeService(ecs)).toMatchObject({ desiredCount: 1, runningCount: 1 });
  });
  expect(await spreadOf(ecs, [first, second])).toEqual([0, 1]);
  const { taskArns: tasks = [] } = await ecs.listTasks({ desiredStatus: 'STOPPED' });
  expect((await ecs.describeTasks({ tasks })).tasks).toMatchObject([
    {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task stopped because of container instance draining',
    },
  ]);
});

test('a daemon keeps to its constraints, also when attributes change under it', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [await join(), await join({ attributes: { rack: 'r1' } })];
  const expression = 'attribute:rack == r1';
  await ecs.createService(daemon({ placementConstraints: [{ type: 'memberOf', expression }] }));
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([0, 1]);
  const [there = '', here = ''] = agents.map(({ instanceArn }) => instanceArn);
  const target = { name: 'rack', targetType: 'container-instance' as const };
  await ecs.putAttributes({ attributes: [{ ...target, value: 'r1', targetId: there }] });
  await ecs.putAttributes({ attributes: [{ ...target, value: 'r2', targetId: here }] });
  await fleet.until(async () => expect(await spreadOf(ecs, agents)).toEqual([1, 0]));
  await steady();
  expect(eventTexts(await describeService(ecs))).toContain(
    '(service shop) (task T) no longer meets the placement constraints of the service.',
  );
});

test('a daemon that finds no room on an instance says so, and has the others meanwhile', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [await join({ memory: 128 }), await join()];
  await ecs.createService(anInstanceService({ serviceName: 'other', desiredCount: 4 }));
  await steady('other');
  expect(await spreadOf(ecs, agents, 'other')).toEqual([2, 2]);
  await ecs.createService(daemon());
  await fleet.until(async () => {
    expect(await describeService(ecs)).toMatchObject({ desiredCount: 2, runningCount: 1 });
  });
  const id = agents[0]?.instanceArn.split('/').at(-1);
  const texts = (await describeService(ecs)).events?.map(({ message }) => message);
  expect(texts).toContainEqual(
    expect.stringContaining(`(container-instance ${id}) has insufficient memory available.`),
  );
  await ecs.deleteService({ service: 'other', force: true });
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([1, 1]);
});

test('a daemon rolls on in place: never two on an instance, never fewer than the floor', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [await join(), await join(), await join(), await join()];
  const deploymentConfiguration = { minimumHealthyPercent: 75, maximumPercent: 100 };
  await ecs.createService(daemon({ deploymentConfiguration }));
  await steady();
  await registerWeb(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await fleet.until(async () => {
    const { deployments = [], runningCount } = await describeService(ecs);
    expect(runningCount).toBeGreaterThanOrEqual(3);
    expect(Math.max(...(await spreadOf(ecs, agents)))).toBeLessThanOrEqual(1);
    expect(deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  });
  await steady();
  const counts = eventTexts(await describeService(ecs)).filter((text) => text.includes('stopped'));
  expect(counts).toEqual(Array(4).fill('(service shop) has stopped 1 running tasks: (task T).'));
});

/** A steady daemon on four instances, of whose next revision one task has begun and never gets on. */
async function startStuckDaemon() {
  const fleet = await startFleetServer();
  const { ecs, join, steady, until } = fleet;
  const agents = [await join(), await join(), await join(), await join()];
  const deploymentConfiguration = { minimumHealthyPercent: 75, maximumPercent: 100 };
  await ecs.createService(daemon({ deploymentConfiguration }));
  await steady();
  const former = (await describeService(ecs)).deployments?.[0]?.id;
  for (const agent of agents) agent.holdsTasks = true;
  await registerWeb(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await until(async () => {
    expect((await describeService(ecs)).deployments).toMatchObject([
      { status: 'PRIMARY', pendingCount: 1 },
      { id: former, desiredCount: 3, runningCount: 3 },
    ]);
  });
  for (const agent of agents) agent.holdsTasks = false;
  return { fleet, agents, former };
}

/** Stops a task of the former revision, and waits until there are three of them again. */
async function loseFormer({ fleet, agents, former }: Awaited<ReturnType<typeof startStuckDaemon>>) {
  const { ecs, until } = fleet;
  const { taskArns: [lost = ''] = [] } = await ecs.listTasks({ startedBy: former });
  await ecs.stopTask({ task: lost });
  await until(async () => {
    const { taskArns = [] } = await ecs.listTasks({ startedBy: former });
    expect(taskArns).not.toContain(lost);
    expect((await describeService(ecs)).deployments?.[1]).toMatchObject({
      id: former,
      desiredCount: 3,
      runningCount: 3,
    });
  });
  expect(await spreadOf(ecs, agents)).toEqual([1, 1, 1, 1]);
}

test('a daemon that is lost while the next revision does not start is replaced by its own revision', async () => {
  const stuck = await startStuckDaemon();
  await using fleet = stuck.fleet;
  await loseFormer(stuck);
  expect((await describeService(fleet.ecs)).deployments?.[0]).toMatchObject({
    rolloutState: 'IN_PROGRESS',
    pendingCount: 1,
  });
  await registerWeb(fleet.ecs);
  await fleet.ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await fleet.steady();
  expect((await describeService(fleet.ecs)).deployments).toMatchObject([
    { rolloutState: 'COMPLETED', runningCount: 4 },
  ]);
});

test('a daemon that is lost after a deployment has failed without a roll-back is replaced as well', async () => {
  const stuck = await startStuckDaemon();
  await using fleet = stuck.fleet;
  const { ecs, until } = fleet;
  const { serviceDeployments: [rollout] = [] } = await ecs.listServiceDeployments({
    service: 'shop',
  });
  await ecs.stopServiceDeployment({
    serviceDeploymentArn: rollout?.serviceDeploymentArn,
    stopType: 'ABORT',
  });
  await until(async () => {
    expect((await describeService(ecs)).deployments?.[0]?.rolloutState).toBe('FAILED');
  });
  await loseFormer(stuck);
  expect((await describeService(ecs)).deployments).toMatchObject([
    { rolloutState: 'FAILED', runningCount: 0 },
    { runningCount: 3 },
  ]);
});

test('a daemon is the last to leave an instance that drains', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [await join()];
  await ecs.createService(daemon());
  await steady();
  await ecs.createService(anInstanceService({ serviceName: 'web', desiredCount: 1 }));
  await steady('web');
  await ecs.updateContainerInstancesState({
    containerInstances: agents.map(({ instanceArn }) => instanceArn),
    status: 'DRAINING',
  });
  await fleet.advance(30_000);
  // Its replica has nowhere else to go, and stays until then.
  expect(await spreadOf(ecs, agents)).toEqual([1]);
  expect(await spreadOf(ecs, agents, 'web')).toEqual([1]);
  agents.push(await join());
  await fleet.until(async () => {
    expect(await spreadOf(ecs, agents, 'web')).toEqual([0, 1]);
    expect(await spreadOf(ecs, agents)).toEqual([0, 1]);
  });
});

const invalid = (message: string): string => `InvalidParameterException: ${message}`;
const withCount = invalid(
  'The daemon scheduling strategy does not support a desired count for services. Remove the desired ' +
    'count value and try again',
);
const withStrategy = invalid(
  'The daemon scheduling strategy does not support placement strategies',
);

test.for([
  [{ desiredCount: 0 }, withCount],
  [{ placementStrategy: [{ type: 'random' }] }, withStrategy],
  [
    { deploymentConfiguration: { maximumPercent: 200 } },
    invalid('The daemon scheduling strategy does not support values above 100 for maximumPercent'),
  ],
  [
    { availabilityZoneRebalancing: 'ENABLED' },
    invalid(
      "The service couldn't be created because Availability Zone Rebalancing does not support DAEMON services",
    ),
  ],
] as [Partial<CreateServiceRequest>, string][])(
  'CreateService refuses a daemon with %j',
  async ([given, refusal]) => {
    await using fleet = await startFleetServer();
    expect(await refusalOf(fleet.ecs.createService(daemon(given)))).toBe(refusal);
  },
);

test.for([
  [{ desiredCount: 0 }, withCount],
  [{ placementStrategy: [{ type: 'random' }] }, withStrategy],
] as [Partial<UpdateServiceRequest>, string][])(
  'UpdateService refuses for a daemon %j',
  async ([given, refusal]) => {
    await using fleet = await startFleetServer();
    await fleet.ecs.createService(daemon());
    const sent = fleet.ecs.updateService({ service: 'shop', ...given });
    expect(await refusalOf(sent)).toBe(refusal);
  },
);

test('a daemon is deleted without force, and listed among its like', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  await join();
  await ecs.createService(daemon());
  await steady();
  const listed = async (schedulingStrategy: 'DAEMON' | 'REPLICA') =>
    (await ecs.listServices({ schedulingStrategy })).serviceArns;
  expect(await listed('DAEMON')).toHaveLength(1);
  expect(await listed('REPLICA')).toEqual([]);
  await ecs.deleteService({ service: 'shop' });
  await fleet.until(async () => {
    expect((await ecs.describeServices({ services: ['shop'] })).services).toMatchObject([
      { status: 'INACTIVE' },
    ]);
  });
});

test('a daemon takes no strategy of capacity providers, not even the default of its cluster', async () => {
  await using fleet = await startFleetServer();
  const { ecs } = fleet;
  await ecs.putClusterCapacityProviders({
    cluster: 'default',
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
  });
  await ecs.registerTaskDefinition({
    family: 'web',
    requiresCompatibilities: ['FARGATE', 'EC2'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image: 'example/web' }],
  });
  const awsvpcConfiguration = { subnets: ['subnet-0a1b'] };
  const request = daemon({ networkConfiguration: { awsvpcConfiguration } });
  expect(await refusalOf(ecs.createService({ ...request, launchType: undefined }))).toBe(
    invalid(
      'Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling strategy.',
    ),
  );
  expect((await ecs.createService(request)).service).toMatchObject({ launchType: 'EC2' });
});
