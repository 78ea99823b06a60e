import { once } from 'node:events';
import { get } from 'node:http';
import type { ECS } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/support/clock.ts';
import { refusalOf } from '../contract/refusal-of.ts';
import type { AgentDouble } from './agent-double.ts';
import { AgentSite, cluster, eventually } from './agent-site.ts';

const start = Date.UTC(2026, 8, 16);

let clock: ManualClock;
let site: AgentSite;
let ecs: ECS;
let agent: AgentDouble;

beforeEach(async () => {
  clock = new ManualClock(start);
  site = await AgentSite.open({ clock });
  ({ ecs, agent } = site);
  await eventually(isConnected, true);
});

afterEach(() => site.close());

function isConnected(): Promise<boolean | undefined> {
  return site.isConnected();
}

const container = { name: 'app', image: 'busybox', memory: 32 };

async function register(given: Partial<Parameters<ECS['registerTaskDefinition']>[0]> = {}) {
  await ecs.registerTaskDefinition({ family: 'web', containerDefinitions: [container], ...given });
}

async function runTask(): Promise<string> {
  const { tasks } = await ecs.runTask({ cluster, taskDefinition: 'web', launchType: 'EXTERNAL' });
  return tasks?.[0]?.taskArn ?? '';
}

function messages(type: string) {
  return agent.received.filter((received) => received.type === type);
}

function payloadsFor(taskArn: string) {
  return agent.told.filter(({ arn }) => arn === taskArn);
}

test('a task is told to an agent once, however often its record changes', async () => {
  await register();
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  await ecs.tagResource({ resourceArn: taskArn, tags: [{ key: 'a', value: 'b' }] });
  await ecs.stopTask({ cluster, task: taskArn });
  await eventually(() => site.statusOf(taskArn), 'STOPPED');
  expect(payloadsFor(taskArn)).toMatchObject([
    { desiredStatus: 'RUNNING', family: 'web', version: '1', networkMode: 'bridge' },
    { arn: taskArn, desiredStatus: 'STOPPED' },
  ]);
});

test('a newer connection of an instance takes the place of the older one', async () => {
  const olderIsClosed = agent.closed();
  await agent.connect();
  expect(await olderIsClosed).toBe(1001);
  expect(await isConnected()).toBe(true);
  await register();
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
});

test('an agent is disconnected at once when its connection is lost; its tasks are kept', async () => {
  await register();
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  await agent.kill();
  await eventually(isConnected, false);
  expect(await site.statusOf(taskArn)).toBe('RUNNING');
  const { failures } = await ecs.startTask({
    cluster,
    taskDefinition: 'web',
    containerInstances: [agent.instanceArn],
  });
  expect(failures).toEqual([{ arn: agent.instanceArn, reason: 'AGENT' }]);
});

test('however long an agent is away, its instance and tasks stay as they were', async () => {
  await register();
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  await agent.kill();
  await eventually(isConnected, false);
  clock.advance(30 * 24 * 60 * 60 * 1000);
  expect(await site.describeInstance()).toMatchObject({ status: 'ACTIVE', runningTasksCount: 1 });
  expect(await site.statusOf(taskArn)).toBe('RUNNING');
  await agent.restart();
  await eventually(isConnected, true);
  agent.end(taskArn, 'app', 3);
  await eventually(() => site.statusOf(taskArn), 'STOPPED');
  expect((await site.describeTask(taskArn))?.containers?.[0]?.exitCode).toBe(3);
});

test('while an agent is away, a task and a service are explained by that, and since when', async () => {
  await register();
  clock.advance(60_000);
  const service = { cluster, serviceName: 'shop', taskDefinition: 'web', desiredCount: 1 };
  await ecs.createService({ ...service, launchType: 'EXTERNAL' });
  const started = async () => (await ecs.listTasks({ cluster, serviceName: 'shop' })).taskArns;
  await eventually(async () => (await started())?.length, 1);
  const [taskArn = ''] = (await started()) ?? [];
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  await agent.kill();
  await eventually(isConnected, false);
  clock.advance(10_000);
  const explained = async (query: string) =>
    (await fetch(`${site.server.url}/longshore/explain?${query}&account=${site.accountId}`)).json();
  const away = `the agent of container instance ${agent.instanceArn.split('/').at(-1)} is not connected`;
  const unknown = `${away}, and nothing new is known of`;
  expect(await explained(`task=${taskArn}`)).toMatchObject({
    summary: `It is RUNNING: ${unknown} it.`,
    waits: [{ since: new Date(start + 60_000).toISOString() }],
  });
  expect(await explained('service=shop')).toMatchObject({
    summary: `1 of 1 tasks run. It waits: ${unknown} its task there.`,
  });
  await agent.restart();
  await eventually(isConnected, true);
  expect(await explained(`task=${taskArn}`)).toMatchObject({ waits: [] });
});

test('a new task counts as healthy only when its agent has been there for as long as it has to run', async () => {
  await register();
  const service = { cluster, serviceName: 'shop', taskDefinition: 'web', desiredCount: 1 };
  await ecs.createService({ ...service, launchType: 'EXTERNAL' });
  const tasks = async () => (await ecs.listTasks({ cluster, serviceName: 'shop' })).taskArns ?? [];
  await eventually(async () => (await tasks()).length, 1);
  const [former = ''] = await tasks();
  await eventually(() => site.statusOf(former), 'RUNNING');
  clock.advance(5_000);
  const rollout = async () => {
    const { services } = await ecs.describeServices({ cluster, services: ['shop'] });
    return services?.[0]?.deployments?.map(({ rolloutState }) => rolloutState);
  };
  await eventually(rollout, ['COMPLETED']);
  await register();
  await ecs.updateService({ cluster, service: 'shop', taskDefinition: 'web' });
  await eventually(async () => (await tasks()).length, 2);
  const newer = (await tasks()).find((arn) => arn !== former) ?? '';
  await eventually(() => site.statusOf(newer), 'RUNNING');

  await agent.kill();
  await eventually(isConnected, false);
  clock.advance(60_000);
  expect(await rollout()).toEqual(['IN_PROGRESS', 'COMPLETED']);
  expect((await site.describeTask(former))?.desiredStatus).toBe('RUNNING');
  await agent.restart();
  await eventually(isConnected, true);
  clock.advance(4_999);
  expect(await rollout()).toEqual(['IN_PROGRESS', 'COMPLETED']);
  expect((await site.describeTask(former))?.desiredStatus).toBe('RUNNING');
  clock.advance(1);
  await eventually(rollout, ['COMPLETED']);
  expect((await site.describeTask(former))?.desiredStatus).toBe('STOPPED');
});

/** On the channel whose heartbeats are answered. */
function beats(): number {
  return agent.received.filter(
    ({ type, message }) => type === 'HeartbeatMessage' && 'messageId' in message,
  ).length;
}

test('an agent hears a heartbeat every 25 seconds, and is given up after it leaves three unanswered', async () => {
  for (let beat = 1; beat <= 6; beat += 1) {
    if (beat === 4) agent.deafTo.add('HeartbeatMessage');
    clock.advance(25_000);
    await eventually(beats, beat);
    await site.describeInstance();
  }
  expect(await isConnected()).toBe(true);
  clock.advance(25_000);
  await eventually(isConnected, false);
});

test('a payload without an answer is sent four times; then its task has failed to start', async () => {
  await register();
  agent.deafTo.add('PayloadMessage');
  const taskArn = await runTask();
  for (let tries = 1; tries <= 4; tries += 1) {
    await eventually(() => payloadsFor(taskArn).length, tries);
    clock.advance(30_000);
  }
  await eventually(async () => (await site.describeTask(taskArn))?.desiredStatus, 'STOPPED');
  expect(await site.describeTask(taskArn)).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'The container agent did not accept the task.',
  });
  await eventually(() => payloadsFor(taskArn).at(-1)?.desiredStatus, 'STOPPED');
  agent.deafTo.clear();
  clock.advance(30_000);
  await eventually(() => site.statusOf(taskArn), 'STOPPED');
});

test('a task has credentials under an id that lasts, over restarts and refreshes', async () => {
  await register({ taskRoleArn: 'arn:aws:iam::123456789012:role/reader' });
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  const [payload] = payloadsFor(taskArn);
  const credentialsId = payload?.roleCredentials?.credentialsId ?? '';
  expect(payload?.roleCredentials).toMatchObject({
    roleArn: 'arn:aws:iam::123456789012:role/reader',
    expiration: '2026-09-16T06:00:00Z',
  });
  expect(payload?.executionRoleCredentials).toBeUndefined();

  await agent.kill();
  await eventually(isConnected, false);
  await agent.restart();
  await eventually(() => [...agent.credentials.keys()], [credentialsId]);
  agent.credentials.clear();
  // Each heartbeat needs its answer on the way.
  await clock.advanceSettling(3 * 60 * 60 * 1000, async () => void (await site.describeInstance()));
  await eventually(
    () => agent.credentials.get(credentialsId)?.roleCredentials.expiration,
    '2026-09-16T09:00:00Z',
  );
});

test('a manifest names what should run, and comes with each connection', async () => {
  await register();
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  await agent.connect();
  await eventually(() => messages('TaskManifestMessage').length, 2);
  expect(messages('TaskManifestMessage').at(-1)?.message).toMatchObject({
    containerInstanceArn: agent.instanceArn,
    tasks: [{ taskArn, desiredStatus: 'RUNNING' }],
  });
});

test('what an agent publishes of health shows in tasks and in the instance', async () => {
  const healthCheck = { command: ['CMD', 'true'] };
  await register({ containerDefinitions: [{ ...container, healthCheck }] });
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  expect(payloadsFor(taskArn)[0]?.containers?.[0]?.healthCheckType).toBe('docker');
  const containers = [{ containerName: 'app', healthStatus: 'HEALTHY' }];
  const message = { tasks: [{ taskArn, containers }] };
  agent.publish(JSON.stringify({ type: 'PublishHealthRequest', message }));
  await eventually(async () => (await site.describeTask(taskArn))?.healthStatus, 'HEALTHY');
  const statuses = [{ type: 'ContainerRuntime', status: 'IMPAIRED' }];
  agent.publish(JSON.stringify({ type: 'PublishInstanceStatusRequest', message: { statuses } }));
  await eventually(
    async () => (await site.describeInstance())?.healthStatus?.overallStatus,
    'IMPAIRED',
  );
});

async function telemetryOf(query: string): Promise<unknown> {
  const response = await fetch(`${site.server.url}/longshore/telemetry?${query}`);
  return response.ok ? response.json() : response.status;
}

test('what containers use, as agents publish it, can be read of a task and of an instance', async () => {
  await register();
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  const samples = (sum: number) => ({ min: 0, max: sum, sum, sampleCount: 4 });
  const app = { containerName: 'app', cpuStatsSet: samples(40), memoryStatsSet: samples(128) };
  const message = {
    metadata: { fin: true },
    taskMetrics: [{ taskArn, containerMetrics: [{ ...app, storageStatsSet: {} }] }],
  };
  agent.publish(JSON.stringify({ type: 'PublishMetricsRequest', message }));
  const used = { cpuPercentOfHost: 10, memoryMiB: 32 };
  const containers = [{ name: 'app', at: new Date(start).toISOString(), ...used }];
  const task = { taskArn, ...used, containers };
  await eventually(() => telemetryOf(`task=${taskArn}`), task);
  expect(await telemetryOf(`containerInstance=${agent.instanceArn}`)).toEqual({
    containerInstanceArn: agent.instanceArn,
    ...used,
    tasks: [task],
  });
  expect(await telemetryOf('task=none')).toBe(404);
});

test('the health of an instance shows when it was looked at last, and when it changed', async () => {
  const statuses = [{ type: 'ContainerRuntime', status: 'OK' }];
  const text = JSON.stringify({ type: 'PublishInstanceStatusRequest', message: { statuses } });
  const health = async () => (await site.describeInstance())?.healthStatus;
  expect(await health()).toEqual({ overallStatus: 'INSUFFICIENT_DATA', details: [] });
  agent.publish(text);
  await eventually(async () => (await health())?.overallStatus, 'OK');
  clock.advance(60_000);
  agent.publish(text);
  const lastUpdated = new Date(start + 60_000);
  await eventually(async () => (await health())?.details?.[0]?.lastUpdated, lastUpdated);
  expect((await health())?.details).toEqual([
    { type: 'CONTAINER_RUNTIME', status: 'OK', lastUpdated, lastStatusChange: new Date(start) },
  ]);
});

test('what an agent runs in containers for ExecuteCommand shows in its task', async () => {
  await register({ taskRoleArn: 'arn:aws:iam::123456789012:role/exec' });
  const { tasks } = await ecs.runTask({
    cluster,
    taskDefinition: 'web',
    launchType: 'EXTERNAL',
    enableExecuteCommand: true,
  });
  const name = 'ExecuteCommandAgent' as const;
  expect(tasks?.[0]?.containers?.[0]?.managedAgents).toEqual([{ name, lastStatus: 'PENDING' }]);
  const task = tasks?.[0]?.taskArn ?? '';
  await eventually(() => site.statusOf(task), 'RUNNING');
  const reason = 'ExecuteCommandAgent started';
  const told = { containerName: 'app', managedAgentName: name, status: 'RUNNING', reason };
  await ecs.submitTaskStateChange({ cluster, task, managedAgents: [told] });
  expect((await site.describeTask(task))?.containers?.[0]?.managedAgents).toEqual([
    { name, lastStatus: 'RUNNING', lastStartedAt: new Date(clock.now()), reason },
  ]);
  // The agent's own way leads to AWS.
  const command = { cluster, task, container: 'app', command: 'sh', interactive: true };
  const refused = await refusalOf(ecs.executeCommand(command));
  expect(refused).toBe(
    'TargetNotConnectedException: The execute command failed due to an internal error. Try again later.',
  );
});

test('a deregistered instance is hung up on, and let in no more', async () => {
  await register();
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  const hungUp = agent.closed();
  const containerInstance = agent.instanceArn;
  await ecs.deregisterContainerInstance({ cluster, containerInstance, force: true });
  expect(await hungUp).toBe(1000);
  expect(await site.describeTask(taskArn)).toMatchObject({
    lastStatus: 'STOPPED',
    stoppedReason: 'Container instance deregistration forced by user',
  });
  await expect(agent.connect()).rejects.toThrow('400');
});

test('an instance of another account is refused its websockets', async () => {
  const query = new URLSearchParams({ containerInstanceArn: agent.instanceArn });
  const request = get(`${site.server.url}/ecs-agent/acs/ws?${query.toString()}`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      authorization:
        'AWS4-HMAC-SHA256 Credential=999999999999/20260916/us-east-1/ecs/aws4_request, ' +
        'SignedHeaders=host, Signature=00',
      'x-amz-date': '20260916T000000Z',
    },
  });
  const [response] = await once(request, 'response');
  expect(response).toMatchObject({ statusCode: 400 });
});

test('a frame that cannot be read ends nothing but itself', async () => {
  agent.publish('{"type":');
  agent.publish('{"type":"PublishHealthRequest","message":{"tasks":"none"}}');
  agent.publish('{"type":"OfTomorrow","message":{}}');
  await register();
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  expect(await isConnected()).toBe(true);
});
