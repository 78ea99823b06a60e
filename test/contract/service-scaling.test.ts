import { expect, test } from 'vitest';
import { aDefinition } from './requests.ts';
import { aTarget, aTracking, minuteMs, shop, startScalingServer } from './scaling-requests.ts';
import { describeService, eventTexts, serviceDeployments } from './service-requests.ts';

test('Target tracking during a deployment: no scale-in, scale-out ok', async () => {
  await using world = await startScalingServer();
  const { ecs, put, advance, use, activities } = world;
  await put(aTracking());
  await use({ cpu: 10 });
  await advance(13 * minuteMs);

  const app = {
    name: 'app',
    image: 'simulated/run',
    versionConsistency: 'disabled' as const,
    dockerLabels: { 'longshore.simulated.pull-delay': '30m' },
  };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(10 * minuteMs);
  const [deployment] = await serviceDeployments(ecs);
  expect(deployment?.status).toBe('IN_PROGRESS');
  expect((await describeService(ecs)).desiredCount).toBe(2);
  expect(await activities()).toEqual([]);
  expect(await activities(true)).toMatchObject([
    {
      Description: 'Attempting to scale due to alarm triggered',
      StatusCode: 'Failed',
      NotScaledReasons: [{ Code: 'TargetServicePutResourceAsUnscalable' }],
    },
  ]);

  await use({ cpu: 100 });
  await advance(4 * minuteMs);
  expect(await describeService(ecs)).toMatchObject({
    desiredCount: 4,
    deployments: [
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', desiredCount: 4 },
      { status: 'ACTIVE', runningCount: 2 },
    ],
  });
  await advance(40 * minuteMs);
  const scaled = await describeService(ecs);
  expect(scaled).toMatchObject({
    taskDefinition: expect.stringMatching(/web:2$/),
    desiredCount: 10,
    runningCount: 10,
    deployments: [{ rolloutState: 'COMPLETED', runningCount: 10 }],
  });

  await use({ cpu: 0 });
  await advance(20 * minuteMs);
  const ended = await describeService(ecs);
  expect(ended).toMatchObject({ runningCount: 1, deployments: [{ rolloutState: 'COMPLETED' }] });
  // A count is no deployment, and what scales is no event of the service.
  expect(await serviceDeployments(ecs)).toMatchObject([
    { serviceDeploymentArn: deployment?.serviceDeploymentArn, status: 'SUCCESSFUL' },
    { status: 'SUCCESSFUL' },
  ]);
  expect(eventTexts(ended).join()).not.toContain('desired count');
});

test('a service scales out after three minutes above its target, and tells why', async () => {
  await using world = await startScalingServer();
  const { ecs, put, advance, use, activities } = world;
  const { Alarms: alarms = [] } = await put(aTracking());
  await use({ cpu: 80 });
  await advance(2 * minuteMs);
  expect((await describeService(ecs)).desiredCount).toBe(2);
  await advance(1 * minuteMs);
  // 2 · 80 / 50, rounded up.
  expect((await describeService(ecs)).desiredCount).toBe(4);
  const cause = `monitor alarm ${alarms[0]?.AlarmName} in state ALARM triggered policy cpu`;
  expect(await activities()).toMatchObject([
    {
      ActivityId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ServiceNamespace: 'ecs',
      ResourceId: 'service/default/shop',
      ScalableDimension: 'ecs:service:DesiredCount',
      Description: 'Setting desired count to 4.',
      Cause: cause,
      StatusCode: 'InProgress',
    },
  ]);
  await advance(10_000);
  expect((await activities())[0]).toMatchObject({
    StatusCode: 'Successful',
    StatusMessage: 'Successfully set desired count to 4. Change successfully fulfilled by ecs.',
    EndTime: expect.any(Date),
  });
});

test('a second scale-out waits for the cooldown, unless it is larger', async () => {
  await using world = await startScalingServer({ target: { MaxCapacity: 20 } });
  const { ecs, put, advance, use } = world;
  const count = async () => (await describeService(ecs)).desiredCount;
  await put(aTracking({ ScaleOutCooldown: 600 }));
  await use({ cpu: 75 });
  await advance(3 * minuteMs);
  expect(await count()).toBe(3);
  await advance(5 * minuteMs);
  expect(await count()).toBe(3);
  // From the two tasks that there were: what was added counts as part of it.
  await use({ cpu: 150 });
  await advance(minuteMs);
  expect(await count()).toBe(6);
  await advance(11 * minuteMs);
  expect(await count()).toBe(18);
});

test('a service scales in after fifteen minutes below nine tenths of its target, and then step by step', async () => {
  await using world = await startScalingServer({ desiredCount: 8 });
  const { ecs, put, advance, use, activities } = world;
  const count = async () => (await describeService(ecs)).desiredCount;
  const { Alarms: alarms = [] } = await put(aTracking({ ScaleInCooldown: 120 }));
  await use({ cpu: 46 });
  await advance(20 * minuteMs);
  expect(await count()).toBe(8);
  await use({ cpu: 30 });
  await advance(14 * minuteMs);
  expect(await count()).toBe(8);
  await advance(minuteMs);
  expect(await count()).toBe(5);
  expect((await activities())[0]?.Cause).toBe(
    `monitor alarm ${alarms[1]?.AlarmName} in state ALARM triggered policy cpu`,
  );
  await advance(minuteMs);
  expect(await count()).toBe(5);
  await advance(minuteMs);
  expect(await count()).toBe(3);
  await use({ cpu: 0 });
  await advance(2 * minuteMs);
  expect(await count()).toBe(1);
});

test('a service scales in only if all its policies agree, and out if any asks for it', async () => {
  await using world = await startScalingServer({ desiredCount: 4 });
  const { ecs, put, advance, use } = world;
  const count = async () => (await describeService(ecs)).desiredCount;
  const memory = {
    PredefinedMetricSpecification: {
      PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' as const,
    },
  };
  await put(aTracking());
  await put(aTracking(memory, 'memory'));
  await use({ cpu: 10, memory: 50 });
  await advance(20 * minuteMs);
  expect(await count()).toBe(4);
  await use({ cpu: 10, memory: 25 });
  await advance(15 * minuteMs);
  expect(await count()).toBe(2);
  await use({ cpu: 10, memory: 90 });
  await advance(5 * minuteMs);
  expect(await count()).toBe(4);

  // A policy that never scales in is not asked.
  await put(aTracking({ ...memory, DisableScaleIn: true }, 'memory'));
  await use({ cpu: 10, memory: 50 });
  await advance(20 * minuteMs);
  expect(await count()).toBe(1);
});

test('what nobody knows scales nothing', async () => {
  await using world = await startScalingServer();
  const { ecs, put, advance, use } = world;
  await put(aTracking());
  await advance(20 * minuteMs);
  await use({ cpu: 10 });
  await advance(14 * minuteMs);
  await use({});
  await advance(minuteMs);
  await use({ cpu: 10 });
  await advance(10 * minuteMs);
  expect((await describeService(ecs)).desiredCount).toBe(2);
});

test('a service does not go beyond its bounds, and says once that it is there', async () => {
  await using world = await startScalingServer({ target: { MinCapacity: 2, MaxCapacity: 3 } });
  const { ecs, put, advance, use, activities } = world;
  await put(aTracking({ ScaleOutCooldown: 0, ScaleInCooldown: 0 }));
  await use({ cpu: 500 });
  await advance(10 * minuteMs);
  expect((await describeService(ecs)).desiredCount).toBe(3);
  expect(await activities(true)).toMatchObject([
    { NotScaledReasons: [{ Code: 'AlreadyAtMaxCapacity', MaxCapacity: 3 }] },
    { Description: 'Setting desired count to 3.' },
  ]);
  await use({ cpu: 0 });
  await advance(25 * minuteMs);
  expect((await describeService(ecs)).desiredCount).toBe(2);
  expect((await activities(true))[0]?.NotScaledReasons).toEqual([
    { Code: 'AlreadyAtMinCapacity', MinCapacity: 2 },
  ]);
});

test('bounds hold for a service from when they are set; what its owner sets then stays till it is scaled', async () => {
  await using world = await startScalingServer();
  const { ecs, scaling, put, advance, use, activities } = world;
  const count = async () => (await describeService(ecs)).desiredCount;
  await scaling.registerScalableTarget(aTarget({ MinCapacity: 4 }));
  await advance(minuteMs);
  expect(await count()).toBe(4);
  await scaling.registerScalableTarget(aTarget({ MinCapacity: 1, MaxCapacity: 3 }));
  await advance(minuteMs);
  expect(await count()).toBe(3);
  expect(await activities()).toMatchObject([
    { Cause: 'maximum capacity was set to 3', StatusCode: 'Successful' },
    { Cause: 'minimum capacity was set to 4', StatusCode: 'Successful' },
  ]);

  await ecs.updateService({ service: 'shop', desiredCount: 6 });
  await advance(10 * minuteMs);
  expect(await count()).toBe(6);
  await put(aTracking());
  await use({ cpu: 40 });
  await advance(15 * minuteMs);
  expect(await count()).toBe(3);
});

test('who suspends scaling, and says nothing of the bounds, leaves the count where it is', async () => {
  await using world = await startScalingServer();
  const { ecs, scaling, advance } = world;
  await ecs.updateService({ service: 'shop', desiredCount: 12 });
  await advance(1000);
  const SuspendedState = { DynamicScalingInSuspended: true };
  await scaling.registerScalableTarget({ ...shop, SuspendedState });
  await advance(1000);
  expect((await describeService(ecs)).desiredCount).toBe(12);
  await scaling.registerScalableTarget(aTarget());
  await advance(1000);
  expect((await describeService(ecs)).desiredCount).toBe(10);
});

test('an EXTERNAL service has what it was scaled to when its task sets have their shares', async () => {
  await using world = await startScalingServer();
  const { ecs, scaling, advance } = world;
  const service = 'external';
  const deploymentController = { type: 'EXTERNAL' as const };
  await ecs.createService({ serviceName: service, desiredCount: 2, deploymentController });
  for (const value of [50, 100]) {
    await ecs.createTaskSet({
      cluster: 'default',
      service,
      taskDefinition: 'web',
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
      scale: { value, unit: 'PERCENT' },
    });
  }
  const ResourceId = `service/default/${service}`;
  await scaling.registerScalableTarget(aTarget({ ResourceId, MinCapacity: 4 }));
  await advance(0);
  const statuses = async () => {
    const found = await scaling.describeScalingActivities({ ...shop, ResourceId });
    return found.ScalingActivities?.map(({ StatusCode }) => StatusCode);
  };
  expect(await statuses()).toEqual(['InProgress']);
  await advance(2 * minuteMs);
  const { services } = await ecs.describeServices({ services: [service] });
  expect(services).toMatchObject([{ desiredCount: 4, runningCount: 6 }]);
  expect(await statuses()).toEqual(['Successful']);
});

test('what is suspended is not done', async () => {
  const SuspendedState = { DynamicScalingOutSuspended: true };
  await using world = await startScalingServer({ target: { SuspendedState } });
  const { ecs, scaling, put, advance, use } = world;
  const count = async () => (await describeService(ecs)).desiredCount;
  await put(aTracking());
  await use({ cpu: 90 });
  await advance(10 * minuteMs);
  expect(await count()).toBe(2);
  const onlyIn = { DynamicScalingOutSuspended: false, DynamicScalingInSuspended: true };
  await scaling.registerScalableTarget(aTarget({ SuspendedState: onlyIn }));
  await advance(minuteMs);
  expect(await count()).toBe(4);
  await use({ cpu: 10 });
  await advance(20 * minuteMs);
  expect(await count()).toBe(4);
});

test('a policy that tracks a target leaves what is protected to run on', async () => {
  await using world = await startScalingServer({ desiredCount: 3 });
  const { ecs, put, advance, use, activities } = world;
  const { taskArns: tasks = [] } = await ecs.listTasks({ serviceName: 'shop' });
  await ecs.updateTaskProtection({ cluster: 'default', tasks, protectionEnabled: true });
  await put(aTracking());
  await use({ cpu: 0 });
  await advance(16 * minuteMs);
  expect(await describeService(ecs)).toMatchObject({ desiredCount: 1, runningCount: 3 });
  expect((await activities())[0]?.StatusCode).toBe('InProgress');
  await ecs.updateService({ service: 'shop', desiredCount: 3 });
  await advance(1);
  expect((await activities())[0]).toMatchObject({
    StatusCode: 'Overridden',
    StatusMessage: 'Successfully set desired count to 1. Found it was later changed to 3.',
  });
});

test('explain of a service says what its scaling decided last, and why', async () => {
  await using world = await startScalingServer();
  const { server, advance, put, use } = world;
  const told = async () => {
    const arn = (await describeService(world.ecs)).serviceArn ?? '';
    const headers = { accept: 'text/plain' };
    const answer = await fetch(`${server.url}/longshore/explain?service=${arn}`, { headers });
    return /^Auto scaling\n {2}(.*)$/m.exec(await answer.text())?.[1];
  };
  expect(await told()).toBe('from 1 to 10 tasks');
  await put(aTracking());
  await use({ cpu: 80 });
  await advance(2 * minuteMs);
  expect(await told()).toBe(
    'from 1 to 10 tasks; 2026-09-16T09:02:10.001Z: cpu is at 80 of 50, above its target for 2 of 3 minutes',
  );
  await advance(minuteMs);
  expect(await told()).toMatch(
    /its desired count was set from 2 to 4: monitor alarm \S+ in state ALARM triggered policy cpu$/,
  );
});
