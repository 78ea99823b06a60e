import { expect, test } from 'vitest';
import { aShift, blueGreen, canary, watch } from '../../../../test/fixtures/a-shift.ts';
import type { ServiceWorld } from '../../../../test/fixtures/service-world.ts';
import { continuedDeployment } from './continue-service-deployment.ts';
import { dueHooks, hookPayload, withHookAnswer } from './hook-runs.ts';
import type { LifecycleHook } from './lifecycle.ts';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:check';
const terms = { timeoutInMinutes: 60, timeoutAction: 'ROLLBACK' } as const;
const lambdaAt = (
  ...lifecycleStages: LifecycleHook['lifecycleStages'][number][]
): LifecycleHook => {
  const target = { targetType: 'AWS_LAMBDA', hookTargetArn: arn, roleArn: 'role' } as const;
  return { ...terms, ...target, lifecycleStages };
};
const pauseAt = (...lifecycleStages: LifecycleHook['lifecycleStages'][number][]): LifecycleHook => {
  return { ...terms, targetType: 'PAUSE', lifecycleStages };
};

/** Answers all hooks that are to be called, and tells what they were told. */
function answer(world: ServiceWorld, payload: string): readonly object[] {
  const told: object[] = [];
  world.change((rollout) => {
    let answered = rollout;
    for (const run of dueHooks(rollout, world.now)) {
      told.push(hookPayload(rollout, run));
      answered = withHookAnswer(answered, run.id, { kind: 'Answered', payload }, world.now);
    }
    return answered;
  });
  return told;
}

test('a hook is told the weights of its stage', () => {
  const stages = [
    'PRE_SCALE_UP',
    'PRE_PRODUCTION_TRAFFIC_SHIFT',
    'PRODUCTION_TRAFFIC_SHIFT',
  ] as const;
  const world = aShift(canary, { hooks: [lambdaAt(...stages, 'TEST_TRAFFIC_SHIFT')] });
  const told: object[] = [];
  const pass = (minutes: number): void => {
    for (let turn = 0; turn < minutes * 6; turn += 1) {
      world.pass();
      told.push(...answer(world, '{"hookStatus":"SUCCEEDED"}'));
      world.advance(10_000, 1);
    }
  };
  pass(60);
  const blue = world.service.deployments[0].revision.arn;
  world.deploy();
  const green = world.service.deployments[0].revision.arn;
  told.length = 0;
  pass(60);
  const none = { testTrafficWeights: {}, productionTrafficWeights: {} };
  const production = (weight: number) => ({
    ...none,
    productionTrafficWeights: { [green]: weight, [blue]: 100 - weight },
  });
  expect(told).toMatchObject([
    { lifecycleStage: 'PRE_SCALE_UP', executionDetails: none },
    {
      lifecycleStage: 'TEST_TRAFFIC_SHIFT',
      executionDetails: { ...none, testTrafficWeights: { [green]: 100, [blue]: 0 } },
    },
    { lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', executionDetails: production(0) },
    { lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT', executionDetails: production(10) },
    { lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', executionDetails: production(10) },
    { lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT', executionDetails: production(100) },
  ]);
});

test('a hook that is still at work is called again with what it has said, under the same id', () => {
  const world = aShift(blueGreen, { hooks: [lambdaAt('PRE_SCALE_UP')] });
  world.pass();
  const first = answer(
    world,
    '{"hookStatus":"IN_PROGRESS","callBackDelay":60,"hookDetails":{"round":1}}',
  );
  expect(first).toHaveLength(1);
  world.now += 59_000;
  expect(answer(world, '{}')).toEqual([]);
  world.now += 1_000;
  const second = answer(world, '{"hookStatus":"IN_PROGRESS"}');
  expect(second).toEqual([{ ...first[0], hookDetails: { round: 1 } }]);
  world.now += 29_000;
  expect(answer(world, '{}')).toEqual([]);
  world.now += 1_000;
  expect(answer(world, '{"hookStatus":"SUCCEEDED"}')).toHaveLength(1);
  world.settle();
  expect(world.rollout?.status).toBe('SUCCESSFUL');
});

const because = 'Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed.';

test.each([
  ['{"hookStatus":"FAILED"}', `${because} Lifecycle hook target ${arn} returned FAILED status.`],
  [
    '{"errorMessage":"boom"}',
    `${because} ECS was unable to parse the response from ${arn} due to HookStatus must not be null`,
  ],
  [
    'true',
    `${because} ECS was unable to parse the response from ${arn} due to HookStatus must not be null`,
  ],
])('a hook that answers %s takes the deployment back', (payload, reason) => {
  const world = aShift(blueGreen, { hooks: [lambdaAt('PRE_SCALE_UP')] });
  world.pass();
  answer(world, '{"hookStatus":"SUCCEEDED"}');
  world.settle();
  const blue = world.service.deployments[0].revision.arn;
  world.deploy();
  world.pass();
  answer(world, payload);
  world.settle();
  expect(world.rollout).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    statusReason: reason,
    rollback: { reason, revisionArn: blue },
  });
  const texts = world.service.events.map(({ message }) => message);
  expect(texts).toContainEqual(
    expect.stringMatching(
      /^\(service shop\) \(deployment ecs-svc\/\d+\) deployment failed: Service/,
    ),
  );
});

test('hooks of the shifts hear of a roll-back, and cannot hold it up', () => {
  const world = aShift(blueGreen, {
    bakeTimeInMinutes: 60,
    hooks: [lambdaAt('PRODUCTION_TRAFFIC_SHIFT'), pauseAt('POST_SCALE_UP')],
  });
  const untilBake = (): void => {
    for (let turn = 0; turn < 30; turn += 1) {
      world.pass();
      world.change((rollout) => {
        const paused = rollout.lifecycle?.hooks.find(({ status }) => status === 'AWAITING_ACTION');
        return paused ? continuedDeployment(rollout, paused.id, 'CONTINUE', world.now) : rollout;
      });
      answer(world, '{"hookStatus":"SUCCEEDED"}');
      world.advance(5_000, 1);
    }
  };
  untilBake();
  world.settle();
  world.deploy();
  untilBake();
  expect(world.rollout?.lifecycle?.stage).toBe('BAKE_TIME');
  world.stop('ROLLBACK');
  world.pass();
  const told = answer(world, '{"hookStatus":"FAILED"}');
  const { target, lifecycle } = world.rollout ?? {};
  expect(told).toMatchObject([
    {
      lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT',
      executionDetails: {
        targetServiceRevisionArn: target,
        productionTrafficWeights: { [target ?? '']: 0, [lifecycle?.blue ?? '']: 100 },
      },
    },
  ]);
  world.settle();
  expect(world.rollout?.status).toBe('ROLLBACK_SUCCESSFUL');
});

test.each([
  ['ROLLBACK', 'ROLLBACK_SUCCESSFUL'],
  ['CONTINUE', 'SUCCESSFUL'],
] as const)('a pause that nobody ends does what its timeout says: %s', (timeoutAction, status) => {
  const hooks = [{ ...pauseAt('POST_SCALE_UP'), timeoutAction, timeoutInMinutes: 30 }];
  const world = aShift(blueGreen);
  world.settle();
  world.service = {
    ...world.service,
    deploymentConfiguration: { ...world.service.deploymentConfiguration, lifecycleHooks: hooks },
  };
  world.deploy();
  watch(world, 29);
  expect(world.rollout?.lifecycle).toMatchObject({
    stage: 'POST_SCALE_UP',
    hooks: [{ targetType: 'PAUSE', status: 'AWAITING_ACTION' }],
  });
  watch(world, 3);
  expect(world.rollout?.status).toBe(status);
});

test('a first deployment whose hook fails has nothing to go back to', () => {
  const world = aShift(blueGreen, { hooks: [lambdaAt('PRE_SCALE_UP')] });
  world.pass();
  answer(world, '{"hookStatus":"FAILED"}');
  watch(world, 5);
  expect(world.rollout).toMatchObject({
    status: 'ROLLBACK_FAILED',
    statusReason: 'No rollback candidate was found to run the rollback.',
  });
  expect(world.serving()).toBe(0);
});
