import { ConflictException, type ECS, type RunTaskRequest, type Task } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import { test as base } from './server.ts';

/** `test` with the default cluster and the family `web` in place. */
const test = base.extend('ecs', async ({ server, accountId }, { onCleanup }) => {
  const ecs = server.client(accountId);
  onCleanup(() => ecs.destroy());
  await ecs.createCluster({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  await ecs.registerTaskDefinition(aDefinition());
  return ecs;
});

async function run(ecs: ECS, given: Partial<RunTaskRequest> = {}): Promise<Task[]> {
  const { tasks = [], failures } = await ecs.runTask(aRun(given));
  expect(failures).toEqual([]);
  return tasks;
}

const uuid = expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

test('RunTask answers with the task as it has just been accepted', async ({ ecs, accountId }) => {
  const [task] = await run(ecs);
  const taskArn = task?.taskArn ?? '';
  const prefix = `arn:aws:ecs:us-east-1:${accountId}`;
  expect(taskArn.replace(/[0-9a-f]{32}$/, 'ID')).toBe(`${prefix}:task/default/ID`);
  expect(task).toEqual({
    attachments: [
      {
        id: uuid,
        type: 'ElasticNetworkInterface',
        status: 'PRECREATED',
        details: [{ name: 'subnetId', value: 'subnet-0a1b' }],
      },
    ],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: expect.stringMatching(/^us-east-1[abc]$/),
    clusterArn: `${prefix}:cluster/default`,
    containers: [
      {
        containerArn: expect.stringContaining(taskArn.replace(':task/', ':container/')),
        cpu: '0',
        healthStatus: 'UNKNOWN',
        image: 'nginx',
        lastStatus: 'PENDING',
        name: 'app',
        networkInterfaces: [],
        taskArn,
      },
    ],
    cpu: '256',
    createdAt: expect.any(Date),
    desiredStatus: 'RUNNING',
    enableExecuteCommand: false,
    ephemeralStorage: { sizeInGiB: 20 },
    fargateEphemeralStorage: { sizeInGiB: 20 },
    group: 'family:web',
    healthStatus: 'UNKNOWN',
    lastStatus: 'PROVISIONING',
    launchType: 'FARGATE',
    memory: '512',
    overrides: { containerOverrides: [{ name: 'app' }], inferenceAcceleratorOverrides: [] },
    platformFamily: 'Linux',
    platformVersion: '1.4.0',
    tags: [],
    taskArn,
    taskDefinitionArn: `${prefix}:task-definition/web:1`,
    version: 1,
  });
});

test('RunTask starts up to ten tasks, whose subnets take turns', async ({ ecs }) => {
  const subnets = ['subnet-a', 'subnet-b', 'subnet-c'];
  const tasks = await run(ecs, {
    count: 10,
    networkConfiguration: { awsvpcConfiguration: { subnets } },
  });
  expect(new Set(tasks.map(({ taskArn }) => taskArn)).size).toBe(10);
  const chosen = tasks.map(({ attachments }) => attachments?.[0]?.details?.[0]?.value);
  expect(chosen).toEqual(tasks.map((_, index) => subnets[index % 3]));
});

test('a family runs its latest ACTIVE revision, an older one is named', async ({ ecs }) => {
  const second = await ecs.registerTaskDefinition(aDefinition());
  const arn = second.taskDefinition?.taskDefinitionArn ?? '';
  const definitionOf = async (taskDefinition: string) =>
    (await run(ecs, { taskDefinition }))[0]?.taskDefinitionArn;
  expect(await definitionOf('web')).toBe(arn);
  expect(await definitionOf(arn)).toBe(arn);
  expect(await definitionOf('web:1')).toBe(arn.replace(/2$/, '1'));
});

test('a client token gives the tasks of its first call, as they are now', async ({ ecs }) => {
  const first = await run(ecs, {
    clientToken: 'token',
    count: 2,
    tags: [{ key: 'a', value: '1' }],
  });
  await ecs.stopTask({ task: first[0]?.taskArn ?? '', reason: 'enough' });
  const again = await run(ecs, {
    clientToken: 'token',
    count: 2,
    tags: [{ key: 'a', value: '1' }],
  });
  expect(again.map(({ taskArn }) => taskArn)).toEqual(first.map(({ taskArn }) => taskArn));
  expect(again[0]).toMatchObject({ stoppedReason: 'enough', desiredStatus: 'STOPPED' });
  const others = await run(ecs, { clientToken: 'other', count: 2 });
  expect(others[0]?.taskArn).not.toBe(first[0]?.taskArn);
});

test('a client token with another request is a conflict that names the tasks', async ({
  ecs,
  accountId,
}) => {
  const tasks = await run(ecs, { clientToken: 'token', cluster: 'default' });
  const resourceIds = tasks.map(({ taskArn }) => taskArn);
  // Even what means the same is another request: they are compared as text.
  const sameCluster = `arn:aws:ecs:us-east-1:${accountId}:cluster/default`;
  for (const other of [{ cluster: sameCluster }, { count: 2 }, { startedBy: 'me' }]) {
    const request = aRun({ clientToken: 'token', cluster: 'default', ...other });
    const refusal: unknown = await ecs.runTask(request).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConflictException);
    expect(refusal).toMatchObject({ resourceIds });
  }
  expect((await ecs.listTasks({})).taskArns).toEqual(resourceIds);
});

test('client tokens are kept per cluster', async ({ ecs }) => {
  await ecs.createCluster({ clusterName: 'other' });
  const [here] = await run(ecs, { clientToken: 'token' });
  const [there] = await run(ecs, { clientToken: 'token', cluster: 'other' });
  expect(there?.taskArn).not.toBe(here?.taskArn);
});

test('a replay is refused once the definition is no longer ACTIVE', async ({ ecs }) => {
  const request = aRun({ clientToken: 'token', taskDefinition: 'web:1' });
  await ecs.runTask(request);
  await ecs.deregisterTaskDefinition({ taskDefinition: 'web:1' });
  expect(await refusalOf(ecs.runTask(request))).toBe(
    'InvalidParameterException: TaskDefinition is inactive',
  );
  await ecs.deleteTaskDefinitions({ taskDefinitions: ['web:1'] });
  expect(await refusalOf(ecs.runTask(request))).toBe(
    'InvalidParameterException: TaskDefinition is being deleted',
  );
});

test('overrides are shown for every container, and change its size and that of the task', async ({
  ecs,
}) => {
  const containerDefinitions = [
    { name: 'app', image: 'nginx', cpu: 10, memoryReservation: 64 },
    { name: 'side', image: 'nginx' },
  ];
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions }));
  const app = { name: 'app', cpu: 128, memory: 256, command: ['true'] };
  const role = 'arn:aws:iam::123456789012:role/task';
  const [task] = await run(ecs, {
    overrides: {
      containerOverrides: [app],
      cpu: '512',
      memory: '1 GB',
      taskRoleArn: role,
      ephemeralStorage: { sizeInGiB: 30 },
    },
  });
  expect(task).toMatchObject({
    cpu: '512',
    memory: '1024',
    ephemeralStorage: { sizeInGiB: 30 },
    fargateEphemeralStorage: { sizeInGiB: 30 },
    containers: [
      { name: 'app', cpu: '128', memory: '256', memoryReservation: '64' },
      { name: 'side', cpu: '0' },
    ],
  });
  expect(task?.overrides).toEqual({
    containerOverrides: [app, { name: 'side' }],
    inferenceAcceleratorOverrides: [],
    cpu: '512',
    memory: '1024',
    taskRoleArn: role,
    ephemeralStorage: { sizeInGiB: 30 },
  });
});

test.for([
  { weights: [1, 1], base: 0, count: 5, expected: [3, 2] },
  { weights: [1, 4], base: 0, count: 10, expected: [2, 8] },
  { weights: [1, 1], base: 1, count: 10, expected: [6, 4] },
  { weights: [0, 1], base: 3, count: 5, expected: [3, 2] },
  { weights: [0, 1], base: 0, count: 4, expected: [0, 4] },
])(
  'weights $weights and a base of $base distribute $count tasks as $expected',
  async ({ weights: [first, second], base: atLeast, count, expected }, { ecs }) => {
    const { launchType: _, ...request } = aRun({
      count,
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', weight: first, base: atLeast },
        { capacityProvider: 'FARGATE_SPOT', weight: second },
      ],
    });
    const { tasks = [] } = await ecs.runTask(request);
    const names = tasks.map(({ capacityProviderName }) => capacityProviderName);
    const countOf = (name: string) => names.filter((given) => given === name).length;
    expect([countOf('FARGATE'), countOf('FARGATE_SPOT')]).toEqual(expected);
    expect(tasks.every(({ launchType }) => launchType === 'FARGATE')).toBe(true);
  },
);

test("a cluster's default strategy serves where nothing else is said", async ({ ecs }) => {
  await ecs.createCluster({
    clusterName: 'spot',
    capacityProviders: ['FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
  });
  const { launchType: _, ...request } = aRun({ cluster: 'spot' });
  const { tasks } = await ecs.runTask(request);
  expect(tasks).toMatchObject([{ launchType: 'FARGATE', capacityProviderName: 'FARGATE_SPOT' }]);
  const [explicit] = await run(ecs, { cluster: 'spot' });
  expect(explicit).not.toHaveProperty('capacityProviderName');
});

test('tags are managed, propagated and given, and what is given wins', async ({ ecs }) => {
  const definitionTags = [
    { key: 'team', value: 'blue' },
    { key: 'stage', value: 'test' },
  ];
  await ecs.registerTaskDefinition(aDefinition({ family: 'tagged', tags: definitionTags }));
  const [task] = await run(ecs, {
    taskDefinition: 'tagged',
    enableECSManagedTags: true,
    propagateTags: 'TASK_DEFINITION',
    tags: [{ key: 'team', value: 'red' }],
  });
  const tags = [
    { key: 'aws:ecs:clusterName', value: 'default' },
    { key: 'stage', value: 'test' },
    { key: 'team', value: 'red' },
  ];
  expect(task?.tags).toEqual(tags);
  const tasks = [task?.taskArn ?? ''];
  expect((await ecs.describeTasks({ tasks })).tasks?.[0]?.tags).toEqual([]);
  const included = await ecs.describeTasks({ tasks, include: ['TAGS'] });
  expect(included.tasks?.[0]?.tags).toEqual(tags);
  expect((await ecs.listTagsForResource({ resourceArn: tasks[0] })).tags).toEqual(tags);
  const [plain] = await run(ecs, { taskDefinition: 'tagged' });
  expect(plain?.tags).toEqual([]);
});

test('managed tags cannot be taken away, and do not count to the fifty', async ({ ecs }) => {
  const fifty = Array.from({ length: 50 }, (_, number) => ({ key: `key-${number}`, value: '' }));
  const [task] = await run(ecs, { enableECSManagedTags: true, tags: fifty });
  const resourceArn = task?.taskArn;
  await ecs.untagResource({ resourceArn, tagKeys: ['aws:ecs:clusterName', 'key-1'] });
  const { tags } = await ecs.listTagsForResource({ resourceArn });
  expect(tags).toHaveLength(50);
  expect(tags?.[0]).toEqual({ key: 'aws:ecs:clusterName', value: 'default' });
});

test('a task shows who started it, its group, and whether commands may be run in it', async ({
  ecs,
}) => {
  const overrides = { taskRoleArn: 'arn:aws:iam::123456789012:role/task' };
  const [task] = await run(ecs, {
    startedBy: 'events-rule/nightly',
    group: 'nightly',
    enableExecuteCommand: true,
    overrides,
  });
  expect(task).toMatchObject({
    startedBy: 'events-rule/nightly',
    group: 'nightly',
    enableExecuteCommand: true,
  });
});
