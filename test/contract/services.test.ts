import { waitUntilServicesInactive, waitUntilServicesStable } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { serviceEventLog } from '../../src/controllers/put-service.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { startTestServer, newAccount } from './server.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;

test('a service gets its tasks, completes its deployment and is steady', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const { service } = await ecs.createService(aServiceRequest());
  expect(service).toMatchObject({ status: 'ACTIVE', runningCount: 0, pendingCount: 0, events: [] });
  expect(service?.deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', desiredCount: 2 },
  ]);
  expect(service).not.toHaveProperty('currentServiceDeployment');

  await advance(10_000);
  const described = await describeService(ecs);
  const id = described.deployments?.[0]?.id ?? '';
  expect(described).toMatchObject({ runningCount: 2, pendingCount: 0 });
  expect(described.deployments).toMatchObject([
    {
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${id} completed.`,
      failedTasks: 0,
      platformVersion: '1.4.0',
    },
  ]);
  expect(described).not.toHaveProperty('currentServiceDeployment');
  expect(eventTexts(described)).toEqual([
    '(service shop) has started 2 tasks: (task T) (task T).',
    '(service shop) (deployment ecs-svc/N) deployment completed.',
    '(service shop) has reached a steady state.',
  ]);
  const tasks = await serviceTasks(ecs);
  expect((await ecs.describeTasks({ tasks })).tasks).toMatchObject([
    { group: 'service:shop', startedBy: id, launchType: 'FARGATE', lastStatus: 'RUNNING' },
    { group: 'service:shop', startedBy: id, launchType: 'FARGATE', lastStatus: 'RUNNING' },
  ]);
});

test('a task that is stopped is replaced, and the service is steady again', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(10_000);
  const [task] = await serviceTasks(ecs);
  await ecs.stopTask({ task });
  expect(await describeService(ecs)).toMatchObject({ runningCount: 1, desiredCount: 2 });
  await advance(10_000);
  const described = await describeService(ecs);
  expect(described).toMatchObject({ runningCount: 2 });
  expect(described.deployments).toMatchObject([{ rolloutState: 'COMPLETED', failedTasks: 0 }]);
  expect(eventTexts(described).slice(3)).toEqual([
    '(service shop) has started 1 tasks: (task T).',
    '(service shop) has reached a steady state.',
  ]);
});

test('a new count shows in the service at once and in its deployment with the next pass', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 3 }));
  await advance(10_000);
  const { service } = await ecs.updateService({ service: 'shop', desiredCount: 1 });
  expect(service).toMatchObject({ desiredCount: 1, deployments: [{ desiredCount: 3 }] });
  await advance(10_000);
  const described = await describeService(ecs);
  expect(described).toMatchObject({ runningCount: 1, deployments: [{ desiredCount: 1 }] });
  expect(described.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  expect(eventTexts(described).slice(3)).toEqual([
    '(service shop) has stopped 2 running tasks: (task T) (task T).',
    '(service shop) has reached a steady state.',
  ]);
  const { taskArns = [] } = await ecs.listTasks({ serviceName: 'shop', desiredStatus: 'STOPPED' });
  const stoppedReason = `Scaling activity initiated by (deployment ${described.deployments?.[0]?.id})`;
  expect((await ecs.describeTasks({ tasks: taskArns })).tasks).toMatchObject([
    { stopCode: 'ServiceSchedulerInitiated', stoppedReason },
    { stopCode: 'ServiceSchedulerInitiated', stoppedReason },
  ]);
});

test('tasks that do not start are tried again ever more slowly, without an end', async () => {
  await using manual = await startServiceServer('simulated/missing');
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  const started = async () =>
    eventTexts(await describeService(ecs)).filter((text) => text.includes('has started')).length;
  await advance(5_000);
  expect(await started()).toBe(3);
  await advance(10_000);
  expect(await started()).toBe(4);
  await advance(20_000);
  expect(await started()).toBe(5);
  await advance(4 * 60 * minuteMs);
  const before = await started();
  await advance(3 * 27 * minuteMs);
  expect(await started()).toBe(before + 3);
  const texts = eventTexts(await describeService(ecs));
  expect(texts).toContain('(service shop) is unable to consistently start tasks successfully.');
  expect(texts.filter((text) => text.includes('was unable to place a task'))).toHaveLength(1);

  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(10_000);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 1 });
});

test('a deleted service drains, is INACTIVE, and can be made anew', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(10_000);
  const { service } = await ecs.deleteService({ service: 'shop', force: true });
  expect(service).toMatchObject({ status: 'DRAINING', desiredCount: 0, runningCount: 2 });
  expect((await ecs.listServices()).serviceArns).toEqual([]);
  const { clusters } = await ecs.describeClusters({ include: ['STATISTICS'] });
  expect(clusters?.[0]?.statistics).toContainEqual({
    name: 'drainingFargateServiceCount',
    value: '1',
  });
  await advance(minuteMs);
  const inactive = await describeService(ecs);
  expect(inactive).toMatchObject({ status: 'INACTIVE', runningCount: 0, events: [] });
  expect(inactive.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);

  await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  await advance(10_000);
  expect(await describeService(ecs)).toMatchObject({ status: 'ACTIVE', runningCount: 1 });
});

test('an INACTIVE service is described for an hour, then it is MISSING', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 0 }));
  await advance(1);
  await ecs.deleteService({ service: 'shop' });
  await advance(59 * minuteMs);
  expect(await describeService(ecs)).toMatchObject({ status: 'INACTIVE' });
  await advance(2 * minuteMs);
  const { failures, services } = await ecs.describeServices({ services: ['shop'] });
  expect(services).toEqual([]);
  expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  expect(failures?.[0]?.arn).toMatch(/:service\/default\/shop$/);
});

test('a steady state is told again after six hours, and not before', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  const told = async () =>
    eventTexts(await describeService(ecs)).filter((text) => text.includes('steady')).length;
  await advance(6 * 60 * minuteMs);
  expect(await told()).toBe(1);
  await advance(10_000);
  expect(await told()).toBe(2);
});

test('a service shows its newest 100 events, and all of them are kept in the log', async () => {
  await using manual = await startServiceServer('simulated/exit:0');
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  await advance(6_000);
  const described = await describeService(ecs);
  expect(described.events).toHaveLength(100);
  const times = (described.events ?? []).map(({ createdAt }) => createdAt?.getTime() ?? 0);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
});

test('events outlive the server in the log of the store', async () => {
  const disk = new MemoryDisk();
  const server = await startTestServer({ store: await disk.open() });
  const ecs = server.client(newAccount());
  await ecs.createCluster();
  await register(ecs);
  const { service } = await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  await waitUntilServicesStable(
    { client: ecs, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { services: ['shop'] },
  );
  ecs.destroy();
  await server.close();
  const store = await disk.open();
  const log = { log: serviceEventLog, subject: service?.serviceArn ?? '', limit: 1 } as const;
  const [first] = await store.readLog({ ...log, order: 'oldest-first' });
  expect(JSON.parse(first?.body ?? '')).toMatchObject({
    message: expect.stringMatching(
      /^\(service shop\) has started 1 tasks: \(task [0-9a-f]{32}\)\.$/,
    ),
  });
  await store.close();
});

test('the waiters of the SDK see a service become stable and inactive', async () => {
  await using server = await startTestServer();
  const ecs = server.client(newAccount());
  await ecs.createCluster();
  await register(ecs);
  await ecs.createService(aServiceRequest());
  const options = { client: ecs, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
  expect(await waitUntilServicesStable(options, { services: ['shop'] })).toMatchObject({
    state: 'SUCCESS',
  });
  await ecs.deleteService({ service: 'shop', force: true });
  expect(await waitUntilServicesInactive(options, { services: ['shop'] })).toMatchObject({
    state: 'SUCCESS',
  });
  ecs.destroy();
});
