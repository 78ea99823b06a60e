import { expect, test } from 'vitest';
import { readEvents } from './event-reader.ts';
import { aBrokenAgent, anAgent, registerAgent, startDaemonFleet } from './daemon-requests.ts';

/** A fleet of two instances with the daemon `watch` on each. */
async function startWatched(given: Parameters<Fleet['aDaemon']>[0] = {}) {
  const fleet = await startDaemonFleet();
  const agents = [await fleet.enlist(), await fleet.enlist()];
  const { daemonArn = '', deploymentArn } = await fleet.ecs.createDaemon(fleet.aDaemon(given));
  await fleet.deployed(deploymentArn);
  const [first = '', second = ''] = agents.map(({ instanceArn }) => instanceArn);
  return { ...fleet, agents, daemonArn, first, second };
}

type Fleet = Awaited<ReturnType<typeof startDaemonFleet>>;

/** The task of the daemon on an instance. */
async function taskOn({ ecs }: Pick<Fleet, 'ecs'>, containerInstance: string): Promise<string> {
  const { taskArns = [] } = await ecs.listTasks({ containerInstance });
  return taskArns[0] ?? '';
}

test('a new instance is REGISTERING, and takes no other task, until its critical daemon runs', async () => {
  await using fleet = await startWatched();
  const { ecs } = fleet;
  await ecs.registerTaskDefinition({
    family: 'hosted',
    networkMode: 'host',
    containerDefinitions: [{ name: 'app', image: 'example/app', memory: 300 }],
  });
  const launch = {
    taskDefinition: 'hosted',
    capacityProviderStrategy: [{ capacityProvider: 'agents', weight: 1 }],
  };
  const agent = await fleet.enlist({ holdsTasks: true, memory: 512 });
  expect(await fleet.statuses([agent])).toEqual(['REGISTERING']);
  expect((await ecs.runTask(launch)).tasks).toEqual([]);
  await fleet.advance(60_000);
  expect(await fleet.statuses([agent])).toEqual(['REGISTERING']);
  agent.holdsTasks = false;
  await agent.restart();
  await fleet.until(async () => expect(await fleet.statuses([agent])).toEqual(['ACTIVE']));
  expect(await fleet.running([agent])).toEqual(['agent:1']);
  expect((await ecs.runTask(launch)).tasks).toMatchObject([
    { containerInstanceArn: agent.instanceArn },
  ]);
});

test('an instance whose critical daemon stops is drained until there is another one', async () => {
  await using fleet = await startWatched();
  const { ecs, agents, first } = fleet;
  const [agent] = agents;
  if (agent) agent.holdsTasks = true;
  const task = await taskOn(fleet, first);
  await ecs.stopTask({ task });
  await fleet.until(async () =>
    expect(await fleet.statuses(agents)).toEqual(['DRAINING', 'ACTIVE']),
  );
  if (agent) agent.holdsTasks = false;
  await agent?.restart();
  await fleet.until(async () => expect(await fleet.statuses(agents)).toEqual(['ACTIVE', 'ACTIVE']));
  expect(await fleet.running(agents)).toEqual(['agent:1', 'agent:1']);
  expect(await taskOn(fleet, first)).not.toBe(task);
});

test('an instance does without a daemon that is not critical', async () => {
  await using fleet = await startDaemonFleet();
  const { ecs, aDaemon } = fleet;
  const agents = [await fleet.enlist()];
  const daemonTaskDefinitionArn = await registerAgent(ecs, aBrokenAgent);
  const request = aDaemon({ daemonTaskDefinitionArn, critical: false });
  const { daemonArn, deploymentArn } = await ecs.createDaemon(request);
  await fleet.until(async () => {
    expect((await fleet.deployment(deploymentArn)).circuitBreaker?.failureCount).toBeGreaterThan(3);
    expect(await fleet.statuses(agents)).toEqual(['ACTIVE']);
  });
  expect((await fleet.deployment(deploymentArn)).targetDaemonRevision).toMatchObject({
    totalRunningInstanceCount: 0,
    totalWithoutDaemonInstanceCount: 1,
  });
  const { daemon } = await ecs.describeDaemon({ daemonArn });
  expect(daemon?.currentRevisions).toMatchObject([
    { totalRunningCount: 0, totalWithoutDaemonCount: 1 },
  ]);
  expect(await fleet.statuses([await fleet.enlist()])).toEqual(['ACTIVE']);
});

test('a daemon that finds no room on an instance says so, and comes once there is some', async () => {
  await using fleet = await startDaemonFleet();
  const { ecs, aDaemon } = fleet;
  const agent = await fleet.enlist({ memory: 64 });
  await ecs.registerTaskDefinition({
    family: 'hosted',
    networkMode: 'host',
    containerDefinitions: [{ name: 'app', image: 'example/app', memory: 64 }],
  });
  const { tasks = [] } = await ecs.runTask({
    taskDefinition: 'hosted',
    capacityProviderStrategy: [{ capacityProvider: 'agents', weight: 1 }],
  });
  const { deploymentArn } = await ecs.createDaemon(aDaemon());
  await fleet.until(async () => {
    const told = await readEvents(fleet.server.url, { type: 'ECS Daemon Action' });
    expect(told.map(({ event }) => event.detail)).toMatchObject([
      {
        eventType: 'WARN',
        eventName: 'DAEMON_TASK_START_IMPAIRED',
        containerInstanceArns: [agent.instanceArn],
        reason:
          'RESOURCE:MEMORY - Unable to place daemon task on container instance: insufficient memory',
      },
    ]);
  });
  await ecs.stopTask({ task: tasks[0]?.taskArn });
  await fleet.deployed(deploymentArn);
  expect(await fleet.running([agent])).toEqual(['agent:1']);
});

test('a user who drains an instance keeps the daemon there to the last', async () => {
  await using fleet = await startWatched();
  const { ecs, agents, first, providerArn, daemonArn } = fleet;
  await ecs.updateContainerInstancesState({ containerInstances: [first], status: 'DRAINING' });
  const { deploymentArn } = await ecs.updateDaemon({
    daemonArn,
    daemonTaskDefinitionArn: await registerAgent(ecs),
    capacityProviderArns: [providerArn],
  });
  await fleet.deployed(deploymentArn);
  expect(await fleet.running(agents)).toEqual(['agent:1', 'agent:2']);
  expect(await fleet.statuses(agents)).toEqual(['DRAINING', 'ACTIVE']);
  await ecs.updateContainerInstancesState({ containerInstances: [first], status: 'ACTIVE' });
  await fleet.until(async () =>
    expect(await fleet.running(agents)).toEqual(['agent:2', 'agent:2']),
  );
  await fleet.until(async () => expect(await fleet.statuses(agents)).toEqual(['ACTIVE', 'ACTIVE']));
});

test('a deployment does not wait for an instance whose agent is away, which catches up later', async () => {
  await using fleet = await startWatched();
  const { ecs, agents, providerArn, daemonArn, second } = fleet;
  await agents[1]?.kill();
  await fleet.until(async () => {
    const { containerInstances } = await ecs.describeContainerInstances({
      containerInstances: [second],
    });
    expect(containerInstances?.[0]?.agentConnected).toBe(false);
  });
  const { deploymentArn } = await ecs.updateDaemon({
    daemonArn,
    daemonTaskDefinitionArn: await registerAgent(ecs),
    capacityProviderArns: [providerArn],
  });
  await fleet.deployed(deploymentArn);
  expect(await fleet.running(agents)).toEqual(['agent:2', 'agent:1']);
  await agents[1]?.restart();
  await fleet.until(async () =>
    expect(await fleet.running(agents)).toEqual(['agent:2', 'agent:2']),
  );

  await ecs.deregisterContainerInstance({ containerInstance: second, force: true });
  await fleet.advance(5_000);
  const { daemon } = await ecs.describeDaemon({ daemonArn });
  expect(daemon?.currentRevisions).toMatchObject([{ totalRunningCount: 1 }]);
});

test('DeleteDaemon takes its tasks from the instances in turn, and then there is no such daemon', async () => {
  await using fleet = await startWatched();
  const { ecs, agents, daemonArn, providerArn } = fleet;
  const busy = await ecs
    .deleteCapacityProvider({ capacityProvider: providerArn })
    .catch((error: Error) => `${error.name}: ${error.message}`);
  expect(busy).toBe(
    'ClientException: Cannot delete capacity provider. Daemon services are still associated with ' +
      'this capacity provider.',
  );
  await ecs.deleteDaemonTaskDefinition({ daemonTaskDefinition: 'agent:1' });
  const deleted = await ecs.deleteDaemon({ daemonArn });
  expect(deleted).toMatchObject({ daemonArn, status: 'DELETE_IN_PROGRESS' });
  expect((await ecs.describeDaemon({ daemonArn })).daemon?.status).toBe('DELETE_IN_PROGRESS');
  expect(await fleet.deployment(deleted.deploymentArn)).toMatchObject({
    status: expect.stringMatching(/PENDING|IN_PROGRESS/),
  });
  await expect(ecs.deleteDaemon({ daemonArn })).rejects.toThrow('Daemon was not ACTIVE.');
  await fleet.until(async () => {
    await expect(ecs.describeDaemon({ daemonArn })).rejects.toThrow('Daemon not found.');
  });
  await fleet.until(async () => expect(await fleet.statuses(agents)).toEqual(['ACTIVE', 'ACTIVE']));
  expect((await ecs.listTasks({})).taskArns).toEqual([]);
  const { daemonTaskDefinition } = await ecs.describeDaemonTaskDefinition({
    daemonTaskDefinition: 'agent:1',
  });
  expect(daemonTaskDefinition?.status).toBe('DELETED');
  await ecs.deleteCapacityProvider({ capacityProvider: providerArn });
});

test('DeleteDaemon does not wait for an instance that is away for good, though it was to be drained', async () => {
  await using fleet = await startWatched();
  const { ecs, agents, daemonArn, providerArn, first } = fleet;
  await ecs.updateDaemon({
    daemonArn,
    daemonTaskDefinitionArn: await registerAgent(ecs),
    capacityProviderArns: [providerArn],
  });
  await fleet.until(async () =>
    expect(await fleet.statuses(agents)).toEqual(['DRAINING', 'ACTIVE']),
  );
  await agents[0]?.kill();
  await ecs.deleteDaemon({ daemonArn });
  await fleet.until(async () => {
    const { containerInstances } = await ecs.describeContainerInstances({
      containerInstances: [first],
    });
    expect(containerInstances).toMatchObject([{ agentConnected: false }]);
    await expect(ecs.describeDaemon({ daemonArn })).rejects.toThrow('Daemon not found.');
  });
  expect(await fleet.statuses(agents)).toEqual(['ACTIVE', 'ACTIVE']);
});

test('tasks of a daemon are in its group, with the tags that it propagates', async () => {
  const tags = [{ key: 'team', value: 'blue' }];
  await using fleet = await startWatched({
    tags,
    propagateTags: 'DAEMON',
    enableECSManagedTags: true,
  });
  const { ecs, first, daemonArn } = fleet;
  const { taskArns = [] } = await ecs.listTasks({ daemonName: 'watch' });
  expect(taskArns).toHaveLength(2);
  const described = await ecs.describeTasks({ tasks: taskArns, include: ['TAGS'] });
  const onFirst = described.tasks?.find((task) => task.containerInstanceArn === first);
  const { daemon } = await ecs.describeDaemon({ daemonArn });
  const digits = daemon?.currentRevisions?.[0]?.arn?.split('/').at(-1);
  expect(onFirst).toMatchObject({
    group: 'daemon:watch',
    startedBy: `ecs-daemon/${digits}`,
    launchType: 'MANAGED_INSTANCES',
    capacityProviderName: 'agents',
    taskDefinitionArn: expect.stringMatching(/:daemon-task-definition\/agent:1$/),
  });
  expect(onFirst?.tags).toEqual(
    expect.arrayContaining([
      { key: 'aws:ecs:clusterName', value: 'default' },
      { key: 'aws:ecs:daemonName', value: 'watch' },
      ...tags,
    ]),
  );
  await ecs.tagResource({ resourceArn: daemonArn, tags: [{ key: 'a', value: 'b' }] });
  expect((await ecs.listTagsForResource({ resourceArn: daemonArn })).tags).toEqual([
    ...tags,
    { key: 'a', value: 'b' },
  ]);
  await expect(ecs.listTasks({ daemonName: 'nobody' })).rejects.toThrow('Daemon not found.');
  await expect(
    ecs.runTask({ taskDefinition: 'web', launchType: 'EC2', group: 'daemon:watch' }),
  ).rejects.toThrow('Groups cannot start with daemon:.');
});

test('an agent is given the task of a daemon as one in bridge mode', async () => {
  await using fleet = await startDaemonFleet();
  const { ecs, aDaemon } = fleet;
  const agent = await fleet.enlist();
  const daemonTaskDefinitionArn = await registerAgent(ecs, anAgent({ cpu: '128', memory: '64' }));
  const { deploymentArn } = await ecs.createDaemon(aDaemon({ daemonTaskDefinitionArn }));
  await fleet.deployed(deploymentArn);
  expect(agent.told).toMatchObject([{ family: 'agent', version: '2', networkMode: 'bridge' }]);
});
