import { expect, test } from 'vitest';
import { startManualServer, type ManualServer } from './manual-server.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  serviceTasks,
} from './service-requests.ts';

async function startSpotServer(): Promise<ManualServer> {
  const manual = await startManualServer();
  await manual.ecs.createCluster({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  await register(manual.ecs);
  await manual.ecs.createService(
    aServiceRequest({
      launchType: undefined,
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 0 },
        { capacityProvider: 'FARGATE_SPOT', weight: 1 },
      ],
      desiredCount: 3,
    }),
  );
  await manual.advance(10_000);
  return manual;
}

async function post(url: string, kind: string, task = '', method = 'POST') {
  const path = `/longshore/${kind}?task=${encodeURIComponent(task)}`;
  const response = await fetch(url + path, { method });
  return { status: response.status, text: await response.text() };
}

test('a FARGATE_SPOT task that is interrupted is warned, ends, and is replaced', async () => {
  await using manual = await startSpotServer();
  const { ecs, server, advance } = manual;
  const tasks = await serviceTasks(ecs);
  const described = (await ecs.describeTasks({ tasks })).tasks ?? [];
  const providers = described.map(({ capacityProviderName }) => capacityProviderName);
  expect(providers.filter((name) => name === 'FARGATE_SPOT')).toHaveLength(2);
  const spot =
    described.find((task) => task.capacityProviderName === 'FARGATE_SPOT')?.taskArn ?? '';
  expect(await post(server.url, 'spot-interruption', spot)).toEqual({
    status: 200,
    text: `${spot}\n`,
  });
  const stoppedReason = 'Your Spot Task was interrupted.';
  expect((await ecs.describeTasks({ tasks: [spot] })).tasks).toMatchObject([
    {
      lastStatus: 'RUNNING',
      desiredStatus: 'STOPPED',
      stopCode: 'TerminationNotice',
      stoppedReason,
    },
  ]);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 2 });
  await advance(10_000);
  expect((await ecs.describeTasks({ tasks: [spot] })).tasks).toMatchObject([
    { lastStatus: 'STOPPED', stopCode: 'SpotInterruption', stoppedReason },
  ]);
  const service = await describeService(ecs);
  expect(service).toMatchObject({ runningCount: 3, deployments: [{ failedTasks: 0 }] });
  expect(eventTexts(service).slice(3)).toEqual([
    '(service shop) has started 1 tasks: (task T).',
    '(service shop) has reached a steady state.',
  ]);
});

test('a task that is due for retirement serves until its replacement does', async () => {
  await using manual = await startSpotServer();
  const { ecs, server, advance } = manual;
  const [task = ''] = await serviceTasks(ecs);
  expect(await post(server.url, 'task-retirement', task)).toMatchObject({ status: 200 });
  await advance(4_000);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 4 });
  await advance(10_000);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 3, pendingCount: 0 });
  expect((await ecs.describeTasks({ tasks: [task] })).tasks).toMatchObject([
    {
      lastStatus: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason:
        'ECS is performing maintenance on the underlying infrastructure hosting the task.',
    },
  ]);
});

test('only what can be interrupted is', async () => {
  await using manual = await startSpotServer();
  const { ecs, server } = manual;
  const tasks = (await ecs.describeTasks({ tasks: await serviceTasks(ecs) })).tasks ?? [];
  const onDemand = tasks.find((task) => task.capacityProviderName === 'FARGATE')?.taskArn;
  expect(await post(server.url, 'spot-interruption', onDemand)).toEqual({
    status: 409,
    text: 'The task is not one of FARGATE_SPOT.\n',
  });
  expect((await post(server.url, 'spot-interruption', 'nothing')).status).toBe(404);
  expect((await post(server.url, 'spot-interruption', onDemand, 'GET')).status).toBe(405);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 3 });
});
