import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { aDefinition, aRun } from './requests.ts';
import { newAccount, newFolder, startTestServer } from './server.ts';

/** Everything that an account can see, in answers without what differs from call to call. */
async function worldOf(ecs: ECS, tasks: string[]): Promise<unknown> {
  const answers = [
    await ecs.describeClusters({
      clusters: ['default', 'gone'],
      include: ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'],
    }),
    await ecs.listClusters(),
    await ecs.listTaskDefinitions(),
    await ecs.listTaskDefinitions({ status: 'INACTIVE' }),
    await ecs.listTaskDefinitionFamilies(),
    await ecs.describeTaskDefinition({ taskDefinition: 'web:2', include: ['TAGS'] }),
    await ecs.listTasks(),
    await ecs.listTasks({ desiredStatus: 'STOPPED' }),
    await ecs.describeTasks({ tasks, include: ['TAGS'] }),
  ];
  return answers.map((answer) => ({ ...answer, $metadata: undefined }));
}

/** Fills an account with something of everything; nothing of it changes by itself any more. */
async function fill(ecs: ECS): Promise<string[]> {
  const tags = [{ key: 'größe', value: 'Ω' }];
  await ecs.createCluster({
    tags,
    capacityProviders: ['FARGATE'],
    configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    serviceConnectDefaults: { namespace: 'web' },
  });
  await ecs.createCluster({ clusterName: 'gone', tags });
  await ecs.deleteCluster({ cluster: 'gone' });
  const short = [{ name: 'app', image: 'simulated/exit:7' }];
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: short }));
  await ecs.registerTaskDefinition(aDefinition({ tags }));
  const ending = await ecs.runTask(aRun({ taskDefinition: 'web:1', tags }));
  const running = await ecs.runTask(aRun({ count: 2, startedBy: 'me', clientToken: 'token' }));
  await ecs.deregisterTaskDefinition({ taskDefinition: 'web:1' });
  const arns = [...(ending.tasks ?? []), ...(running.tasks ?? [])].map(
    ({ taskArn = '' }) => taskArn,
  );
  await expect
    .poll(async () => {
      const { tasks } = await ecs.describeTasks({ tasks: arns });
      return tasks?.map(({ lastStatus }) => lastStatus);
    })
    .toEqual(['STOPPED', 'RUNNING', 'RUNNING']);
  return arns;
}

/** What opens the same store again and again. */
type Open = () => Promise<Store>;

const engines: Readonly<
  Record<string, () => Promise<{ open: Open; remove?: () => Promise<void> }>>
> = {
  memory: async () => {
    const disk = new MemoryDisk();
    return { open: () => disk.open() };
  },
  SQLite: async () => {
    const { folder, remove } = await newFolder();
    return { open: () => openSqliteStore(folder), remove };
  },
};

test.for(Object.entries(engines))(
  'a restart changes nothing that can be seen: %s',
  async ([, prepare], { onTestFinished }) => {
    const { open, remove } = await prepare();
    onTestFinished(async () => remove?.());
    const accountId = newAccount();
    const first = await startTestServer({ store: await open() });
    const before = first.client(accountId);
    const tasks = await fill(before);
    const world = await worldOf(before, tasks);
    before.destroy();
    await first.close();

    await using second = await startTestServer({ store: await open() });
    const ecs = second.client(accountId);
    expect(await worldOf(ecs, tasks)).toEqual(world);
    // What no answer shows is there as well: counters, tokens, indices.
    const { taskDefinition } = await ecs.registerTaskDefinition(aDefinition());
    expect(taskDefinition?.revision).toBe(3);
    await ecs.runTask(aRun({ startedBy: 'me', clientToken: 'other' }));
    expect((await ecs.listTasks({ startedBy: 'me' })).taskArns).toHaveLength(3);
    await ecs.stopTask({ task: tasks[1] });
    await expect
      .poll(
        async () => (await ecs.describeTasks({ tasks: [tasks[1] ?? ''] })).tasks?.[0]?.lastStatus,
      )
      .toBe('STOPPED');
    ecs.destroy();
  },
);

test('a task that was on its way when the server stopped goes on after it', async ({
  onTestFinished,
}) => {
  const { folder, remove } = await newFolder();
  onTestFinished(remove);
  const accountId = newAccount();
  const first = await startTestServer({ store: await openSqliteStore(folder) });
  const before = first.client(accountId);
  await before.createCluster();
  await before.registerTaskDefinition(aDefinition());
  const { tasks } = await before.runTask(aRun({ clientToken: 'token' }));
  before.destroy();
  await first.close();

  await using second = await startTestServer({ store: await openSqliteStore(folder) });
  const ecs = second.client(accountId);
  const replay = await ecs.runTask(aRun({ clientToken: 'token' }));
  expect(replay.tasks?.map(({ taskArn }) => taskArn)).toEqual([tasks?.[0]?.taskArn]);
  await expect
    .poll(async () => (await ecs.describeClusters()).clusters?.[0]?.runningTasksCount)
    .toBe(1);
  ecs.destroy();
});
