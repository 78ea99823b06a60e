import type { DeploymentLifecycleHook as WireHook } from '@aws-sdk/client-ecs';
import { invalidParameter, type EcsError } from '../../errors.ts';
import type { HookAction, HookStage, LifecycleHook } from './lifecycle.ts';
import { outOfRange } from './parse-shift.ts';

const mostOfAKind = 10;
const longestMinutes = { AWS_LAMBDA: 1440, PAUSE: 20_160 } as const;
const defaultMinutes = 1440;

const hookStages: readonly HookStage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];

/** @throws EcsError InvalidParameterException; texts are [inferred] but for those of types and pause stages */
export function parseHooks(given: readonly WireHook[]): readonly LifecycleHook[] {
  const hooks = given.map(parseHook);
  for (const type of ['AWS_LAMBDA', 'PAUSE'] as const) {
    if (hooks.filter(({ targetType }) => targetType === type).length <= mostOfAKind) continue;
    throw invalidParameter(`lifecycleHooks can have at most ${mostOfAKind} ${type} items.`);
  }
  return hooks;
}

function parseHook(given: WireHook): LifecycleHook {
  const { targetType = 'AWS_LAMBDA' } = given;
  switch (targetType) {
    case 'AWS_LAMBDA':
      return { targetType, ...parseTarget(given), ...parseTerms(given, targetType) };
    case 'PAUSE':
      return { targetType, ...parseTerms(given, targetType) };
    default:
      throw invalidParameter('Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE');
  }
}

function parseTerms(given: WireHook, targetType: LifecycleHook['targetType']) {
  const { timeoutInMinutes = defaultMinutes, action = 'ROLLBACK' } =
    given.timeoutConfiguration ?? {};
  const most = longestMinutes[targetType];
  if (timeoutInMinutes < 1 || timeoutInMinutes > most) {
    throw outOfRange('timeoutInMinutes', 1, most);
  }
  const lifecycleStages = parseStages(given.lifecycleStages ?? [], targetType);
  return { lifecycleStages, timeoutInMinutes, timeoutAction: parseHookAction(action) };
}

function parseTarget({ hookTargetArn, roleArn, hookDetails }: WireHook) {
  if (!hookTargetArn) throw required('hookTargetArn', 'AWS_LAMBDA');
  if (!roleArn) throw required('roleArn', 'AWS_LAMBDA');
  return { hookTargetArn, roleArn, ...(hookDetails !== undefined && { hookDetails }) };
}

function parseStages(
  given: readonly string[],
  targetType: LifecycleHook['targetType'],
): readonly HookStage[] {
  if (given.length === 0) throw required('lifecycleStages', targetType);
  return given.map((name) => {
    const stage = hookStages.find((known) => known === name);
    if (!stage) {
      throw invalidParameter(`Lifecycle stage should be one of [${hookStages.join(',')}]`);
    }
    const isShift = stage === 'TEST_TRAFFIC_SHIFT' || stage === 'PRODUCTION_TRAFFIC_SHIFT';
    if (targetType === 'PAUSE' && isShift) {
      throw invalidParameter('Invalid lifecycle stage provided for Pause Hook');
    }
    return stage;
  });
}

function required(member: string, targetType: LifecycleHook['targetType']): EcsError {
  return invalidParameter(`${member} is required for ${targetType} lifecycle hooks`);
}

/** @throws EcsError InvalidParameterException */
export function parseHookAction(given: string): HookAction {
  if (given === 'CONTINUE' || given === 'ROLLBACK') return given;
  throw invalidParameter('Action should be one of [CONTINUE,ROLLBACK]');
}
