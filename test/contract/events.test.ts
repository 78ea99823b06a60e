import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { followEvents, readEvents, take, taskMove, type ToldEvent } from './event-reader.ts';
import { aRun } from './requests.ts';
import { newAccount, startTestServer } from './server.ts';
import { startManualServer } from './manual-server.ts';
import {
  aServiceRequest,
  describeService,
  register,
  startServiceServer,
} from './service-requests.ts';

function names(events: readonly ToldEvent[]): unknown[] {
  return events.map(({ event }) => event.detail?.['eventName'] ?? event.detail?.['lastStatus']);
}

test('the life of a task is told in the order of its versions', async () => {
  await using manual = await startServiceServer();
  const { ecs, server, advance } = manual;
  const { tasks = [] } = await ecs.runTask(aRun());
  await advance(10_000);
  await ecs.stopTask({ task: tasks[0]?.taskArn });
  await advance(60_000);
  const events = await readEvents(server.url, { type: 'task' });
  expect(events.map(taskMove)).toEqual([
    'PROVISIONING/RUNNING 1',
    'PENDING/RUNNING 2',
    'RUNNING/RUNNING 3',
    'RUNNING/STOPPED 4',
    'DEPROVISIONING/STOPPED 5',
    'STOPPED/STOPPED 6',
  ]);
  expect(events.at(-1)?.event).toMatchObject({
    version: '0',
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    region: 'us-east-1',
    resources: [tasks[0]?.taskArn],
    detail: { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' },
  });
});

test('a service tells of its deployment and of its steady state', async () => {
  await using manual = await startServiceServer();
  const { ecs, server, advance } = manual;
  const { service } = await ecs.createService(aServiceRequest());
  await advance(10_000);
  const events = await readEvents(server.url, { resource: service?.serviceArn ?? '' });
  expect(names(events)).toEqual([
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_COMPLETED',
    'SERVICE_STEADY_STATE',
  ]);
  const ofTasks = await readEvents(server.url, { type: 'ECS Task State Change' });
  const id = service?.deployments?.[0]?.id;
  expect(ofTasks.map(({ event }) => event.detail)).toEqual(
    ofTasks.map(() => expect.objectContaining({ group: 'service:shop', startedBy: id })),
  );
});

test('a deployment is told to have failed before another is told to come back', async () => {
  await using manual = await startServiceServer();
  const { ecs, server, advance } = manual;
  const deploymentCircuitBreaker = { enable: true, rollback: true };
  const { service } = await ecs.createService(
    aServiceRequest({ desiredCount: 1, deploymentConfiguration: { deploymentCircuitBreaker } }),
  );
  await advance(10_000);
  await register(ecs, 'simulated/missing');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(60_000);
  const type = 'ECS Deployment State Change';
  const events = await readEvents(server.url, { type, resource: service?.serviceArn ?? '' });
  const id = service?.deployments?.[0]?.id;
  expect(events.slice(-3).map(({ event }) => event.detail)).toMatchObject([
    {
      eventName: 'SERVICE_DEPLOYMENT_FAILED',
      reason: 'ECS deployment circuit breaker: tasks failed to start.',
    },
    {
      eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
      deploymentId: id,
      reason: `ECS deployment circuit breaker: rolling back to deploymentId ${id}.`,
    },
    { eventName: 'SERVICE_DEPLOYMENT_COMPLETED', deploymentId: id },
  ]);
});

test('a follower hears what happens from now on, and goes on where it stopped', async () => {
  await using server = await startTestServer();
  const ecs = server.client(newAccount());
  await ecs.createCluster();
  await register(ecs);
  await ecs.runTask(aRun());
  const before = await take(followEvents(server.url, { since: '2020-01-01T00:00:00Z' }), 3);
  expect(before.map(taskMove)).toEqual([
    'PROVISIONING/RUNNING 1',
    'PENDING/RUNNING 2',
    'RUNNING/RUNNING 3',
  ]);
  const following = take(followEvents(server.url, { after: before[1]?.cursor ?? '' }), 4);
  await ecs.runTask(aRun({ startedBy: 'later' }));
  const heard = await following;
  expect(heard[0]).toEqual(before[2]);
  expect(heard.slice(1).map(({ event }) => event.detail?.['startedBy'])).toEqual(
    Array(3).fill('later'),
  );
  ecs.destroy();
});

test('events can be had of one cluster, from a time on, and so many', async () => {
  await using manual = await startManualServer();
  const { ecs, server, clock, advance } = manual;
  await ecs.createCluster({ clusterName: 'blue' });
  const { cluster } = await ecs.createCluster({ clusterName: 'green' });
  await register(ecs);
  await ecs.runTask(aRun({ cluster: 'blue' }));
  await advance(10_000);
  const since = new Date(clock.now()).toISOString();
  await ecs.runTask(aRun({ cluster: 'green' }));
  await advance(10_000);
  const count = async (query: Record<string, string>) =>
    (await readEvents(server.url, query)).length;
  expect(await count({})).toBe(6);
  expect(await count({ cluster: 'blue' })).toBe(3);
  expect(await count({ cluster: cluster?.clusterArn ?? '' })).toBe(3);
  expect(await count({ since })).toBe(3);
  expect(await count({ since, cluster: 'blue' })).toBe(0);
  expect(await count({ limit: '2', cluster: 'green' })).toBe(2);
});

test.for([
  ['type=nonsense', 'type is one of'],
  ['since=yesterday', 'since takes a time'],
  ['limit=-1', 'limit takes a number'],
  ['after=xyz', 'not a cursor of an event: xyz'],
  ['after=1795326704450.4.x', 'not a cursor of an event: 1795326704450.4.x'],
])('a question that cannot be answered, %s, is refused', async ([query, text]) => {
  await using server = await startTestServer();
  const response = await fetch(`${server.url}/longshore/events?${query}`);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(text);
});

test('events can be had as server-sent events', async () => {
  await using manual = await startServiceServer();
  const { ecs, server } = manual;
  await ecs.runTask(aRun());
  const headers = { accept: 'text/event-stream' };
  const response = await fetch(`${server.url}/longshore/events`, { headers });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const [told] = await readEvents(server.url);
  const data = JSON.stringify({ event: told?.event });
  expect(await response.text()).toBe(`id: ${told?.cursor}\ndata: ${data}\n\n`);
});

test('all messages of a service can be read, also those that DescribeServices has dropped', async () => {
  await using manual = await startServiceServer();
  const { ecs, server, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 0 }));
  for (let round = 0; round < 20; round += 1) {
    for (const desiredCount of [15, 0]) {
      await ecs.updateService({ service: 'shop', desiredCount });
      await advance(60_000);
    }
  }
  const { events = [], serviceArn = '' } = await describeService(ecs);
  const all = await readEvents(server.url, { service: serviceArn }, '/longshore/service-events');
  expect(events).toHaveLength(100);
  expect(all.length).toBeGreaterThan(100);
  expect(all.slice(-100).map(({ event }) => event.message)).toEqual(
    events.map(({ message }) => message).toReversed(),
  );
});

test('a restart neither loses events nor tells them twice', async () => {
  const disk = new MemoryDisk();
  const account = newAccount();
  const run = async (use: (url: string, ecs: ECS) => Promise<void>) => {
    await using server = await startTestServer({ store: await disk.open() });
    const ecs = server.client(account);
    await use(server.url, ecs);
    ecs.destroy();
  };
  let cursor = '';
  await run(async (url, ecs) => {
    await ecs.createCluster();
    await register(ecs);
    await ecs.runTask(aRun());
    const told = await take(followEvents(url, { since: '2020-01-01T00:00:00Z' }), 3);
    cursor = told.at(-1)?.cursor ?? '';
  });
  await run(async (url, ecs) => {
    await ecs.runTask(aRun());
    const [next] = await take(followEvents(url, { after: cursor }), 1);
    expect(next && taskMove(next)).toBe('PROVISIONING/RUNNING 1');
    expect(await readEvents(url, { limit: '3' })).toHaveLength(3);
  });
});
