import { expect, test } from 'vitest';
import { Alarms } from './alarms-double.ts';
import { aManagedRequest } from './capacity-provider-requests.ts';
import { aBrokenAgent, registerAgent, startDaemonFleet } from './daemon-requests.ts';
import { anInstanceService, spreadOf } from './instance-requests.ts';

/** A fleet of so many instances with the daemon `watch` on each. */
async function startWatched(count: number, alarms = new Alarms()) {
  const fleet = await startDaemonFleet(alarms);
  const agents = [];
  for (let index = 0; index < count; index += 1) agents.push(await fleet.enlist());
  const { daemonArn = '', deploymentArn } = await fleet.ecs.createDaemon(fleet.aDaemon());
  await fleet.deployed(deploymentArn);
  const update = async (daemonTaskDefinitionArn: string, drainPercent = 25, given: object = {}) =>
    fleet.ecs.updateDaemon({
      daemonArn,
      daemonTaskDefinitionArn,
      capacityProviderArns: [fleet.providerArn],
      deploymentConfiguration: { drainPercent, ...given },
    });
  return { ...fleet, agents, alarms, daemonArn, first: deploymentArn, update };
}

test('UpdateDaemon drains as many instances at a time as drainPercent says, and replaces in place', async () => {
  await using fleet = await startWatched(4);
  const { agents, ecs, update } = fleet;
  const { deploymentArn } = await update(await registerAgent(ecs), 50);
  const seen = new Set<number>();
  await fleet.until(async () => {
    const statuses = await fleet.statuses(agents);
    const draining = statuses.filter((status) => status === 'DRAINING').length;
    seen.add(draining);
    expect(draining).toBeLessThanOrEqual(2);
    const running = await fleet.running(agents);
    expect(running.filter(Boolean).length).toBeGreaterThanOrEqual(2);
    expect(running.every((text) => !text.includes(','))).toBe(true);
    expect((await fleet.deployment(deploymentArn)).status).toBe('SUCCESSFUL');
  });
  expect(seen).toContain(2);
  expect(await fleet.running(agents)).toEqual(Array(4).fill('agent:2'));
  expect(await fleet.statuses(agents)).toEqual(Array(4).fill('ACTIVE'));
  expect(await fleet.deployment(deploymentArn)).toMatchObject({
    sourceDaemonRevisions: [{ totalRunningInstanceCount: 0, totalDrainingInstanceCount: 0 }],
    targetDaemonRevision: { totalRunningInstanceCount: 4 },
    finishedAt: expect.any(Date),
  });
});

test('services leave an instance that drains for its daemon where they can', async () => {
  await using fleet = await startWatched(2);
  const { agents, ecs, update } = fleet;
  const capacityProviderStrategy = [{ capacityProvider: 'agents', weight: 1 }];
  await ecs.registerTaskDefinition({
    family: 'hosted',
    networkMode: 'host',
    containerDefinitions: [{ name: 'app', image: 'example/app', memory: 64 }],
  });
  const { launchType: _, ...request } = anInstanceService({ taskDefinition: 'hosted' });
  await ecs.createService({ ...request, capacityProviderStrategy });
  await fleet.steady();
  expect(await spreadOf(ecs, agents)).toEqual([1, 1]);
  const { deploymentArn } = await update(await registerAgent(ecs), 50);
  await fleet.deployed(deploymentArn);
  await fleet.steady();
  const { taskArns: tasks = [] } = await ecs.listTasks({
    serviceName: 'shop',
    desiredStatus: 'STOPPED',
  });
  expect(tasks).not.toEqual([]);
});

test('the circuit breaker rolls a broken revision back to the one before', async () => {
  await using fleet = await startWatched(2);
  const { agents, ecs, update, daemonArn } = fleet;
  const { deploymentArn } = await update(await registerAgent(ecs, aBrokenAgent), 100);
  const rolledBack = await fleet.deployed(deploymentArn, 'ROLLBACK_SUCCESSFUL');
  const reason =
    'Daemon deployment rolled back because the circuit breaker threshold was exceeded.';
  const { daemon } = await ecs.describeDaemon({ daemonArn });
  expect(rolledBack).toMatchObject({
    statusReason: reason,
    circuitBreaker: {
      failureCount: expect.toSatisfy((count) => count >= 10),
      threshold: 10,
      status: 'TRIGGERED',
    },
    rollback: {
      reason,
      startedAt: expect.any(Date),
      rollbackTargetDaemonRevisionArn: daemon?.currentRevisions?.[0]?.arn,
      rollbackCapacityProviders: [fleet.providerArn],
    },
  });
  expect(await fleet.running(agents)).toEqual(['agent:1', 'agent:1']);
  expect(await fleet.statuses(agents)).toEqual(['ACTIVE', 'ACTIVE']);
});

test('a first deployment that fails has nothing to go back to, and lets its instances go', async () => {
  await using fleet = await startDaemonFleet();
  const { ecs, aDaemon } = fleet;
  const agents = [await fleet.enlist(), await fleet.enlist(), await fleet.enlist()];
  const daemonTaskDefinitionArn = await registerAgent(ecs, aBrokenAgent);
  const { daemonArn, deploymentArn } = await ecs.createDaemon(aDaemon({ daemonTaskDefinitionArn }));
  const failed = await fleet.deployed(deploymentArn, 'ROLLBACK_FAILED');
  expect(failed.statusReason).toBe('No rollback candidate was found to run the rollback.');
  await fleet.until(async () =>
    expect(await fleet.statuses(agents)).toEqual(Array(3).fill('ACTIVE')),
  );
  const later = await fleet.enlist();
  expect(await fleet.statuses([later])).toEqual(['ACTIVE']);

  const { capacityProviderArns } = aDaemon();
  const good = await registerAgent(ecs);
  const updated = await ecs.updateDaemon({
    daemonArn,
    daemonTaskDefinitionArn: good,
    capacityProviderArns,
  });
  await fleet.deployed(updated.deploymentArn);
  expect(await fleet.running([...agents, later])).toEqual(Array(4).fill('agent:3'));
});

test('an alarm during the bake time rolls a daemon deployment back', async () => {
  await using fleet = await startWatched(1);
  const { agents, alarms, ecs, update } = fleet;
  const watched = { bakeTimeInMinutes: 10, alarms: { alarmNames: ['errors'], enable: true } };
  const { deploymentArn } = await update(await registerAgent(ecs), 100, watched);
  await fleet.until(async () => expect(await fleet.running(agents)).toEqual(['agent:2']));
  expect(await fleet.deployment(deploymentArn)).toMatchObject({
    status: 'IN_PROGRESS',
    alarms: { status: 'MONITORING', alarmNames: ['errors'] },
  });
  alarms.inAlarm.add('errors');
  const rolledBack = await fleet.deployed(deploymentArn, 'ROLLBACK_SUCCESSFUL');
  expect(rolledBack).toMatchObject({
    rollback: { reason: expect.stringContaining('alarms were triggered') },
    alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] },
  });
  expect(await fleet.running(agents)).toEqual(['agent:1']);
});

test('a deployment bakes before it is SUCCESSFUL', async () => {
  await using fleet = await startWatched(1);
  const { agents, ecs, update } = fleet;
  const { deploymentArn } = await update(await registerAgent(ecs), 100, { bakeTimeInMinutes: 5.5 });
  const { deploymentConfiguration } = await fleet.deployment(deploymentArn);
  expect(deploymentConfiguration?.bakeTimeInMinutes).toBe(5);
  await fleet.until(async () => expect(await fleet.running(agents)).toEqual(['agent:2']));
  await fleet.advance(60_000);
  expect((await fleet.deployment(deploymentArn)).status).toBe('IN_PROGRESS');
  await fleet.advance(5 * 60_000);
  expect((await fleet.deployment(deploymentArn)).status).toBe('SUCCESSFUL');
});

test('a deployment that is overtaken is STOPPED', async () => {
  await using fleet = await startWatched(1);
  const { agents, ecs, daemonArn, first, update } = fleet;
  const [agent] = agents;
  if (agent) agent.holdsTasks = true;
  const second = await update(await registerAgent(ecs));
  await fleet.advance(2_000);
  expect((await fleet.deployment(second.deploymentArn)).status).toBe('IN_PROGRESS');
  if (agent) agent.holdsTasks = false;
  const third = await update(await registerAgent(ecs));
  await fleet.deployed(third.deploymentArn);
  expect(await fleet.deployment(second.deploymentArn)).toMatchObject({
    status: 'STOPPED',
    statusReason: 'Daemon deployment stopped because a new daemon deployment was started.',
    stoppedAt: expect.any(Date),
  });
  expect(await fleet.running(agents)).toEqual(['agent:3']);

  const { daemonDeployments = [] } = await ecs.listDaemonDeployments({ daemonArn });
  expect(daemonDeployments.map((one) => [one.daemonDeploymentArn, one.status])).toEqual([
    [third.deploymentArn, 'SUCCESSFUL'],
    [second.deploymentArn, 'STOPPED'],
    [first, 'SUCCESSFUL'],
  ]);
  const stopped = await ecs.listDaemonDeployments({ daemonArn, status: ['STOPPED'] });
  expect(stopped.daemonDeployments).toHaveLength(1);
  const page = await ecs.listDaemonDeployments({ daemonArn, maxResults: 2 });
  const { nextToken } = page;
  const rest = await ecs.listDaemonDeployments({ daemonArn, maxResults: 2, nextToken });
  expect(rest.daemonDeployments).toMatchObject([{ daemonDeploymentArn: first }]);
});

test('a daemon moves to other capacity providers, and leaves those that it had', async () => {
  await using fleet = await startWatched(1);
  const { agents, ecs, daemonArn } = fleet;
  const other = await ecs.createCapacityProvider(aManagedRequest('others'));
  const there = await fleet.join({ attributes: { 'longshore.capacity-provider': 'others' } });
  const { deploymentArn } = await ecs.updateDaemon({
    daemonArn,
    daemonTaskDefinitionArn: 'agent',
    capacityProviderArns: [other.capacityProvider?.capacityProviderArn ?? ''],
  });
  await fleet.deployed(deploymentArn);
  expect(await fleet.running([...agents, there])).toEqual(['', 'agent:1']);
  expect(await fleet.statuses([...agents, there])).toEqual(['ACTIVE', 'ACTIVE']);
});
