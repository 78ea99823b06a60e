import type { ECS, ListTasksRequest, ResourceRequirement, Task } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { startFleetServer } from './instance-requests.ts';

async function runOn(ecs: ECS, instanceArn: string, taskDefinition = 'web'): Promise<string> {
  const containerInstances = [instanceArn];
  const { tasks } = await ecs.startTask({ containerInstances, taskDefinition });
  return tasks?.[0]?.taskArn ?? '';
}

async function registerCuda(ecs: ECS, ...requirements: ResourceRequirement[]): Promise<void> {
  await ecs.registerTaskDefinition({
    family: 'cuda',
    containerDefinitions: requirements.map((requirement, index) => ({
      name: `c${index}`,
      image: 'example/cuda',
      memory: 16,
      resourceRequirements: [requirement],
    })),
  });
}

function gpusOf(task: Task | undefined): readonly unknown[] | undefined {
  return task?.containers?.map(({ gpuIds }) => gpuIds);
}

test('ListTasks gives the tasks of a container instance, those that stop when asked', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join } = fleet;
  await ecs.registerTaskDefinition({
    family: 'other',
    containerDefinitions: [{ name: 'app', image: 'example/other', memory: 64 }],
  });
  const { instanceArn } = await join();
  const { instanceArn: elsewhere } = await join();
  const web = await runOn(ecs, instanceArn);
  const other = await runOn(ecs, instanceArn, 'other');
  const far = await runOn(ecs, elsewhere);
  const list = async (given: ListTasksRequest): Promise<readonly string[] | undefined> =>
    (await ecs.listTasks(given)).taskArns;
  const on = { containerInstance: instanceArn };
  expect(await list(on)).toEqual([web, other].toSorted());
  expect(await list({ containerInstance: elsewhere.split('/').at(-1) })).toEqual([far]);
  expect(await list({ ...on, family: 'other' })).toEqual([other]);
  expect(await list({ ...on, launchType: 'FARGATE' })).toEqual([]);
  expect(await list({ ...on, desiredStatus: 'STOPPED' })).toEqual([]);
  await ecs.stopTask({ task: web });
  await ecs.stopTask({ task: far });
  expect(await list(on)).toEqual([other]);
  expect(await list({ ...on, desiredStatus: 'STOPPED' })).toEqual([web]);
  expect(await list({ ...on, desiredStatus: 'STOPPED', family: 'other' })).toEqual([]);
});

test('the tasks of a container instance come in pages', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join } = fleet;
  const { instanceArn: containerInstance } = await join();
  const expected: string[] = [];
  for (let call = 0; call < 3; call += 1) expected.push(await runOn(ecs, containerInstance));
  const first = await ecs.listTasks({ containerInstance, maxResults: 2 });
  const { nextToken } = first;
  const second = await ecs.listTasks({ containerInstance, maxResults: 2, nextToken });
  expect([first.taskArns, second.taskArns].flat()).toEqual(expected.toSorted());
  expect(second.nextToken).toBeUndefined();
});

test('a container that asks for ALL GPUs gets those that are free, less those of the others', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join } = fleet;
  await registerCuda(ecs, { type: 'GPU', value: 'ALL' }, { type: 'GPU', value: '1' });
  const { instanceArn } = await join({ gpuIds: ['gpu-0', 'gpu-1', 'gpu-2'] });
  const run = { taskDefinition: 'cuda', launchType: 'EC2' as const };
  const { tasks } = await ecs.runTask(run);
  expect(gpusOf(tasks?.[0])).toEqual([['gpu-1', 'gpu-2'], ['gpu-0']]);
  const { failures } = await ecs.runTask(run);
  expect(failures).toEqual([{ arn: instanceArn, reason: 'RESOURCE:GPU' }]);
});

test('no instance offers GPUs to be shared', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join } = fleet;
  await registerCuda(ecs, { type: 'GPU', sharingStrategy: { nvidiaMps: { memory: 1024 } } });
  const { instanceArn } = await join({ gpuIds: ['gpu-0'] });
  const { tasks, failures } = await ecs.runTask({ taskDefinition: 'cuda', launchType: 'EC2' });
  expect(tasks).toEqual([]);
  expect(failures).toEqual([{ arn: instanceArn, reason: 'RESOURCE:GPU' }]);
});

test('an EC2 instance has the processor that its identity document names', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join } = fleet;
  for (const cpuArchitecture of ['ARM64', 'X86_64'] as const) {
    await ecs.registerTaskDefinition({
      family: cpuArchitecture,
      runtimePlatform: { cpuArchitecture },
      containerDefinitions: [{ name: 'app', image: 'example/app', memory: 16 }],
    });
  }
  const { instanceArn } = await join({ identity: { instanceId: 'i-1', architecture: 'arm64' } });
  const { tasks } = await ecs.runTask({ taskDefinition: 'ARM64', launchType: 'EC2' });
  expect(tasks).toMatchObject([{ attributes: [{ name: 'ecs.cpu-architecture', value: 'arm64' }] }]);
  const { failures } = await ecs.runTask({ taskDefinition: 'X86_64', launchType: 'EC2' });
  expect(failures).toEqual([
    { arn: instanceArn, reason: 'ATTRIBUTE', detail: 'ecs.cpu-architecture' },
  ]);
});

test('where one capacity provider of a strategy has no room, the others have their tasks', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join } = fleet;
  for (const name of ['blue', 'green', 'grey']) {
    const autoScalingGroupProvider = {
      autoScalingGroupArn: name,
      managedDraining: 'DISABLED' as const,
    };
    await ecs.createCapacityProvider({ name, autoScalingGroupProvider });
  }
  await ecs.putClusterCapacityProviders({
    cluster: 'default',
    capacityProviders: ['blue', 'green', 'grey'],
    defaultCapacityProviderStrategy: [],
  });
  const attribute = 'longshore.capacity-provider';
  const blue = await join({ attributes: { [attribute]: 'blue' }, memory: 64 });
  const green = await join({ attributes: { [attribute]: 'green' }, memory: 256 });
  const { tasks, failures } = await ecs.runTask({
    taskDefinition: 'web',
    count: 9,
    capacityProviderStrategy: ['blue', 'green', 'grey'].map((capacityProvider) => ({
      capacityProvider,
      weight: 1,
    })),
  });
  const places = tasks?.map(({ containerInstanceArn }) => containerInstanceArn);
  expect(places).toEqual([blue, green, green, green].map(({ instanceArn }) => instanceArn));
  expect(failures).toEqual([
    { reason: 'EMPTY CAPACITY PROVIDER' },
    { arn: blue.instanceArn, reason: 'RESOURCE:MEMORY' },
  ]);
});
