import type { DeploymentConfiguration, ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type { HookAnswer } from '../../src/domain/service/strategies/hook-runs.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { readEvents } from './event-reader.ts';
import { newAccount, startTestServer } from './server.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  newest,
  register,
  startServiceServer,
} from './service-requests.ts';
import {
  Functions,
  functionArn,
  lambdaHook,
  pauseHook,
  shifting,
  startSecond,
} from './shift-requests.ts';

const minuteMs = 60_000;

test('a blue/green deployment runs both revisions until it has baked', async () => {
  const shift = shifting({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
  await using second = await startSecond(shift);
  const { ecs, advance } = second;
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 4,
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 },
    deployments: [
      { status: 'PRIMARY', desiredCount: 2, runningCount: 2, rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', desiredCount: 2, runningCount: 2, rolloutState: 'COMPLETED' },
    ],
  });
  expect(await newest(ecs)).toMatchObject({
    status: 'IN_PROGRESS',
    lifecycleStage: 'BAKE_TIME',
    targetServiceRevision: {
      requestedProductionTrafficWeight: 100,
      requestedTestTrafficWeight: 100,
    },
    sourceServiceRevisions: [
      { requestedProductionTrafficWeight: 0, requestedTestTrafficWeight: 0 },
    ],
  });
  await advance(10 * minuteMs);
  const described = await describeService(ecs);
  expect(described).toMatchObject({
    runningCount: 2,
    deployments: [{ rolloutState: 'COMPLETED' }],
  });
  expect(await newest(ecs)).toMatchObject({ status: 'SUCCESSFUL', lifecycleStage: 'CLEAN_UP' });
  expect(eventTexts(described).slice(-4)).toEqual([
    '(service shop) has started 2 tasks: (task T) (task T).',
    '(service shop) has stopped 2 running tasks: (task T) (task T).',
    '(service shop) (deployment ecs-svc/N) deployment completed.',
    '(service shop) has reached a steady state.',
  ]);
});

test('a Lambda hook is called with what the deployment is at, and again while it is at work', async () => {
  const functions = new Functions();
  const details = { bucket: 'approvals' };
  const shift = shifting({
    strategy: 'BLUE_GREEN',
    lifecycleHooks: [{ ...lambdaHook, hookDetails: details }],
  });
  await using second = await startSecond(shift, functions);
  functions.answers.push({
    kind: 'Answered',
    payload: '{"hookStatus":"IN_PROGRESS","callBackDelay":60}',
  });
  const { ecs, advance } = second;
  await advance(1_000);
  const waiting = await newest(ecs);
  expect(waiting).toMatchObject({
    lifecycleStage: 'PRE_SCALE_UP',
    lifecycleHookDetails: [
      { targetType: 'AWS_LAMBDA', targetArn: functionArn, status: 'IN_PROGRESS' },
    ],
  });
  expect((await describeService(ecs)).runningCount).toBe(2);
  await advance(58_000);
  expect(functions.calls).toHaveLength(1);
  await advance(2_000);
  expect(functions.calls.length).toBeGreaterThan(1);
  await advance(2 * minuteMs);
  expect(await newest(ecs)).toMatchObject({ status: 'SUCCESSFUL' });
  const { serviceDeploymentArn: resourceArn, serviceArn, targetServiceRevision } = waiting;
  const payload = (lifecycleStage: string, productionTrafficWeights: object) => ({
    executionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    lifecycleStage,
    resourceArn,
    executionDetails: {
      serviceArn,
      targetServiceRevisionArn: targetServiceRevision?.arn,
      testTrafficWeights: {},
      productionTrafficWeights,
    },
    hookDetails: details,
  });
  const green = targetServiceRevision?.arn ?? '';
  const blue = waiting.sourceServiceRevisions?.[0]?.arn ?? '';
  expect(functions.calls).toEqual([
    { region: 'us-east-1', functionArn, payload: payload('PRE_SCALE_UP', {}) },
    { region: 'us-east-1', functionArn, payload: payload('PRE_SCALE_UP', {}) },
    {
      region: 'us-east-1',
      functionArn,
      payload: payload('PRODUCTION_TRAFFIC_SHIFT', { [green]: 100, [blue]: 0 }),
    },
  ]);
  expect(functions.calls[0]?.payload).toEqual(functions.calls[1]?.payload);
});

test('a hook that cannot be called takes the deployment back', async () => {
  const functions = new Functions();
  functions.answers.push({ kind: 'Unreachable', error: 'connect ECONNREFUSED' });
  const shift = shifting({ strategy: 'BLUE_GREEN', lifecycleHooks: [lambdaHook] });
  await using second = await startSecond(shift, functions);
  const { ecs, advance } = second;
  await advance(minuteMs);
  const reason =
    'Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to invoke ' +
    `hook target ${functionArn} due to connect ECONNREFUSED`;
  expect(await newest(ecs)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    statusReason: reason,
    rollback: { reason },
  });
  const described = await describeService(ecs);
  expect(described.taskDefinition).toMatch(/web:1$/);
  expect(described).toMatchObject({
    runningCount: 2,
    deployments: [{ rolloutState: 'COMPLETED' }],
  });
  const texts = eventTexts(described);
  const failed = texts.indexOf(
    `(service shop) (deployment ecs-svc/N) deployment failed: ${reason}`,
  );
  expect(texts[failed + 1]).toBe('(service shop) rolling back to deployment ecs-svc/N.');
});

test('a linear deployment pauses before each of its steps, each time under another id', async () => {
  const shift = shifting({
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 0 },
    lifecycleHooks: [pauseHook],
  });
  await using second = await startSecond(shift);
  const { ecs, advance } = second;
  const ids: string[] = [];
  const weights: (number | undefined)[] = [];
  for (let step = 0; step < 4; step += 1) {
    await advance(20_000);
    const { serviceDeploymentArn, lifecycleStage, ...paused } = await newest(ecs);
    expect(lifecycleStage).toBe('PRE_PRODUCTION_TRAFFIC_SHIFT');
    const [hook] = paused.lifecycleHookDetails ?? [];
    expect(hook).toMatchObject({
      targetType: 'PAUSE',
      status: 'AWAITING_ACTION',
      timeoutAction: 'CONTINUE',
    });
    weights.push(paused.targetServiceRevision?.requestedProductionTrafficWeight);
    ids.push(hook?.hookId ?? '');
    const answer = await ecs.continueServiceDeployment({
      serviceDeploymentArn,
      hookId: hook?.hookId,
    });
    expect(answer.serviceDeploymentArn).toBe(serviceDeploymentArn);
  }
  await advance(20_000);
  expect((await newest(ecs)).status).toBe('SUCCESSFUL');
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id).toMatch(/^ecs-pause-[A-Za-z0-9_-]{43}$/);
  expect(weights).toEqual([0, 25, 50, 75]);
  const told = await readEvents(second.server.url, { type: 'hook' });
  expect(told.map(({ event: { detail } }) => [detail?.['eventName'], detail?.['hookId']])).toEqual(
    ids.flatMap((id) => [
      ['HOOK_AWAITING_ACTION', id],
      ['HOOK_SUCCEEDED', id],
    ]),
  );
});

test('a canary that is let go on takes all traffic with its second step', async () => {
  const shift = shifting({
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 },
  });
  await using second = await startSecond(shift);
  const { ecs, advance } = second;
  const weights: (number | undefined)[] = [];
  for (let step = 0; step < 80; step += 1) {
    await advance(5_000);
    const weight = (await newest(ecs)).targetServiceRevision?.requestedProductionTrafficWeight;
    if (weights.at(-1) !== weight) weights.push(weight);
  }
  expect(weights).toEqual([0, 10, 100]);
  expect((await newest(ecs)).status).toBe('SUCCESSFUL');
});

test('a canary has two steps, and a pause can take it back', async () => {
  const shift = shifting({
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 30 },
    lifecycleHooks: [pauseHook],
  });
  await using second = await startSecond(shift);
  const { ecs, advance } = second;
  await advance(20_000);
  const first = await newest(ecs);
  const { serviceDeploymentArn } = first;
  const hookId = first.lifecycleHookDetails?.[0]?.hookId;
  await ecs.continueServiceDeployment({ serviceDeploymentArn, hookId });
  await advance(29 * minuteMs);
  expect(await newest(ecs)).toMatchObject({
    lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT',
    targetServiceRevision: { requestedProductionTrafficWeight: 12.5 },
    sourceServiceRevisions: [{ requestedProductionTrafficWeight: 87.5 }],
  });
  await advance(2 * minuteMs);
  const next = (await newest(ecs)).lifecycleHookDetails?.[0]?.hookId;
  await ecs.continueServiceDeployment({ serviceDeploymentArn, hookId: next, action: 'ROLLBACK' });
  await advance(20_000);
  expect(await newest(ecs)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    targetServiceRevision: { requestedProductionTrafficWeight: 0 },
  });
  expect((await describeService(ecs)).taskDefinition).toMatch(/web:1$/);
});

test('a circuit breaker takes a shift back while the new revision is scaled up', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const deploymentConfiguration: DeploymentConfiguration = {
    strategy: 'BLUE_GREEN',
    deploymentCircuitBreaker: { enable: true, rollback: true },
  };
  await ecs.createService(aServiceRequest({ deploymentConfiguration }));
  await advance(20_000);
  await register(ecs, 'simulated/missing');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(2 * minuteMs);
  expect(await newest(ecs)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    deploymentCircuitBreaker: { status: 'TRIGGERED' },
  });
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 2,
    taskDefinition: expect.stringMatching(/web:1$/),
  });
});

test('a shift is watched by the circuit breaker that it began with', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const breaker = (enable: boolean): DeploymentConfiguration => ({
    strategy: 'BLUE_GREEN',
    deploymentCircuitBreaker: { enable, rollback: enable },
  });
  await ecs.createService(aServiceRequest({ deploymentConfiguration: breaker(true) }));
  await advance(20_000);
  await register(ecs, 'simulated/missing');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await ecs.updateService({ service: 'shop', deploymentConfiguration: breaker(false) });
  await advance(2 * minuteMs);
  expect(await newest(ecs)).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
});

test('a service can go from ROLLING to BLUE_GREEN and back', async () => {
  await using second = await startSecond(shifting({ strategy: 'BLUE_GREEN' }));
  const { ecs, advance } = second;
  await advance(minuteMs);
  expect(await newest(ecs)).toMatchObject({ status: 'SUCCESSFUL', lifecycleStage: 'CLEAN_UP' });
  const { service } = await ecs.updateService({
    service: 'shop',
    forceNewDeployment: true,
    ...shifting({ strategy: 'ROLLING' }),
  });
  expect(service?.deploymentConfiguration?.strategy).toBe('ROLLING');
  await advance(minuteMs);
  const rolled = await newest(ecs);
  expect(rolled.status).toBe('SUCCESSFUL');
  expect(rolled).not.toHaveProperty('lifecycleStage');
});

test('a new count reaches both revisions at once', async () => {
  const shift = shifting({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
  await using second = await startSecond(shift);
  const { ecs, advance } = second;
  await advance(minuteMs);
  await ecs.updateService({ service: 'shop', desiredCount: 3 });
  await advance(minuteMs);
  expect((await describeService(ecs)).deployments).toMatchObject([
    { desiredCount: 3, runningCount: 3 },
    { desiredCount: 3, runningCount: 3 },
  ]);
});

test('StopServiceDeployment with ABORT stops a deployment where it is', async () => {
  const shift = shifting({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
  await using second = await startSecond(shift);
  const { ecs, advance } = second;
  await advance(minuteMs);
  const { serviceDeploymentArn } = await newest(ecs);
  await ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ABORT' });
  await advance(20 * minuteMs);
  expect(await newest(ecs)).toMatchObject({
    status: 'STOPPED',
    statusReason: 'Service deployment stopped because a user requested it.',
  });
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 4,
    deployments: [{ rolloutState: 'FAILED' }, { status: 'ACTIVE' }],
  });
});

test('another server goes on with a shift, and calls the hook that the first one had begun', async () => {
  const disk = new MemoryDisk();
  const account = newAccount();
  const { promise, resolve: release } = Promise.withResolvers<HookAnswer>();
  const deaf = { invokeHook: () => promise };
  const first = await startTestServer({ store: await disk.open(), awsCalls: deaf });
  const before = first.client(account);
  await before.createCluster();
  await register(before);
  const shift = shifting({ strategy: 'BLUE_GREEN', lifecycleHooks: [lambdaHook] });
  await before.createService(aServiceRequest(shift));
  const stage = async (ecs: ECS) => (await newest(ecs)).lifecycleHookDetails;
  await expect.poll(() => stage(before)).toMatchObject([{ status: 'IN_PROGRESS' }]);
  const [begun] = (await stage(before)) ?? [];
  before.destroy();
  disk.cutOff();

  const functions = new Functions();
  await using second = await startTestServer({ store: await disk.open(), awsCalls: functions });
  const after = second.client(account);
  await expect
    .poll(async () => (await newest(after)).status, { timeout: 20_000 })
    .toBe('SUCCESSFUL');
  expect(functions.calls[0]?.payload).toMatchObject({
    executionId: begun?.hookId?.replace('ecs-lambda-', ''),
    lifecycleStage: 'PRE_SCALE_UP',
  });
  after.destroy();
  release({ kind: 'Unreachable', error: 'The process is dead.' });
  await expect(first.close()).rejects.toThrow('The store could not make a change durable.');
});
