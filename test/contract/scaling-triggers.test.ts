import { expect, test } from 'vitest';
import type { StepAlarm } from '../../src/domain/scaling/plan-capacity.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { startManualServer } from './manual-server.ts';
import {
  aTarget,
  aTracking,
  minuteMs,
  scalingClient,
  shop,
  startScalingServer,
  type ScalingServer,
} from './scaling-requests.ts';
import { aServiceRequest, describeService, register } from './service-requests.ts';

const hourMs = 60 * minuteMs;

const steps = {
  ...shop,
  PolicyName: 'steps',
  PolicyType: 'StepScaling' as const,
  StepScalingPolicyConfiguration: {
    AdjustmentType: 'ChangeInCapacity' as const,
    StepAdjustments: [
      { MetricIntervalUpperBound: 0, ScalingAdjustment: -1 },
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 20, ScalingAdjustment: 4 },
    ],
    Cooldown: 120,
  },
};

async function count({ ecs }: Pick<ScalingServer, 'ecs'>): Promise<number | undefined> {
  return (await describeService(ecs)).desiredCount;
}

test('an operator triggers a policy of steps, as an alarm would', async () => {
  await using world = await startScalingServer();
  const { server, scaling, advance, activities } = world;
  const { PolicyARN: policy = '' } = await scaling.putScalingPolicy(steps);
  const execute = async (given: Record<string, string>) => {
    const search = new URLSearchParams({ policy, ...given });
    const url = `${server.url}/longshore/execute-scaling-policy?${search.toString()}`;
    const answer = await fetch(url, { method: 'POST' });
    return [answer.status, (await answer.text()).trim()];
  };
  expect(await execute({ breach: '5', alarm: 'busy' })).toEqual([
    200,
    'its desired count was set from 2 to 3: monitor alarm busy in state ALARM triggered policy steps',
  ]);
  expect(await count(world)).toBe(3);
  // A larger step within the cooldown adds what the smaller one has not.
  await execute({ breach: '20' });
  expect(await count(world)).toBe(6);
  expect(await execute({ breach: '20' })).toEqual([
    200,
    'an alarm asks for a change, but the cooldown of the last scale-out lasts',
  ]);
  await advance(3 * minuteMs);
  await execute({ breach: '-3' });
  expect(await count(world)).toBe(5);
  expect(await activities()).toMatchObject([
    { Description: 'Setting desired count to 5.' },
    { Description: 'Setting desired count to 6.' },
    {
      Description: 'Setting desired count to 3.',
      Cause: 'monitor alarm busy in state ALARM triggered policy steps',
    },
  ]);
  expect(await execute({ policy: 'arn:nothing' })).toMatchObject([404, expect.any(String)]);
  expect(await execute({ breach: 'much' })).toMatchObject([400, expect.any(String)]);
});

test('alarms of CloudWatch that name a policy of steps trigger it, minute by minute', async () => {
  const alarms = new Map<string, readonly StepAlarm[]>();
  const alarmsFor = ({ policyArn }: { readonly policyArn: string }) =>
    Promise.resolve(alarms.get(policyArn) ?? []);
  await using world = await startScalingServer({ awsCalls: { alarmsFor } });
  const { put, advance } = world;
  const { PolicyARN: policy = '' } = await put(steps);
  await advance(2 * minuteMs);
  expect(await count(world)).toBe(2);
  alarms.set(policy, [{ name: 'busy', breach: 3 }]);
  await advance(minuteMs);
  expect(await count(world)).toBe(3);
  await advance(minuteMs);
  expect(await count(world)).toBe(3);
  await advance(minuteMs);
  expect(await count(world)).toBe(4);
  alarms.clear();
  await advance(5 * minuteMs);
  expect(await count(world)).toBe(4);
});

test('a metric of CloudWatch is tracked like any other', async () => {
  let value: number | undefined = 900;
  const readMetric = () => Promise.resolve(value);
  await using world = await startScalingServer({ awsCalls: { readMetric } });
  const { put, advance, scaling } = world;
  const CustomizedMetricSpecification = {
    MetricName: 'Backlog',
    Namespace: 'Shop',
    Dimensions: [{ Name: 'Queue', Value: 'orders' }],
    Statistic: 'Average' as const,
  };
  const ofQueue = { PredefinedMetricSpecification: undefined, CustomizedMetricSpecification };
  await put(aTracking({ ...ofQueue, TargetValue: 300 }));
  expect(await count(world)).toBe(2);
  await advance(2 * minuteMs);
  expect(await count(world)).toBe(6);
  value = undefined;
  await advance(30 * minuteMs);
  expect(await count(world)).toBe(6);
  const { ScalingPolicies: policies } = await scaling.describeScalingPolicies(shop);
  expect(policies).toMatchObject([
    { TargetTrackingScalingPolicyConfiguration: { CustomizedMetricSpecification } },
  ]);
});

test('a metric that CloudWatch refuses to read is no matter of other policies', async () => {
  const readMetric = () => Promise.reject(new Error('There is no such function.'));
  const alarmsFor = () => Promise.reject(new Error('CloudWatch is away.'));
  await using world = await startScalingServer({ awsCalls: { readMetric, alarmsFor } });
  const { put, advance, use } = world;
  const CustomizedMetricSpecification = {
    Metrics: [{ Id: 'm', Expression: 'NOTHING()' }],
  };
  await put({ ...steps, PolicyName: 'a-steps' });
  await put(
    aTracking(
      { PredefinedMetricSpecification: undefined, CustomizedMetricSpecification },
      'b-broken',
    ),
  );
  await put(aTracking());
  await use({ cpu: 80 });
  await advance(4 * minuteMs);
  expect(await count(world)).toBe(4);
});

test('metrics are looked at again when the clock has been set back', async () => {
  const disk = new MemoryDisk();
  const first = await startManualServer({}, { store: await disk.open() });
  const { accessKeyId: account } = await first.ecs.config.credentials();
  const before = scalingClient(first.server.url, account);
  await first.ecs.createCluster();
  await register(first.ecs);
  await first.ecs.createService(aServiceRequest());
  await first.advance(10_000);
  await before.registerScalableTarget(aTarget());
  await before.putScalingPolicy(aTracking());
  await first.advance(2 * minuteMs);
  before.destroy();
  await first[Symbol.asyncDispose]();

  const startAt = first.clock.now() - 24 * hourMs;
  await using second = await startManualServer({}, { store: await disk.open(), startAt });
  const ecs = second.server.client(account);
  await say(second.server.url, ecs, 80);
  await second.advance(4 * minuteMs);
  expect(await count({ ecs })).toBe(4);
  ecs.destroy();
});

test('scheduled actions set the bounds at their times, and the service follows', async () => {
  // The server's time begins at 9:00 UTC, which is 11:00 in Paris.
  await using world = await startScalingServer();
  const { scaling, advance, activities } = world;
  const put = (ScheduledActionName: string, Schedule: string, MinCapacity: number) =>
    scaling.putScheduledAction({
      ...shop,
      ScheduledActionName,
      Schedule,
      ...(!Schedule.startsWith('rate') && { Timezone: 'Europe/Paris' }),
      ScalableTargetAction: { MinCapacity, MaxCapacity: MinCapacity + 1 },
    });
  await put('noon', 'cron(0 12 * * ? *)', 5);
  await put('once', 'at(2026-09-16T12:30:00)', 2);
  await advance(hourMs - minuteMs);
  expect(await count(world)).toBe(2);
  await advance(minuteMs);
  expect(await count(world)).toBe(5);
  expect(await activities()).toMatchObject([
    { Description: 'Setting desired count to 5.', Cause: 'minimum capacity was set to 5' },
    {
      Description: 'Setting min capacity to 5 and max capacity to 6',
      Cause: 'scheduled action name noon was triggered',
      StatusCode: 'Successful',
      StatusMessage: 'Successfully set min capacity to 5 and max capacity to 6',
    },
  ]);
  await advance(30 * minuteMs);
  expect(await count(world)).toBe(3);
  await advance(23.5 * hourMs);
  expect(await count(world)).toBe(5);

  await scaling.registerScalableTarget(
    aTarget({ MinCapacity: 2, SuspendedState: { ScheduledScalingSuspended: true } }),
  );
  await put('often', 'rate(10 minutes)', 8);
  await advance(hourMs);
  expect(await count(world)).toBe(5);
  await scaling.registerScalableTarget({
    ...shop,
    SuspendedState: { ScheduledScalingSuspended: false },
  });
  await advance(10 * minuteMs);
  expect(await count(world)).toBe(8);
});

test('a target of a deleted service does nothing until there is a service of that name again', async () => {
  await using world = await startScalingServer();
  const { ecs, scaling, put, advance, use } = world;
  await put(aTracking());
  await use({ cpu: 90 });
  await ecs.deleteService({ service: 'shop', force: true });
  await advance(10 * minuteMs);
  const targets = await scaling.describeScalableTargets({ ServiceNamespace: 'ecs' });
  expect(targets.ScalableTargets).toHaveLength(1);
  expect((await describeService(ecs)).status).toBe('INACTIVE');
  await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  await advance(minuteMs);
  expect(await count(world)).toBe(1);
  await advance(3 * minuteMs);
  expect(await count(world)).toBe(2);
});

test('what a service was scaled to is Unfulfilled once the service or its target is gone', async () => {
  await using world = await startScalingServer({ target: { MinCapacity: 1, MaxCapacity: 20 } });
  const { ecs, scaling, advance, activities } = world;
  const newest = async () => (await activities())[0];
  await scaling.registerScalableTarget(aTarget({ MinCapacity: 4, MaxCapacity: 20 }));
  await advance(0);
  expect(await newest()).toMatchObject({ StatusCode: 'InProgress' });
  await scaling.deregisterScalableTarget(shop);
  expect(await newest()).toMatchObject({
    StatusCode: 'Unfulfilled',
    StatusMessage: 'Successfully set desired count to 4. The service is not scaled any more.',
    EndTime: expect.any(Date),
  });
  await scaling.registerScalableTarget(aTarget({ MinCapacity: 6, MaxCapacity: 20 }));
  await advance(0);
  expect(await newest()).toMatchObject({ StatusCode: 'InProgress' });
  await ecs.deleteService({ service: 'shop', force: true });
  await advance(minuteMs);
  expect(await newest()).toMatchObject({ StatusCode: 'Unfulfilled' });
});

test('a service that is made again does not wait for the cooldowns of the one before', async () => {
  await using world = await startScalingServer();
  const { ecs, scaling, put, advance, use } = world;
  await put(aTracking({ ScaleOutCooldown: 12 * 60 * 60 }));
  await use({ cpu: 80 });
  await advance(4 * minuteMs);
  expect(await count(world)).toBe(4);
  await ecs.deleteService({ service: 'shop', force: true });
  await advance(10 * minuteMs);
  await ecs.createService(aServiceRequest({ desiredCount: 4 }));
  await advance(4 * minuteMs);
  expect(await count(world)).toBe(7);
  await scaling.deregisterScalableTarget(shop);
});

test('minutes are counted on, and cooldowns kept, by a server that is started again', async () => {
  const disk = new MemoryDisk();
  const first = await startManualServer({}, { store: await disk.open() });
  const { accessKeyId: account } = await first.ecs.config.credentials();
  const before = scalingClient(first.server.url, account);
  await first.ecs.createCluster();
  await register(first.ecs);
  await first.ecs.createService(aServiceRequest());
  await first.advance(10_000);
  await before.registerScalableTarget(aTarget());
  await before.putScalingPolicy(aTracking());
  await first.advance(0);
  await say(first.server.url, first.ecs, 80);
  await first.advance(2 * minuteMs);
  expect(await count(first)).toBe(2);
  before.destroy();
  await first[Symbol.asyncDispose]();

  const startAt = first.clock.now() + 30_000;
  await using second = await startManualServer({}, { store: await disk.open(), startAt });
  const ecs = second.server.client(account);
  await say(second.server.url, ecs, 80);
  await second.advance(minuteMs);
  expect(await count({ ecs })).toBe(4);
  await second.advance(4 * minuteMs);
  expect(await count({ ecs })).toBe(4);
  ecs.destroy();
});

async function say(url: string, ecs: ScalingServer['ecs'], cpu: number): Promise<void> {
  const service = (await describeService(ecs)).serviceArn ?? '';
  const search = new URLSearchParams({ service, cpu: String(cpu) });
  await fetch(`${url}/longshore/simulated-usage?${search.toString()}`, { method: 'POST' });
}
