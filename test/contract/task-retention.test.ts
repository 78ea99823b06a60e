import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { startManualServer } from './manual-server.ts';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';

const minuteMs = 60_000;

/** Runs a task that ends at once. */
async function runShortTask(ecs: ECS, clientToken?: string): Promise<string> {
  const app = { name: 'app', image: 'simulated/exit:0' };
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  const { tasks } = await ecs.runTask(aRun({ taskDefinition: 'web:1', clientToken }));
  return tasks?.[0]?.taskArn ?? '';
}

test('a STOPPED task is described and listed for an hour, then it is MISSING', async () => {
  await using manual = await startManualServer();
  const { ecs, advance } = manual;
  const arn = await runShortTask(ecs);
  await advance(minuteMs);
  expect((await ecs.describeTasks({ tasks: [arn] })).tasks).toMatchObject([
    { lastStatus: 'STOPPED' },
  ]);
  await advance(58 * minuteMs);
  expect((await ecs.listTasks({ desiredStatus: 'STOPPED' })).taskArns).toEqual([arn]);
  await advance(2 * minuteMs);
  expect((await ecs.listTasks({ desiredStatus: 'STOPPED' })).taskArns).toEqual([]);
  const { tasks, failures } = await ecs.describeTasks({ tasks: [arn] });
  expect(tasks).toEqual([]);
  expect(failures).toEqual([{ arn, reason: 'MISSING' }]);
  expect(await refusalOf(ecs.stopTask({ task: arn }))).toBe(
    'InvalidParameterException: The referenced task was not found.',
  );
});

test('a STOPPED task keeps its tags, which can no longer be listed or changed', async () => {
  await using manual = await startManualServer();
  const { ecs, advance } = manual;
  await runShortTask(ecs);
  const tags = [{ key: 'team', value: 'blue' }];
  const { tasks } = await ecs.runTask(aRun({ tags }));
  const resourceArn = tasks?.[0]?.taskArn ?? '';
  await advance(minuteMs);
  const described = await ecs.describeTasks({ tasks: [resourceArn], include: ['TAGS'] });
  expect(described.tasks).toMatchObject([{ lastStatus: 'STOPPED', tags }]);
  const refusal =
    'InvalidParameterException: The specified task is stopped. Specify a running task and try again.';
  expect(await refusalOf(ecs.listTagsForResource({ resourceArn }))).toBe(refusal);
  expect(await refusalOf(ecs.tagResource({ resourceArn, tags }))).toBe(refusal);
});

test('a client token is kept for as long as its tasks are remembered', async () => {
  await using manual = await startManualServer();
  const { ecs, advance } = manual;
  const first = await runShortTask(ecs, 'token');
  const again = async () => {
    const { tasks } = await ecs.runTask(aRun({ taskDefinition: 'web:1', clientToken: 'token' }));
    return tasks?.map(({ taskArn }) => taskArn);
  };
  await advance(59 * minuteMs);
  expect(await again()).toEqual([first]);
  await advance(2 * minuteMs);
  const second = await again();
  expect(second).toHaveLength(1);
  expect(second).not.toEqual([first]);
  expect(await again()).toEqual(second);
});

test('a client token is kept for a day at most, though its task runs on', async () => {
  await using manual = await startManualServer();
  const { ecs, advance } = manual;
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition());
  const run = async () => (await ecs.runTask(aRun({ clientToken: 'token' }))).tasks?.[0]?.taskArn;
  const first = await run();
  await advance(24 * 60 * minuteMs - minuteMs);
  expect(await run()).toBe(first);
  await advance(2 * minuteMs);
  expect(await run()).not.toBe(first);
});

test('a deleted definition stays until the last task that uses it is STOPPED', async () => {
  await using manual = await startManualServer();
  const { ecs, advance } = manual;
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition());
  const { tasks } = await ecs.runTask(aRun({ count: 2 }));
  const named = { taskDefinition: 'web:1' };
  await ecs.deregisterTaskDefinition(named);
  await ecs.deleteTaskDefinitions({ taskDefinitions: ['web:1'] });
  const status = async () => (await ecs.describeTaskDefinition(named)).taskDefinition?.status;
  await advance(minuteMs);
  expect(await status()).toBe('DELETE_IN_PROGRESS');
  await ecs.stopTask({ task: tasks?.[0]?.taskArn });
  await advance(minuteMs);
  expect(await status()).toBe('DELETE_IN_PROGRESS');
  expect(
    (await ecs.listTaskDefinitions({ status: 'DELETE_IN_PROGRESS' })).taskDefinitionArns,
  ).toEqual([expect.stringContaining(':task-definition/web:1')]);
  await ecs.stopTask({ task: tasks?.[1]?.taskArn });
  await advance(minuteMs);
  expect(await refusalOf(status())).toBe('ClientException: Unable to describe task definition.');
});

test('an INACTIVE cluster is described for an hour, then it is MISSING', async () => {
  await using manual = await startManualServer();
  const { ecs, advance } = manual;
  await ecs.createCluster();
  await ecs.deleteCluster({ cluster: 'default' });
  await advance(59 * minuteMs);
  expect((await ecs.describeClusters()).clusters).toMatchObject([{ status: 'INACTIVE' }]);
  await advance(2 * minuteMs);
  expect((await ecs.describeClusters()).failures).toMatchObject([{ reason: 'MISSING' }]);
  expect(await refusalOf(ecs.deleteCluster({ cluster: 'default' }))).toBe(
    'ClusterNotFoundException: Cluster not found.',
  );
});
