import {
  paginateListTasks,
  waitUntilTasksRunning,
  waitUntilTasksStopped,
  type ECS,
  type ListTasksRequest,
  type RunTaskRequest,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import { test as base } from './server.ts';

const test = base.extend('ecs', async ({ server, accountId }, { onCleanup }) => {
  const ecs = server.client(accountId);
  onCleanup(() => ecs.destroy());
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition());
  return ecs;
});

test.override('engine', { scope: 'file' }, 'sqlite');

async function run(ecs: ECS, given: Partial<RunTaskRequest> = {}): Promise<string[]> {
  const { tasks = [] } = await ecs.runTask(aRun(given));
  return tasks.map(({ taskArn = '' }) => taskArn);
}

async function list(ecs: ECS, request: ListTasksRequest = {}): Promise<string[] | undefined> {
  return (await ecs.listTasks(request)).taskArns?.toSorted();
}

/** Asks often, and not every six seconds as by default. */
const waiting = { maxWaitTime: 30, minDelay: 0.02, maxDelay: 0.05 };
const unknownId = '0123456789abcdef0123456789abcdef';

test("the SDK's waiters see tasks run and stop", async ({ ecs }) => {
  const tasks = await run(ecs, { count: 3 });
  const client = ecs;
  expect((await waitUntilTasksRunning({ client, ...waiting }, { tasks })).state).toBe('SUCCESS');
  for (const task of tasks) await ecs.stopTask({ task });
  expect((await waitUntilTasksStopped({ client, ...waiting }, { tasks })).state).toBe('SUCCESS');
});

test('the waiter for running tasks fails for one that cannot start', async ({ ecs }) => {
  const containerDefinitions = [{ name: 'app', image: 'simulated/missing' }];
  await ecs.registerTaskDefinition(aDefinition({ family: 'broken', containerDefinitions }));
  const tasks = await run(ecs, { taskDefinition: 'broken' });
  const waited = waitUntilTasksRunning({ client: ecs, ...waiting }, { tasks });
  await expect(waited).rejects.toThrow('FAILURE');
});

test('DescribeTasks takes ids and ARNs, each once, and tells what is missing', async ({
  ecs,
  accountId,
}) => {
  const [arn = ''] = await run(ecs);
  const { tasks, failures } = await ecs.describeTasks({
    tasks: [arn, arn.slice(-32), unknownId, arn.replace('default/', '')],
  });
  expect(tasks?.map(({ taskArn }) => taskArn)).toEqual([arn]);
  const missing = `arn:aws:ecs:us-east-1:${accountId}:task/default/${unknownId}`;
  expect(failures).toEqual([{ arn: missing, reason: 'MISSING' }]);
});

const wrongRefs: readonly (readonly [string, string, string])[] = [
  ['an id of another length', 'abc', 'taskId length should be one of [32,36]'],
  [
    'an ARN of another kind',
    'arn:aws:ecs:us-east-1:ACCOUNT:cluster/default',
    'Unsupported resource type: cluster',
  ],
  [
    'an ARN of another cluster',
    `arn:aws:ecs:us-east-1:ACCOUNT:task/jan7/${unknownId}`,
    'Invalid identifier: Identifier is for cluster jan7. Your cluster is default',
  ],
  [
    'an ARN that is too long',
    `arn:aws:ecs:us-east-1:ACCOUNT:task/a/b/${unknownId}`,
    'Invalid identifier: Unexpected number of separators',
  ],
  [
    'an ARN of another region',
    `arn:aws:ecs:eu-west-1:ACCOUNT:task/default/${unknownId}`,
    'Invalid Region in ARN',
  ],
];

test.for(wrongRefs)('%s is no reference to a task', async ([, ref, text], { ecs, accountId }) => {
  const task = ref.replace('ACCOUNT', accountId);
  const refusal = `InvalidParameterException: ${text}`;
  expect(await refusalOf(ecs.describeTasks({ tasks: [task] }))).toBe(refusal);
  expect(await refusalOf(ecs.stopTask({ task }))).toBe(refusal);
});

test('DescribeTasks takes from one to a hundred tasks', async ({ ecs }) => {
  expect(await refusalOf(ecs.describeTasks({ tasks: [] }))).toBe(
    'InvalidParameterException: Tasks cannot be empty.',
  );
  const tasks = Array<string>(101).fill(unknownId);
  expect(await refusalOf(ecs.describeTasks({ tasks }))).toBe(
    'InvalidParameterException: taskIds can have at most 100 items.',
  );
  const include = ['ALL' as 'TAGS'];
  expect(await refusalOf(ecs.describeTasks({ tasks: [unknownId], include }))).toBe(
    'InvalidParameterException: include should be one of [TAGS]',
  );
});

test('ListTasks gives tasks by what is wanted of them, those that are to run by default', async ({
  ecs,
}) => {
  const [kept = '', stopped = ''] = await run(ecs, { count: 2 });
  await ecs.stopTask({ task: stopped });
  expect(await list(ecs)).toEqual([kept]);
  expect(await list(ecs, { desiredStatus: 'RUNNING' })).toEqual([kept]);
  // Although it may still run: it is listed as soon as it is told to stop.
  expect(await list(ecs, { desiredStatus: 'STOPPED' })).toEqual([stopped]);
  expect(await list(ecs, { desiredStatus: 'PENDING' })).toEqual([]);
});

test('ListTasks filters by family, by starter, by launch type and by cluster', async ({ ecs }) => {
  await ecs.registerTaskDefinition(aDefinition({ family: 'web-app' }));
  await ecs.createCluster({ clusterName: 'other' });
  const [web = ''] = await run(ecs);
  const [app = ''] = await run(ecs, { taskDefinition: 'web-app', startedBy: 'me' });
  const [other = ''] = await run(ecs, { cluster: 'other', startedBy: 'me' });
  expect(await list(ecs)).toEqual([web, app].toSorted());
  expect(await list(ecs, { cluster: 'other' })).toEqual([other]);
  expect(await list(ecs, { family: 'web' })).toEqual([web]);
  expect(await list(ecs, { family: 'nope' })).toEqual([]);
  expect(await list(ecs, { startedBy: 'me' })).toEqual([app]);
  expect(await list(ecs, { launchType: 'FARGATE', family: 'web-app' })).toEqual([app]);
  expect(await list(ecs, { launchType: 'EC2' })).toEqual([]);
  await ecs.stopTask({ task: app });
  expect(await list(ecs, { family: 'web-app' })).toEqual([]);
  expect(await list(ecs, { family: 'web-app', desiredStatus: 'STOPPED' })).toEqual([app]);
});

const wrongFilters: readonly (readonly [ListTasksRequest, string])[] = [
  [
    { startedBy: 'me', family: 'web' },
    'InvalidParameterException: cannot specify startedBy with other arguments',
  ],
  [
    { startedBy: 'me', desiredStatus: 'RUNNING' },
    'InvalidParameterException: cannot specify startedBy with other arguments',
  ],
  [
    { serviceName: 'web', family: 'web' },
    'InvalidParameterException: cannot specify serviceName with other arguments',
  ],
  [{ serviceName: 'web' }, 'ServiceNotFoundException: Service not found.'],
  [
    { desiredStatus: 'STOPPING' as 'STOPPED' },
    'InvalidParameterException: desiredStatus should be one of [PENDING,RUNNING,STOPPED]',
  ],
  [
    { launchType: 'LAMBDA' as 'EC2' },
    'InvalidParameterException: launch type should be one of [EC2,FARGATE,EXTERNAL,FMI,MANAGED_INSTANCES]',
  ],
  [{ cluster: 'nope' }, 'ClusterNotFoundException: Cluster not found.'],
];

test.for(wrongFilters)('ListTasks refuses %j', async ([request, refusal], { ecs }) => {
  expect(await refusalOf(ecs.listTasks(request))).toBe(refusal);
});

test('tasks are paged within their filters', async ({ ecs }) => {
  await ecs.registerTaskDefinition(aDefinition({ family: 'other' }));
  const expected: string[] = [];
  for (let call = 0; call < 3; call += 1) {
    expected.push(...(await run(ecs, { count: 3 })));
    await run(ecs, { count: 2, taskDefinition: 'other' });
  }
  const config = { client: ecs, pageSize: 4 };
  const pages = await Array.fromAsync(paginateListTasks(config, { family: 'web' }));
  expect(pages.map(({ taskArns }) => taskArns?.length)).toEqual([4, 4, 1]);
  expect(pages.flatMap(({ taskArns = [] }) => taskArns).toSorted()).toEqual(expected.toSorted());
  const { nextToken } = pages[0] ?? {};
  expect(await refusalOf(ecs.listTasks({ family: 'other', nextToken }))).toMatch(/Invalid token /);
});

test('StopTask is done once: who comes later changes neither reason nor moment', async ({
  ecs,
}) => {
  const [task = ''] = await run(ecs);
  const first = await ecs.stopTask({ task, reason: 'first' });
  const second = await ecs.stopTask({ task: task.slice(-32), reason: 'second' });
  expect(second.task).toMatchObject({
    stoppedReason: 'first',
    stopCode: 'UserInitiated',
    stoppingAt: first.task?.stoppingAt,
  });
  await waitUntilTasksStopped({ client: ecs, ...waiting }, { tasks: [task] });
  const third = await ecs.stopTask({ task, reason: 'third' });
  expect(third.task).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'first' });
});

test('StopTask needs a task that there is, and a reason that is not too long', async ({ ecs }) => {
  expect(await refusalOf(ecs.stopTask({ task: unknownId }))).toBe(
    'InvalidParameterException: The referenced task was not found.',
  );
  expect(await refusalOf(ecs.stopTask({ task: unknownId, cluster: 'nope' }))).toBe(
    'ClusterNotFoundException: Cluster not found.',
  );
  const [task] = await run(ecs);
  expect(await refusalOf(ecs.stopTask({ task, reason: 'r'.repeat(1025) }))).toBe(
    'InvalidParameterException: reason longer than 1024.',
  );
});

test("a task is not to be seen through another account's or another cluster's eyes", async ({
  ecs,
  server,
}) => {
  const [arn = ''] = await run(ecs);
  await ecs.createCluster({ clusterName: 'other' });
  const id = arn.slice(-32);
  const elsewhere = await ecs.describeTasks({ cluster: 'other', tasks: [id] });
  expect(elsewhere.failures).toMatchObject([{ reason: 'MISSING' }]);
  const stranger = server.client('999999999995');
  await stranger.createCluster();
  expect((await stranger.describeTasks({ tasks: [id] })).tasks).toEqual([]);
  expect(await refusalOf(stranger.stopTask({ task: arn }))).toBe(
    'InvalidParameterException: Invalid Account in ARN',
  );
  stranger.destroy();
});
