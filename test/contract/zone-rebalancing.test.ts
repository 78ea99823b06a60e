import type { CreateServiceRequest } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { readEvents } from './event-reader.ts';
import { anInstanceService, spreadOf, startFleetServer } from './instance-requests.ts';
import { refusalOf } from './refusal-of.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;

test('tasks are moved one by one to a zone that joins, each replaced before it stops', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, until } = fleet;
  const agents = [await join({ zone: 'us-east-1a', memory: 512 })];
  await ecs.createService(anInstanceService({ desiredCount: 4 }));
  await steady();
  agents.push(await join({ zone: 'us-east-1b', memory: 512 }));
  await until(async () => {
    expect((await describeService(ecs)).runningCount).toBeGreaterThanOrEqual(4);
    expect(await spreadOf(ecs, agents)).toEqual([2, 2]);
  });
  await steady();
  expect(eventTexts(await describeService(ecs)).slice(3)).toEqual([
    '(service shop) is not AZ balanced with 4 tasks in us-east-1a, 0 tasks in us-east-1b. AZ Rebalancing in progress.',
    '(service shop) has started 1 tasks in us-east-1b to AZ Rebalance: (task T).',
    '(service shop) has stopped 1 running tasks in us-east-1a due to AZ rebalancing: (task T).',
    '(service shop) has started 1 tasks in us-east-1b to AZ Rebalance: (task T).',
    '(service shop) has stopped 1 running tasks in us-east-1a due to AZ rebalancing: (task T).',
    '(service shop) is AZ balanced with 2 tasks in us-east-1a, 2 tasks in us-east-1b.',
    '(service shop) has reached a steady state.',
  ]);
  const events = await readEvents(fleet.server.url, { type: 'ECS Service Action' });
  expect(events.slice(1).map(({ event }) => event.detail?.['eventName'])).toEqual([
    'SERVICE_REBALANCING_STARTED',
    'TASKS_STARTED',
    'TASKS_STOPPED',
    'TASKS_STARTED',
    'TASKS_STOPPED',
    'SERVICE_REBALANCING_COMPLETED',
    'SERVICE_STEADY_STATE',
  ]);
  const id = (await describeService(ecs)).deployments?.[0]?.id;
  const { taskArns: tasks = [] } = await ecs.listTasks({ desiredStatus: 'STOPPED' });
  const stoppedReason = `Availability-zone rebalancing initiated by (deployment ${id})`;
  expect((await ecs.describeTasks({ tasks })).tasks).toMatchObject([
    { stoppedReason },
    { stoppedReason },
  ]);
});

test('a zone without room is told of, and tried again', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, advance, until } = fleet;
  const agents = [await join({ zone: 'us-east-1a', memory: 512 })];
  await ecs.createService(anInstanceService({ desiredCount: 4 }));
  await steady();
  agents.push(await join({ zone: 'us-east-1b', memory: 32 }));
  await advance(8 * minuteMs);
  expect(await spreadOf(ecs, agents)).toEqual([4, 0]);
  const texts = eventTexts(await describeService(ecs));
  expect(texts.filter((text) => text.includes('unable to place a task in us-east-1b'))).toEqual([
    '(service shop) is unable to place a task in us-east-1b because no container instance met all of its requirements.',
  ]);
  agents.push(await join({ zone: 'us-east-1b', memory: 512 }));
  await advance(5 * minuteMs);
  await until(async () => expect(await spreadOf(ecs, agents)).toEqual([2, 0, 2]));
});

test('on Fargate the subnets say which zones there are; protection holds a move back', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const subnets = ['subnet-a', 'subnet-b', 'subnet-c'];
  const networkConfiguration = { awsvpcConfiguration: { subnets } };
  await ecs.createService(aServiceRequest({ desiredCount: 6, networkConfiguration }));
  await advance(10_000);
  const zonesOf = async () => {
    const { tasks = [] } = await ecs.describeTasks({ tasks: await serviceTasks(ecs) });
    return tasks.map(({ availabilityZone = '' }) => availabilityZone);
  };
  const [first] = await zonesOf();
  const { tasks = [] } = await ecs.describeTasks({ tasks: await serviceTasks(ecs) });
  const kept = tasks.filter(({ availabilityZone }) => availabilityZone === first);
  await ecs.updateTaskProtection({
    cluster: 'default',
    tasks: kept.map(({ taskArn = '' }) => taskArn),
    protectionEnabled: true,
    expiresInMinutes: 2,
  });
  await ecs.updateService({ service: 'shop', desiredCount: 2 });
  await advance(minuteMs);
  expect(await zonesOf()).toEqual([first, first]);
  const texts = eventTexts(await describeService(ecs));
  expect(texts).toContain(
    '(service shop) was unable to AZ Rebalance because (taskSet ecs-svc/N) was unable to scale in due to (reason 2 tasks under protection)',
  );
  await advance(3 * minuteMs);
  expect(new Set(await zonesOf()).size).toBe(2);
  expect(eventTexts(await describeService(ecs)).at(-1)).toBe(
    '(service shop) has reached a steady state.',
  );
});

test('a deployment ends the moving of tasks', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, advance } = fleet;
  const agents = [await join({ memory: 1024 })];
  await ecs.createService(anInstanceService({ desiredCount: 4 }));
  await steady();
  const last = await join({ zone: 'us-east-1b', memory: 1024 });
  agents.push(last);
  // The task that is to take another's place does not come to run.
  last.deafTo.add('PayloadMessage');
  await advance(5 * minuteMs);
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(1_000);
  const texts = eventTexts(await describeService(ecs));
  expect(texts).toContain('(service shop) stopped AZ Rebalancing.');
  last.deafTo.clear();
  await advance(minuteMs);
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([2, 2]);
});

const invalid =
  "The service couldn't be created because Availability Zone Rebalancing does not support";
const zoneField = 'attribute:ecs.availability-zone';

test.for([
  [{ launchType: 'EXTERNAL' }, `${invalid} the EXTERNAL launch type.`],
  [
    { placementStrategy: [{ type: 'random' }] },
    `${invalid} placement strategies that do not first spread over ${zoneField}.`,
  ],
  [
    { placementConstraints: [{ type: 'memberOf', expression: `${zoneField} == us-east-1a` }] },
    `${invalid} placement constraints on ${zoneField}.`,
  ],
] as [Partial<CreateServiceRequest>, string][])(
  'CreateService refuses to balance a service with %j',
  async ([given, message]) => {
    await using fleet = await startFleetServer();
    const { ecs } = fleet;
    const asked = anInstanceService({ ...given, availabilityZoneRebalancing: 'ENABLED' });
    expect(await refusalOf(ecs.createService(asked))).toBe(`InvalidParameterException: ${message}`);
    const { service } = await ecs.createService(anInstanceService(given));
    expect(service).toMatchObject({ availabilityZoneRebalancing: 'DISABLED' });
  },
);
