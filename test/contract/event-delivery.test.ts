import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ECS } from '@aws-sdk/client-ecs';
import { AwsEndpoints } from '../../src/aws/aws-endpoints.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { EventBridgeDouble, type PutEntry } from '../fixtures/event-bridge-double.ts';
import { readEvents } from './event-reader.ts';
import { aRun } from './requests.ts';
import { newAccount, startTestServer, type TestServer } from './server.ts';
import { register } from './service-requests.ts';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => void vi.unstubAllEnvs());

function serverFor(double: EventBridgeDouble, disk = new MemoryDisk()): Promise<TestServer> {
  const awsEndpoints = new AwsEndpoints(new Map([['eventbridge', double.url]]));
  return disk.open().then((store) => startTestServer({ store, awsEndpoints }));
}

async function prepared(server: TestServer, region?: string): Promise<ECS> {
  const ecs = server.client(newAccount(), region);
  await ecs.createCluster();
  await register(ecs);
  return ecs;
}

/** Each event when it came first: one that was not acknowledged in time may come again. */
function firstComings(entries: readonly PutEntry[]): readonly PutEntry[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
}

/** The last status and the version of each event, by the task. */
function movesByTask(entries: readonly PutEntry[]) {
  const byTask = new Map<string, string[]>();
  for (const { Resources: [arn = ''] = [], Detail = '' } of firstComings(entries)) {
    const { lastStatus, version } = JSON.parse(Detail) as { lastStatus: string; version: number };
    byTask.set(arn, [...(byTask.get(arn) ?? []), `${lastStatus} ${version}`]);
  }
  return byTask;
}

const starting = ['PROVISIONING 1', 'PENDING 2', 'RUNNING 3'];

test('events come to EventBridge as they are read here, to the region that they are of', async () => {
  await using double = await EventBridgeDouble.open();
  await using server = await serverFor(double);
  const ecs = await prepared(server, 'eu-west-1');
  await ecs.runTask(aRun());
  await double.until(() => firstComings(double.taken).length === 3);
  const told = await readEvents(server.url);
  expect(firstComings(double.taken)).toEqual(
    told.map(({ event }) => ({
      Time: expect.any(Number),
      Source: 'aws.ecs',
      Resources: event.resources,
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
    })),
  );
  expect([...double.regions]).toEqual(['eu-west-1']);
  expect(server.errors).toEqual([]);
  ecs.destroy();
});

test('what is refused for now is tried again, and later events of the task wait for it', async () => {
  await using double = await EventBridgeDouble.open();
  await using server = await serverFor(double);
  const ecs = await prepared(server);
  const refused = new Map<string, number>();
  double.judge = ({ Resources: [arn = ''] = [] }) => {
    const times = refused.get(arn) ?? 0;
    refused.set(arn, times + 1);
    return times < 2 ? 'ThrottlingException' : undefined;
  };
  await ecs.runTask(aRun({ count: 4 }));
  await double.until(() => firstComings(double.taken).length === 12);
  expect([...movesByTask(double.taken).values()]).toEqual(Array(4).fill(starting));
  ecs.destroy();
});

test('an event that EventBridge can never take is said and passed by', async () => {
  await using double = await EventBridgeDouble.open();
  await using server = await serverFor(double);
  const ecs = await prepared(server);
  double.judge = ({ Detail = '' }) =>
    Detail.includes('"version":2') ? 'MalformedDetail' : undefined;
  await ecs.runTask(aRun());
  await double.until(() => firstComings(double.taken).length === 2);
  expect([...movesByTask(double.taken).values()]).toEqual([['PROVISIONING 1', 'RUNNING 3']]);
  expect(server.errors).toMatchObject([{ fields: { reason: 'MalformedDetail: No.' } }]);
  ecs.destroy();
});

test('what happens while EventBridge is away comes to it later, also after a restart', async () => {
  await using double = await EventBridgeDouble.open();
  const disk = new MemoryDisk();
  double.isAway = true;
  {
    await using server = await serverFor(double, disk);
    const ecs = await prepared(server);
    await ecs.runTask(aRun({ count: 5 }));
    await double.until(() => double.calls >= 2);
    ecs.destroy();
  }
  double.isAway = false;
  await using server = await serverFor(double, disk);
  const ecs = await prepared(server);
  await ecs.runTask(aRun());
  await double.until(() => firstComings(double.taken).length === 18);
  expect([...movesByTask(double.taken).values()]).toEqual(Array(6).fill(starting));
  ecs.destroy();
});

test('what happened before an endpoint was named is not sent to it', async () => {
  await using double = await EventBridgeDouble.open();
  const disk = new MemoryDisk();
  {
    await using server = await startTestServer({ store: await disk.open() });
    const ecs = await prepared(server);
    await ecs.runTask(aRun());
    ecs.destroy();
  }
  await using server = await serverFor(double, disk);
  const ecs = await prepared(server);
  const { tasks = [] } = await ecs.runTask(aRun({ startedBy: 'later' }));
  const arn = tasks[0]?.taskArn ?? '';
  await double.until(() => movesByTask(double.taken).get(arn)?.length === 3);
  expect(movesByTask(double.taken).get(arn)).toEqual(starting);
  ecs.destroy();
});
