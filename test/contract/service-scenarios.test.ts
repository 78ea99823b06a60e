import {
  waitUntilServicesStable,
  type DeploymentConfiguration,
  type Service,
} from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { lifecycleStages, type HookStage } from '../../src/domain/service/strategies/lifecycle.ts';
import type { ManualServer } from './manual-server.ts';
import { refusalOf } from './refusal-of.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  newest,
  register,
  startServiceServer,
} from './service-requests.ts';
import { Functions, lambdaHook, shifting, startSecond } from './shift-requests.ts';

const minuteMs = 60_000;
const invalid = (message: string): string => `InvalidParameterException: ${message}`;
const startedOne = '(service shop) has started 1 tasks: (task T).';
const stoppedOne = '(service shop) has stopped 1 running tasks: (task T).';
const completed = '(service shop) (deployment ecs-svc/N) deployment completed.';
const steady = '(service shop) has reached a steady state.';

/** A service of one task within these limits that is steady, and begins to roll to a new revision. */
async function rollOne(manual: ManualServer, limits: DeploymentConfiguration): Promise<void> {
  const { ecs, advance } = manual;
  const deploymentConfiguration = limits;
  const availabilityZoneRebalancing = 'DISABLED';
  await ecs.createService(
    aServiceRequest({ desiredCount: 1, deploymentConfiguration, availabilityZoneRebalancing }),
  );
  await advance(10_000);
  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
}

/** What the service is from moment to moment. */
async function watch(
  { ecs, advance }: ManualServer,
  seconds: number,
  everyMs = 50,
): Promise<Service[]> {
  const seen = [await describeService(ecs)];
  for (let passedMs = 0; passedMs < seconds * 1_000; passedMs += everyMs) {
    await advance(everyMs);
    seen.push(await describeService(ecs));
  }
  return seen;
}

/** What the waiter `services-stable` waits for. */
const isStable = ({ deployments, runningCount, desiredCount }: Service): boolean =>
  deployments?.length === 1 && runningCount === desiredCount;

/** The SDK's waiter, which looks at once. */
async function waitUntilStable({ ecs: client }: ManualServer): Promise<void> {
  const patience = { client, maxWaitTime: 5, minDelay: 1, maxDelay: 1 };
  await waitUntilServicesStable(patience, { services: ['shop'] });
}

/** When tasks were started, oldest first, in milliseconds. */
function startTimes({ events = [] }: Service): number[] {
  return events
    .filter(({ message }) => message?.includes(' has started '))
    .map(({ createdAt }) => createdAt?.getTime() ?? 0)
    .toReversed();
}

test('a first deployment: its service deployment is SUCCESSFUL, its revision has the digits of its id', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(10_000);
  const service = await describeService(ecs);
  await waitUntilStable(manual);
  expect(service.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  expect(eventTexts(service)).toEqual([
    '(service shop) has started 2 tasks: (task T) (task T).',
    completed,
    steady,
  ]);
  const { status, targetServiceRevision } = await newest(ecs);
  expect(status).toBe('SUCCESSFUL');
  const digits = service.deployments?.[0]?.id?.replace('ecs-svc/', '');
  expect(targetServiceRevision?.arn?.split('/').at(-1)).toBe(digits);
});

test('the name of a service: taken while it is ACTIVE or drains, free once it is INACTIVE', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const request = aServiceRequest({ clientToken: 'token' });
  const first = await ecs.createService(request);
  const again = await ecs.createService(request);
  expect(again.service?.serviceArn).toBe(first.service?.serviceArn);
  expect((await describeService(ecs)).deployments).toHaveLength(1);
  expect(await refusalOf(ecs.createService({ ...request, desiredCount: 3 }))).toBe(
    invalid('Creation of service was not idempotent.'),
  );
  await advance(10_000);
  await ecs.deleteService({ service: 'shop', force: true });
  expect(await refusalOf(ecs.createService(request))).toBe(
    invalid('Unable to Start a service that is still Draining.'),
  );
  await advance(10_000);
  expect(await describeService(ecs)).toMatchObject({ status: 'INACTIVE' });
  const anew = await ecs.createService(request);
  expect(anew.service).toMatchObject({
    status: 'ACTIVE',
    events: [],
    deployments: [{ status: 'PRIMARY' }],
  });
  expect(Number(anew.service?.createdAt) - Number(first.service?.createdAt)).toBe(20_000);
  expect(anew.service?.deployments?.[0]?.id).not.toBe(first.service?.deployments?.[0]?.id);
});

test('one task at 100 and 200 percent: the new one serves before the old one stops', async () => {
  await using manual = await startServiceServer();
  await rollOne(manual, { minimumHealthyPercent: 100, maximumPercent: 200 });
  const seen = await watch(manual, 20);
  for (const { runningCount = 0, pendingCount = 0 } of seen) {
    expect(runningCount).toBeGreaterThanOrEqual(1);
    expect(runningCount + pendingCount).toBeLessThanOrEqual(2);
  }
  expect(seen[0]?.deployments).toHaveLength(2);
  const last = await describeService(manual.ecs);
  expect(isStable(last)).toBe(true);
  expect(last.deployments?.[0]?.taskDefinition).toMatch(/web:2$/);
  expect(eventTexts(last).slice(3)).toEqual([startedOne, stoppedOne, completed, steady]);
});

test('one task at 0 and 100 percent: the old one stops before the new one starts', async () => {
  await using manual = await startServiceServer();
  await rollOne(manual, { minimumHealthyPercent: 0, maximumPercent: 100 });
  const seen = await watch(manual, 20);
  for (const { runningCount = 0, pendingCount = 0 } of seen) {
    expect(runningCount + pendingCount).toBeLessThanOrEqual(1);
  }
  const last = await describeService(manual.ecs);
  expect(isStable(last)).toBe(true);
  expect(eventTexts(last).slice(3)).toEqual([stoppedOne, startedOne, completed, steady]);
});

test('one task at 50 and 100 percent: the deployment cannot move, and says so', async () => {
  await using manual = await startServiceServer();
  await rollOne(manual, { minimumHealthyPercent: 50, maximumPercent: 100 });
  await manual.advance(30 * minuteMs);
  const stuck = await describeService(manual.ecs);
  expect(stuck).toMatchObject({
    runningCount: 1,
    deployments: [
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 0 },
      { status: 'ACTIVE', runningCount: 1 },
    ],
  });
  expect(eventTexts(stuck)[3]).toBe(
    '(service shop) was unable to stop or start tasks during a deployment because of the service ' +
      'deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
  );
});

test('an image that is not there: three failures are counted, and the service goes back at once', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const deploymentCircuitBreaker = { enable: true, rollback: true };
  const deploymentConfiguration = { deploymentCircuitBreaker };
  await ecs.createService(aServiceRequest({ desiredCount: 1, deploymentConfiguration }));
  await advance(10_000);
  await register(ecs, 'simulated/missing');
  const { service } = await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  const bad = service?.deployments?.[0]?.id;
  // The third task takes 10 ms to stop.
  const seen = await watch(manual, 5, 10);
  const counts = seen.flatMap(({ deployments = [] }) =>
    deployments.flatMap(({ id, failedTasks = 0 }) => (id === bad ? failedTasks : [])),
  );
  expect([...new Set(counts)]).toEqual([0, 1, 2, 3]);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(seen.find(({ deployments }) => deployments?.[1]?.id === bad)?.deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', failedTasks: 0 },
    { status: 'ACTIVE', rolloutState: 'FAILED', failedTasks: 3, desiredCount: 0 },
  ]);
  await waitUntilStable(manual);
  const last = await describeService(ecs);
  expect(last.taskDefinition).toMatch(/web:1$/);
  const times = ['deployment failed: tasks failed to start.', 'rolling back to deployment'].map(
    (text) => last.events?.find(({ message }) => message?.includes(text))?.createdAt?.getTime(),
  );
  const [failed = Number.NaN, rolledBack = Number.NaN] = times;
  expect(rolledBack - failed).toBe(1);
  expect(await newest(ecs)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
    statusReason:
      'Service deployment rolled back because the circuit breaker threshold was exceeded.',
  });
});

test('an image that is not there, without a breaker: starts grow rare until a new deployment is forced', async () => {
  await using manual = await startServiceServer('simulated/missing');
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  await advance(2 * 60 * minuteMs);
  const slowed = await describeService(ecs);
  expect(eventTexts(slowed)).toContainEqual(
    expect.stringContaining('is unable to consistently start tasks successfully.'),
  );
  const times = startTimes(slowed).slice(2);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(4);
  expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
  expect(gaps.at(-1)).toBeGreaterThan(10 * minuteMs);

  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(5_000);
  const anew = startTimes(await describeService(ecs));
  expect(anew.length - startTimes(slowed).length).toBe(3);
});

test('a crash loop after RUNNING: each task is replaced at once, however often', async () => {
  await using manual = await startServiceServer('simulated/sleep:5s');
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  await advance(10 * minuteMs);
  const service = await describeService(ecs);
  const times = startTimes(service);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(40);
  expect(Math.max(...gaps)).toBeLessThan(7_000);
  expect(eventTexts(service).join()).not.toContain('unable to consistently start');
});

/** The stages that hooks can hold where one revision is ACTIVE when the deployment begins, in their order. */
const hookStages: HookStage[] = [
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];

test('a blue/green deployment: its hooks are called stage by stage, and weights flip once', async () => {
  const functions = new Functions();
  const hook = { ...lambdaHook, lifecycleStages: hookStages };
  const shift = shifting({
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 1,
    lifecycleHooks: [hook],
  });
  await using second = await startSecond(shift, functions);
  const { ecs } = second;
  const weights: (number | undefined)[] = [];
  const stages: (string | undefined)[] = [];
  for (let step = 0; step < 100; step += 1) {
    await second.advance(1_000);
    const { lifecycleStage, targetServiceRevision } = await newest(ecs);
    if (stages.at(-1) !== lifecycleStage) stages.push(lifecycleStage);
    const weight = targetServiceRevision?.requestedProductionTrafficWeight;
    if (weights.length === 0 || weights.at(-1) !== weight) weights.push(weight);
  }
  expect(functions.calls.map(({ payload }) => payload)).toMatchObject(
    hookStages.map((lifecycleStage) => ({ lifecycleStage })),
  );
  const ranks = stages.map((stage) => lifecycleStages.findIndex((known) => known === stage));
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  expect(stages.slice(-2)).toEqual(['BAKE_TIME', 'CLEAN_UP']);
  expect(weights).toEqual([0, 100]);
  expect((await newest(ecs)).status).toBe('SUCCESSFUL');
});

test.each(hookStages)(
  'a blue/green deployment: a hook that says FAILED at %s takes it back',
  async (stage) => {
    const functions = new Functions();
    const shift = shifting({
      strategy: 'BLUE_GREEN',
      lifecycleHooks: [{ ...lambdaHook, lifecycleStages: [stage] }],
    });
    await using second = await startSecond(shift, functions);
    functions.answers.push({ kind: 'Answered', payload: '{"hookStatus":"FAILED"}' });
    await second.advance(2 * minuteMs);
    expect(await newest(second.ecs)).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: expect.stringContaining(`because ${stage} lifecycle hook(s) failed.`),
      targetServiceRevision: { requestedProductionTrafficWeight: 0 },
    });
    const service = await describeService(second.ecs);
    expect(isStable(service)).toBe(true);
    expect(service.taskDefinition).toMatch(/web:1$/);
  },
);
