import type { Attachment, ECS, RunTaskRequest, Task } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { startManualServer, type ManualServer } from './manual-server.ts';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';

/** Runs a task of one container with this image in a cluster of its own. */
async function runImage(
  ecs: ECS,
  image: string,
  given: Partial<RunTaskRequest> = {},
): Promise<Task> {
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [{ name: 'app', image }] }));
  const { tasks = [] } = await ecs.runTask(aRun(given));
  return tasks[0] ?? {};
}

async function describe(ecs: ECS, { taskArn = '' }: Task): Promise<Task> {
  const { tasks = [] } = await ecs.describeTasks({ tasks: [taskArn] });
  return tasks[0] ?? {};
}

/** Less than any step of a simulated task takes. */
const momentMs = 1;

/** Lets time go by, a moment each, and gives the task each time that it has changed. */
async function watch(manual: ManualServer, from: Task, until: string): Promise<Task[]> {
  const seen = [from];
  for (let moments = 0; moments < 1_000 && seen.at(-1)?.lastStatus !== until; moments += 1) {
    await manual.advance(momentMs);
    const task = await describe(manual.ecs, from);
    if (JSON.stringify(task) !== JSON.stringify(seen.at(-1))) seen.push(task);
  }
  return seen;
}

/** Statuses in the order in which they were seen, each with the version that it came with. */
function steps(tasks: readonly Task[]): readonly string[] {
  return [
    ...new Set(
      tasks.map(({ lastStatus, desiredStatus, version }) => {
        return `${lastStatus} of ${desiredStatus}, version ${version}`;
      }),
    ),
  ];
}

function interfaceOf(task: Task | undefined): Attachment | undefined {
  return task?.attachments?.[0];
}

function interfaceSteps(tasks: readonly Task[]): readonly (string | undefined)[] {
  return [...new Set(tasks.map((task) => interfaceOf(task)?.status))];
}

const momentsInOrder = [
  'createdAt',
  'connectivityAt',
  'pullStartedAt',
  'pullStoppedAt',
  'startedAt',
  'stoppingAt',
  'executionStoppedAt',
  'stoppedAt',
] as const;

function momentsOf(task: Task): readonly string[] {
  return momentsInOrder.filter((moment) => task[moment] !== undefined);
}

test('a task starts and is stopped in the order and with the versions of ECS', async () => {
  await using manual = await startManualServer();
  const { ecs } = manual;
  const task = await runImage(ecs, 'nginx');
  const starting = await watch(manual, task, 'RUNNING');
  expect(steps(starting)).toEqual([
    'PROVISIONING of RUNNING, version 1',
    'PENDING of RUNNING, version 2',
    'RUNNING of RUNNING, version 3',
  ]);
  expect(interfaceSteps(starting)).toEqual(['PRECREATED', 'CREATED', 'ATTACHED']);

  const stopped = await ecs.stopTask({ task: task.taskArn });
  expect(stopped.task).toMatchObject({
    desiredStatus: 'STOPPED',
    lastStatus: 'RUNNING',
    stopCode: 'UserInitiated',
    stoppedReason: 'Task stopped by user',
    stoppingAt: new Date(manual.clock.now()),
  });
  const stopping = await watch(manual, stopped.task ?? {}, 'STOPPED');
  expect(steps(stopping)).toEqual([
    'RUNNING of STOPPED, version 4',
    'DEPROVISIONING of STOPPED, version 5',
    'STOPPED of STOPPED, version 6',
  ]);
  expect(interfaceSteps(stopping)).toEqual(['ATTACHED', 'DETACHING', 'DELETED']);
});

test('the moments of a task come one after the other, and none too early', async () => {
  await using manual = await startManualServer();
  const { ecs } = manual;
  const task = await runImage(ecs, 'nginx');
  const starting = await watch(manual, task, 'RUNNING');
  await ecs.stopTask({ task: task.taskArn });
  const seen = [...starting, ...(await watch(manual, await describe(ecs, task), 'STOPPED'))];

  const at = (status: string) => momentsOf(seen.findLast((t) => t.lastStatus === status) ?? {});
  expect(at('PROVISIONING')).toEqual(momentsInOrder.slice(0, 1));
  expect(at('PENDING')).toEqual(momentsInOrder.slice(0, 1));
  expect(momentsOf(starting.at(-1) ?? {})).toEqual(momentsInOrder.slice(0, 5));
  expect(at('STOPPED')).toEqual(momentsInOrder);
  const stopped = seen.at(-1) ?? {};
  const times = momentsInOrder.map((moment) => stopped[moment]?.getTime() ?? NaN);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(stopped.stoppedAt?.getTime()).toBe(manual.clock.now());
});

test('a container shows its interface once that is created, and what it runs as when it runs', async () => {
  await using manual = await startManualServer();
  const task = await runImage(manual.ecs, 'nginx');
  const seen = await watch(manual, task, 'RUNNING');
  const created = seen.find((later) => interfaceOf(later)?.status === 'CREATED');
  const { details = [] } = interfaceOf(created) ?? {};
  expect(created?.lastStatus).toBe('PROVISIONING');
  expect(details.map(({ name }) => name)).toEqual([
    'subnetId',
    'networkInterfaceId',
    'macAddress',
    'privateIPv4Address',
  ]);
  const networkInterfaces = [
    { attachmentId: interfaceOf(task)?.id, privateIpv4Address: details[3]?.value },
  ];
  expect(created?.containers).toMatchObject([{ networkInterfaces }]);
  const id = task.taskArn?.slice(-32);
  // The 32-bit FNV-1a hash of the container's name.
  expect(seen.at(-1)?.containers).toMatchObject([
    {
      lastStatus: 'RUNNING',
      runtimeId: expect.stringMatching(`^${id}-\\d{10}$`),
      networkBindings: [],
    },
  ]);
});

test('a task whose essential container exits shows its code and is STOPPED', async () => {
  await using manual = await startManualServer();
  const task = await runImage(manual.ecs, 'simulated/sleep:50ms');
  const seen = await watch(manual, task, 'STOPPED');
  expect(steps(seen)).toEqual([
    'PROVISIONING of RUNNING, version 1',
    'PENDING of RUNNING, version 2',
    'RUNNING of RUNNING, version 3',
    'DEPROVISIONING of STOPPED, version 4',
    'STOPPED of STOPPED, version 5',
  ]);
  expect(seen.at(-1)).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ lastStatus: 'STOPPED', exitCode: 0 }],
  });
});

test('a task whose image cannot be pulled never starts, and says why', async () => {
  await using manual = await startManualServer();
  const task = await runImage(manual.ecs, 'simulated/missing');
  const seen = await watch(manual, task, 'STOPPED');
  const stopped = seen.at(-1);
  expect(seen.map(({ lastStatus }) => lastStatus)).not.toContain('RUNNING');
  expect(stopped).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(/^CannotPullContainerError: /),
  });
  expect(stopped).not.toHaveProperty('startedAt');
  expect(stopped?.containers?.[0]).not.toHaveProperty('exitCode');
});

test('a task that is stopped while PROVISIONING never has a start', async () => {
  await using manual = await startManualServer();
  const task = await runImage(manual.ecs, 'nginx');
  const { task: asked } = await manual.ecs.stopTask({ task: task.taskArn, reason: 'mistake' });
  expect(asked).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'STOPPED' });
  const seen = await watch(manual, asked ?? {}, 'STOPPED');
  expect(seen.map(({ lastStatus }) => lastStatus)).not.toContain('RUNNING');
  const stopped = seen.at(-1);
  expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'mistake' });
  expect(stopped).not.toHaveProperty('startedAt');
  expect(stopped).not.toHaveProperty('pullStartedAt');
  expect(stopped?.containers?.[0]).not.toHaveProperty('exitCode');
});

test('a container that ignores SIGTERM is killed after its stop timeout', async () => {
  await using manual = await startManualServer();
  const { ecs } = manual;
  await ecs.createCluster();
  const app = { name: 'app', image: 'simulated/stubborn', stopTimeout: 2 };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  const { tasks = [] } = await ecs.runTask(aRun());
  await watch(manual, tasks[0] ?? {}, 'RUNNING');
  await ecs.stopTask({ task: tasks[0]?.taskArn });
  await manual.advance(10_000);
  const stopped = await describe(ecs, tasks[0] ?? {});
  expect(stopped).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 137 }] });
  const waited =
    (stopped.executionStoppedAt?.getTime() ?? 0) - (stopped.stoppingAt?.getTime() ?? 0);
  expect(waited).toBe(2_000);
});

test('counts and statistics of a cluster follow its tasks', async () => {
  await using manual = await startManualServer();
  const { ecs } = manual;
  const task = await runImage(ecs, 'nginx', { count: 1 });
  const counts = async () => {
    const { clusters } = await ecs.describeClusters({ include: ['STATISTICS'] });
    const statistics = new Map(clusters?.[0]?.statistics?.map(({ name, value }) => [name, value]));
    expect(clusters?.[0]?.runningTasksCount).toBe(
      Number(statistics.get('runningFargateTasksCount')),
    );
    expect(clusters?.[0]?.pendingTasksCount).toBe(
      Number(statistics.get('pendingFargateTasksCount')),
    );
    return [clusters?.[0]?.pendingTasksCount, clusters?.[0]?.runningTasksCount];
  };
  expect(await counts()).toEqual([1, 0]);
  await watch(manual, task, 'PENDING');
  expect(await counts()).toEqual([1, 0]);
  await watch(manual, task, 'RUNNING');
  expect(await counts()).toEqual([0, 1]);
  // A task that is told to stop leaves the count at once, although it still runs.
  const { task: stopping } = await ecs.stopTask({ task: task.taskArn });
  expect(stopping?.lastStatus).toBe('RUNNING');
  expect(await counts()).toEqual([0, 0]);
  await watch(manual, task, 'STOPPED');
  expect(await counts()).toEqual([0, 0]);
});

test('a cluster cannot be deleted before the last of its tasks is STOPPED', async () => {
  await using manual = await startManualServer();
  const { ecs } = manual;
  const refusal =
    'ClusterContainsTasksException: The Cluster cannot be deleted while Tasks are active.';
  const task = await runImage(ecs, 'nginx');
  const named = { cluster: 'default' };
  expect(await refusalOf(ecs.deleteCluster(named))).toBe(refusal);
  await watch(manual, task, 'RUNNING');
  expect(await refusalOf(ecs.deleteCluster(named))).toBe(refusal);
  await ecs.stopTask({ task: task.taskArn });
  await watch(manual, task, 'DEPROVISIONING');
  expect(await refusalOf(ecs.deleteCluster(named))).toBe(refusal);
  await watch(manual, task, 'STOPPED');
  expect((await ecs.deleteCluster(named)).cluster?.status).toBe('INACTIVE');
});
