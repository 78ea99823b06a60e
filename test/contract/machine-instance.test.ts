import type { ECS, RunTaskRequest } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { clusterArn } from '../../src/domain/arn.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { ManualClock } from '../../src/support/clock.ts';
import { atRest } from '../fixtures/open-state.ts';
import { startOfTime } from './manual-server.ts';
import { refusalOf } from './refusal-of.ts';
import { clientOf, startTestServer, test as base } from './server.ts';

/** Servers one after the other on the same disk, each with or without a cluster for its machine. */
const test = base.extend('start', ({ accountId }, { onCleanup }) => {
  const scope = { partition: 'aws', region: 'us-east-1', accountId };
  const disk = new MemoryDisk();
  let stop = async () => {};
  onCleanup(() => stop());
  return async (clusterName?: string) => {
    await stop();
    const given = clusterName && { containerInstanceOf: clusterArn(scope, clusterName) };
    const server = await startTestServer({ store: await disk.open(), ...given });
    const ecs = clientOf(server.url, accountId);
    stop = async () => {
      ecs.destroy();
      await server.close();
    };
    return { ecs };
  };
});

async function instancesOf(ecs: ECS, cluster = 'default') {
  const { containerInstanceArns } = await ecs.listContainerInstances({ cluster });
  if (!containerInstanceArns?.length) return [];
  const described = await ecs.describeContainerInstances({
    cluster,
    containerInstances: containerInstanceArns,
    include: ['CONTAINER_INSTANCE_HEALTH'],
  });
  return described.containerInstances ?? [];
}

/** The one instance of a cluster, once its machine is connected. */
async function connected(ecs: ECS, cluster?: string) {
  await expect
    .poll(() => instancesOf(ecs, cluster))
    .toMatchObject([{ status: 'ACTIVE', agentConnected: true }]);
  const [instance] = await instancesOf(ecs, cluster);
  return { ...instance, arn: instance?.containerInstanceArn ?? '' };
}

async function register(ecs: ECS, given: Partial<RegisterRequest> = {}): Promise<void> {
  const containerDefinitions = [{ name: 'app', image: 'nginx', cpu: 256, memory: 128 }];
  await ecs.registerTaskDefinition({ family: 'web', containerDefinitions, ...given });
}

type RegisterRequest = Parameters<ECS['registerTaskDefinition']>[0];

/** Runs a task on EC2, and waits until it is RUNNING. */
async function run(ecs: ECS, given: Partial<RunTaskRequest> = {}): Promise<string> {
  const { tasks, failures } = await ecs.runTask({ taskDefinition: 'web', ...given });
  expect(failures).toEqual([]);
  const arn = tasks?.[0]?.taskArn ?? '';
  await expect.poll(() => describeTask(ecs, arn)).toMatchObject({ lastStatus: 'RUNNING' });
  return arn;
}

async function describeTask(ecs: ECS, arn: string) {
  return (await ecs.describeTasks({ tasks: [arn] })).tasks?.[0];
}

test('a machine that has been an instance for hours runs tasks as it did at first', async ({
  accountId,
}) => {
  const clock = new ManualClock(startOfTime);
  const scope = { partition: 'aws', region: 'us-east-1', accountId };
  const containerInstanceOf = clusterArn(scope, 'default');
  await using server = await startTestServer({ clock, containerInstanceOf });
  const ecs = clientOf(server.url, accountId);
  await connected(ecs);
  const advance = (ms: number) => clock.advanceSettling(ms, () => atRest(server.state));
  await advance(4 * 60 * 60 * 1000);
  await register(ecs);
  const { tasks } = await ecs.runTask({ taskDefinition: 'web' });
  await advance(10_000);
  expect(await describeTask(ecs, tasks?.[0]?.taskArn ?? '')).toMatchObject({
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
  });
  ecs.destroy();
});

test('a machine is described like any container instance, but for an id of EC2', async ({
  start,
  accountId,
}) => {
  const { ecs } = await start('default');
  const instance = await connected(ecs);
  expect(instance.arn.replace(/[0-9a-f]{32}$/, 'ID')).toBe(
    `arn:aws:ecs:us-east-1:${accountId}:container-instance/default/ID`,
  );
  expect(instance).not.toHaveProperty('ec2InstanceId');
  expect(instance.versionInfo).toEqual({
    agentVersion: '0.1.0',
    dockerVersion: 'DockerVersion: simulated',
  });
  expect(instance.healthStatus?.overallStatus).toBe('OK');
  expect(instance.registeredResources).toMatchObject([
    { name: 'CPU', integerValue: 16_384 },
    { name: 'MEMORY', integerValue: 65_536 },
    { name: 'PORTS', stringSetValue: ['22', '2375', '2376', '51678', '51679'] },
    { name: 'PORTS_UDP', stringSetValue: [] },
  ]);
  expect(instance.attributes).toEqual(
    expect.arrayContaining([
      { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.32' },
      { name: 'ecs.capability.task-eni' },
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.cpu-architecture', value: 'x86_64' },
      { name: 'ecs.availability-zone', value: 'us-east-1a' },
    ]),
  );
  const { clusters } = await ecs.describeClusters({ clusters: ['default'] });
  expect(clusters).toMatchObject([{ registeredContainerInstancesCount: 1 }]);
  const filter = 'attribute:ecs.os-type == linux and agentConnected == true';
  expect((await ecs.listContainerInstances({ filter })).containerInstanceArns).toEqual([
    instance.arn,
  ]);
});

test('a machine waits for its cluster to be created', async ({ start }) => {
  const { ecs } = await start('blue');
  expect((await ecs.listClusters({})).clusterArns).toEqual([]);
  await ecs.createCluster({ clusterName: 'blue' });
  expect((await connected(ecs, 'blue')).arn).toContain(':container-instance/blue/');
});

test('EC2 tasks run on a machine, take of what it has, and end', async ({ start }) => {
  const { ecs } = await start('default');
  const { arn } = await connected(ecs);
  await register(ecs);
  const task = await run(ecs, { launchType: 'EC2' });
  expect(await describeTask(ecs, task)).toMatchObject({
    containerInstanceArn: arn,
    launchType: 'EC2',
    availabilityZone: 'us-east-1a',
    connectivity: 'CONNECTED',
    attachments: [],
    containers: [{ runtimeId: expect.stringMatching(/^[0-9a-f]{64}$/), networkInterfaces: [] }],
  });
  expect(await instancesOf(ecs)).toMatchObject([
    {
      runningTasksCount: 1,
      remainingResources: [{ integerValue: 16_384 - 256 }, { integerValue: 65_536 - 128 }, {}, {}],
    },
  ]);
  await ecs.stopTask({ task });
  await expect.poll(() => describeTask(ecs, task)).toMatchObject({ lastStatus: 'STOPPED' });
  expect((await instancesOf(ecs))[0]?.remainingResources?.[0]?.integerValue).toBe(16_384);
});

test('StartTask names a machine, and an awsvpc task on it has an interface', async ({ start }) => {
  const { ecs } = await start('default');
  const { arn } = await connected(ecs);
  await register(ecs, { networkMode: 'awsvpc' });
  const { tasks } = await ecs.startTask({
    taskDefinition: 'web',
    containerInstances: [arn],
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
  });
  const task = tasks?.[0]?.taskArn ?? '';
  await expect
    .poll(() => describeTask(ecs, task))
    .toMatchObject({
      lastStatus: 'RUNNING',
      attachments: [{ type: 'ElasticNetworkInterface', status: 'ATTACHED' }],
    });
});

test('an EC2 task on a machine has its managed EBS volume attached before it is connected', async ({
  start,
}) => {
  const { ecs } = await start('default');
  await connected(ecs);
  const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
  await register(ecs, {
    volumes: [{ name: 'data', configuredAtLaunch: true }],
    containerDefinitions: [{ name: 'app', image: 'nginx', memory: 128, mountPoints }],
  });
  const roleArn = 'arn:aws:iam::012345678910:role/ecsInfrastructureRole';
  const managedEBSVolume = { roleArn, sizeInGiB: 1 };
  const arn = await run(ecs, { volumeConfigurations: [{ name: 'data', managedEBSVolume }] });
  expect(await describeTask(ecs, arn)).toMatchObject({
    launchType: 'EC2',
    attachments: [{ type: 'AmazonElasticBlockStorage', status: 'ATTACHED' }],
  });
});

test('a machine is no place for EXTERNAL tasks, nor for what it cannot do', async ({ start }) => {
  const { ecs } = await start('default');
  const { arn } = await connected(ecs);
  await register(ecs, { requiresCompatibilities: ['EXTERNAL'] });
  expect(await refusalOf(ecs.runTask({ taskDefinition: 'web', launchType: 'EXTERNAL' }))).toBe(
    'InvalidParameterException: No Container Instances were found in your cluster.',
  );
  const dockerVolumeConfiguration = { driver: 'rexray', scope: 'task' as const };
  await register(ecs, { volumes: [{ name: 'data', dockerVolumeConfiguration }] });
  const { failures } = await ecs.runTask({ taskDefinition: 'web' });
  expect(failures).toMatchObject([{ arn, reason: 'ATTRIBUTE' }]);
});

test('a machine takes tasks with secrets and log routers', async ({ start }) => {
  const { ecs } = await start('default');
  await connected(ecs);
  const container = { image: 'nginx', memory: 128 };
  const firelensConfiguration = { type: 'fluentbit' as const };
  const logConfiguration = { logDriver: 'awsfirelens' as const, options: { Name: 'null' } };
  await register(ecs, {
    executionRoleArn: 'arn:aws:iam::123456789012:role/web',
    containerDefinitions: [
      { ...container, name: 'app', secrets: [{ name: 'KEY', valueFrom: 'key' }], logConfiguration },
      { ...container, name: 'router', firelensConfiguration },
    ],
  });
  await run(ecs);
});

test('a machine drains, and takes tasks again', async ({ start }) => {
  const { ecs } = await start('default');
  const { arn } = await connected(ecs);
  await register(ecs);
  const task = await run(ecs);
  const set = (status: 'ACTIVE' | 'DRAINING') =>
    ecs.updateContainerInstancesState({ containerInstances: [arn], status });
  await set('DRAINING');
  expect((await ecs.runTask({ taskDefinition: 'web' })).failures).toEqual([
    { reason: 'NO ACTIVE INSTANCES' },
  ]);
  expect(await describeTask(ecs, task)).toMatchObject({ desiredStatus: 'RUNNING' });
  await set('ACTIVE');
  await run(ecs);
});

test('deregistration by force stops the tasks of a machine in truth', async ({ start }) => {
  const { ecs } = await start('default');
  const { arn } = await connected(ecs);
  await register(ecs);
  const task = await run(ecs);
  expect(await refusalOf(ecs.deregisterContainerInstance({ containerInstance: arn }))).toBe(
    'InvalidParameterException: Found running tasks on the instance.',
  );
  const { containerInstance } = await ecs.deregisterContainerInstance({
    containerInstance: arn,
    force: true,
  });
  expect(containerInstance?.status).toBe('INACTIVE');
  expect(await describeTask(ecs, task)).toMatchObject({
    desiredStatus: 'STOPPED',
    stopCode: 'UserInitiated',
    stoppedReason: 'Container instance deregistration forced by user',
  });
  await expect
    .poll(() => describeTask(ecs, task))
    .toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 143 }] });
  expect(await instancesOf(ecs)).toEqual([]);
});

test('a machine is the same instance after a restart; its tasks go on', async ({ start }) => {
  const first = await start('default');
  const { arn } = await connected(first.ecs);
  await register(first.ecs);
  const task = await run(first.ecs);
  const { ecs } = await start('default');
  expect((await connected(ecs)).arn).toBe(arn);
  expect(await describeTask(ecs, task)).toMatchObject({ lastStatus: 'RUNNING' });
  await ecs.stopTask({ task });
  await expect.poll(() => describeTask(ecs, task)).toMatchObject({ lastStatus: 'STOPPED' });
});

test('without the option a machine is disconnected, and its tasks can still be stopped', async ({
  start,
}) => {
  const first = await start('default');
  const { arn } = await connected(first.ecs);
  await register(first.ecs);
  const task = await run(first.ecs);
  const { ecs } = await start();
  expect(await instancesOf(ecs)).toMatchObject([
    { containerInstanceArn: arn, status: 'ACTIVE', agentConnected: false, runningTasksCount: 1 },
  ]);
  expect((await ecs.runTask({ taskDefinition: 'web' })).failures).toEqual([
    { arn, reason: 'AGENT' },
  ]);
  await ecs.stopTask({ task });
  await expect.poll(() => describeTask(ecs, task)).toMatchObject({ lastStatus: 'STOPPED' });
});

test('no agent can take the place of a machine', async ({ start }) => {
  const { ecs } = await start('default');
  const { arn } = await connected(ecs);
  const taken = ecs.registerContainerInstance({ containerInstanceArn: arn });
  expect(await refusalOf(taken)).toBe(
    `ClientException: Referenced container instance ${arn.slice(-32)} not registered.`,
  );
});
