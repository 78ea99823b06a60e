import { expect, test } from 'vitest';
import { aShift, blueGreen } from '../../../test/fixtures/a-shift.ts';
import type { ServiceDeployment } from '../service/service-deployment.ts';
import type { HookRun, Lifecycle } from '../service/strategies/lifecycle.ts';
import { hookEvents } from './hook-event.ts';

const { rollout: begun } = aShift(blueGreen);
if (!begun) throw new Error('There is no service deployment.');

const pause: HookRun = {
  id: 'ecs-pause-1',
  targetType: 'PAUSE',
  status: 'AWAITING_ACTION',
  startedAt: 0,
  expiresAt: 60_000,
  timeoutAction: 'CONTINUE',
};

function at(stage: Lifecycle['stage'], hooks: readonly HookRun[], updatedAt = 0) {
  const traffic = { production: 0, test: 0 };
  const lifecycle: Lifecycle = {
    stage,
    hooks,
    traffic,
    direction: 'Forward',
    step: 0,
    enteredAt: 0,
  };
  return { ...(begun as ServiceDeployment), lifecycle, updatedAt };
}

const waiting = at('PRE_SCALE_UP', [pause]);

test('a pause that waits for somebody is told with all that answers it', () => {
  const { arn, serviceArn, clusterArn } = waiting;
  expect(hookEvents(at('PRE_SCALE_UP', []), waiting, 1_000)).toEqual([
    {
      type: 'ECS Hook State Change',
      resourceArn: serviceArn,
      detail: {
        eventType: 'INFO',
        eventName: 'HOOK_AWAITING_ACTION',
        hookId: 'ecs-pause-1',
        hookType: 'PAUSE',
        expiresAt: '1970-01-01T00:01:00.000Z',
        lifecycleStage: 'PRE_SCALE_UP',
        clusterArn,
        serviceArn,
        serviceDeploymentArn: arn,
        updatedAt: '1970-01-01T00:00:01.000Z',
      },
    },
  ]);
});

test.for([
  ['SUCCEEDED', 'INFO', 'HOOK_SUCCEEDED'],
  ['FAILED', 'ERROR', 'HOOK_FAILED'],
  ['TIMED_OUT', 'ERROR', 'HOOK_TIMED_OUT'],
] as const)('a pause that is %s is told once', ([status, eventType, eventName]) => {
  const ended = at('PRE_SCALE_UP', [{ ...pause, status }]);
  expect(hookEvents(waiting, ended, 0)).toMatchObject([{ detail: { eventType, eventName } }]);
  expect(hookEvents(ended, at('PRE_SCALE_UP', [...ended.lifecycle.hooks]), 0)).toEqual([]);
});

test('a pause that times out as the deployment moves on is told of its own stage', () => {
  expect(hookEvents(waiting, at('SCALE_UP', [], 60_000), 0)).toMatchObject([
    { detail: { eventName: 'HOOK_TIMED_OUT', lifecycleStage: 'PRE_SCALE_UP' } },
  ]);
});

test('a pause that a roll-back has overtaken, and hooks of functions, tell nothing', () => {
  const call: HookRun = {
    ...pause,
    targetType: 'AWS_LAMBDA',
    targetArn: 'arn:aws:lambda:us-east-1:123456789012:function:check',
    status: 'IN_PROGRESS',
    nextCallAt: 0,
  };
  expect(hookEvents(waiting, at('PRODUCTION_TRAFFIC_SHIFT', [], 59_999), 0)).toEqual([]);
  expect(hookEvents(at('PRE_SCALE_UP', []), at('PRE_SCALE_UP', [call]), 0)).toEqual([]);
});
