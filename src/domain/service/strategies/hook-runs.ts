import type { Instant } from '../../instant.ts';
import type { ServiceDeployment } from '../service-deployment.ts';
import type { HookRun, Lifecycle, LifecycleHook, LifecycleStage } from './lifecycle.ts';

const minuteMs = 60_000;
const defaultDelaySeconds = 30;

/** The hooks that have their say in a stage; their ids are given when the record is written. */
export function hookRuns(
  hooks: readonly LifecycleHook[],
  stage: LifecycleStage,
  now: Instant,
): readonly HookRun[] {
  return hooks
    .filter(({ lifecycleStages }) => lifecycleStages.some((one) => one === stage))
    .map((hook): HookRun => {
      const expiresAt = now + hook.timeoutInMinutes * minuteMs;
      const { timeoutAction } = hook;
      const run = { id: '', startedAt: now, expiresAt, timeoutAction };
      if (hook.targetType === 'PAUSE') {
        return { ...run, targetType: 'PAUSE', status: 'AWAITING_ACTION' };
      }
      const { targetType, hookTargetArn: targetArn } = hook;
      const details = 'hookDetails' in hook ? { hookDetails: hook.hookDetails } : {};
      const called = { targetType, targetArn, status: 'IN_PROGRESS', nextCallAt: now } as const;
      return { ...run, ...called, ...details };
    });
}

/** Gives hooks that have just begun their ids. */
export function withHookIds(rollout: ServiceDeployment, newUuid: () => string): ServiceDeployment {
  const { lifecycle } = rollout;
  if (!lifecycle || lifecycle.hooks.every(({ id }) => id !== '')) return rollout;
  const hooks = lifecycle.hooks.map((run): HookRun => {
    if (run.id !== '') return run;
    return { ...run, id: run.targetType === 'PAUSE' ? pauseId(newUuid) : newUuid() };
  });
  return { ...rollout, lifecycle: { ...lifecycle, hooks } };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const characters = 43;

/** `ecs-pause-` and 32 bytes in base64url. */
function pauseId(newUuid: () => string): string {
  let rest = BigInt(`0x${`${newUuid()}${newUuid()}`.replaceAll('-', '')}`) << 2n;
  let id = '';
  while (id.length < characters) {
    id = alphabet.charAt(Number(rest & 63n)) + id;
    rest >>= 6n;
  }
  return `ecs-pause-${id}`;
}

/** As `lifecycleHookDetails` names it, and ContinueServiceDeployment takes it. */
export function hookIdOf({ targetType, id }: HookRun): string {
  return targetType === 'PAUSE' ? id : `ecs-lambda-${id}`;
}

export function isEnded({ status }: HookRun): boolean {
  return status !== 'IN_PROGRESS' && status !== 'AWAITING_ACTION';
}

/** What has waited for longer than it may is over. */
export function withExpiredHooks(lifecycle: Lifecycle, now: Instant): Lifecycle {
  if (!lifecycle.hooks.some((run) => !isEnded(run) && run.expiresAt <= now)) return lifecycle;
  const hooks = lifecycle.hooks.map((run): HookRun =>
    isEnded(run) || run.expiresAt > now ? run : { ...run, status: 'TIMED_OUT' },
  );
  return { ...lifecycle, hooks };
}

/** Why hooks of a stage end the deployment; undefined where none does. */
export function hookFailure({ hooks, stage }: Lifecycle): string | undefined {
  for (const run of hooks) {
    const failure = failureOf(run, stage);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Those of Lambda hooks that time out and of pauses that a user ends are [inferred]. */
function failureOf(run: HookRun, stage: LifecycleStage): string | undefined {
  const isTimedOut = run.status === 'TIMED_OUT' && run.timeoutAction === 'ROLLBACK';
  if (run.status !== 'FAILED' && !isTimedOut) return undefined;
  const because = 'Service deployment rolled back because';
  if (run.targetType === 'PAUSE') {
    return isTimedOut
      ? `${because} ${stage} pause hook timed out.`
      : `${because} a user rolled it back at the ${stage} pause hook.`;
  }
  const failed = `${because} ${stage} lifecycle hook(s) failed.`;
  const { targetArn } = run;
  if (isTimedOut) return `${failed} Lifecycle hook target ${targetArn} timed out.`;
  return `${failed} ${run.failure ?? `Lifecycle hook target ${targetArn} returned FAILED status.`}`;
}

/** What came of a call to a hook's function. */
export type HookAnswer =
  | { readonly kind: 'Answered'; readonly payload: string }
  | { readonly kind: 'Unreachable'; readonly error: string };

type LambdaRun = Extract<HookRun, { targetType: 'AWS_LAMBDA' }>;

/** The Lambda hooks that are to be called now. */
export function dueHooks({ lifecycle }: ServiceDeployment, now: Instant): readonly LambdaRun[] {
  return lambdaHooks(lifecycle).filter(({ id, nextCallAt }) => id !== '' && nextCallAt <= now);
}

/** When a Lambda hook is to be called next. */
export function nextHookCall({ lifecycle }: ServiceDeployment): Instant | undefined {
  const moments = lambdaHooks(lifecycle).map(({ nextCallAt }) => nextCallAt);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function lambdaHooks(lifecycle: Lifecycle | undefined): readonly LambdaRun[] {
  return (lifecycle?.hooks ?? []).flatMap((run) =>
    run.targetType === 'AWS_LAMBDA' && run.status === 'IN_PROGRESS' ? [run] : [],
  );
}

/** Takes in what a function has answered; an answer to a hook that is over changes nothing. */
export function withHookAnswer(
  rollout: ServiceDeployment,
  id: string,
  answer: HookAnswer,
  now: Instant,
): ServiceDeployment {
  const { lifecycle } = rollout;
  if (!lifecycle) return rollout;
  const hooks = lifecycle.hooks.map((run): HookRun =>
    run.id === id && run.targetType === 'AWS_LAMBDA' && run.status === 'IN_PROGRESS'
      ? answered(run, answer, now)
      : run,
  );
  return { ...rollout, lifecycle: { ...lifecycle, hooks }, updatedAt: now };
}

function answered(run: LambdaRun, answer: HookAnswer, now: Instant): LambdaRun {
  const { targetArn } = run;
  if (answer.kind === 'Unreachable') {
    const failure = `ECS was unable to invoke hook target ${targetArn} due to ${answer.error}`;
    return { ...run, status: 'FAILED', failure };
  }
  const given = parsed(answer.payload);
  switch (given['hookStatus']) {
    case 'SUCCEEDED':
    case 'FAILED':
      return { ...run, status: given['hookStatus'] };
    case 'IN_PROGRESS': {
      const delay = Number(given['callBackDelay'] ?? defaultDelaySeconds);
      const seconds = Number.isFinite(delay) && delay > 0 ? delay : defaultDelaySeconds;
      const details =
        given['hookDetails'] === undefined
          ? {}
          : { hookDetails: mergedDetails(run.hookDetails, given['hookDetails']) };
      return { ...run, ...details, nextCallAt: now + seconds * 1000 };
    }
    default: {
      const failure =
        `ECS was unable to parse the response from ${targetArn} due to ` +
        'HookStatus must not be null';
      return { ...run, status: 'FAILED', failure };
    }
  }
}

/** Whatever is no object has no status. */
function parsed(payload: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : {};
  } catch {
    return {}; // An answer that is no JSON says nothing.
  }
}

/** What comes back lies over what was there. */
function mergedDetails(before: unknown, given: unknown): unknown {
  return isObject(before) && isObject(given) ? { ...before, ...given } : given;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a function is told (Developer Guide, "Lifecycle hooks for Amazon ECS service deployments"). */
export function hookPayload(rollout: ServiceDeployment, run: LambdaRun): object {
  const { lifecycle } = rollout;
  const stage = lifecycle?.stage;
  const isProduction =
    stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' || stage === 'PRODUCTION_TRAFFIC_SHIFT';
  return {
    executionId: run.id,
    lifecycleStage: stage,
    resourceArn: rollout.arn,
    executionDetails: {
      serviceArn: rollout.serviceArn,
      targetServiceRevisionArn: rollout.target,
      testTrafficWeights: stage === 'TEST_TRAFFIC_SHIFT' ? weightsOf(rollout).test : {},
      productionTrafficWeights: isProduction ? weightsOf(rollout).production : {},
    },
    ...(run.hookDetails !== undefined && { hookDetails: run.hookDetails }),
  };
}

/** The weights of each revision that traffic may go to, in percent. */
export interface TrafficWeights {
  readonly production: Readonly<Record<string, number>>;
  readonly test: Readonly<Record<string, number>>;
}

export function weightsOf({ lifecycle, target }: ServiceDeployment): TrafficWeights {
  const split = (green: number): Readonly<Record<string, number>> => {
    const blue = lifecycle?.blue;
    // Ten times the percentage is a whole number; what is left of 100 is to be exact as well.
    return { [target]: green, ...(blue && { [blue]: Math.round((100 - green) * 10) / 10 }) };
  };
  const { production = 0, test = 0 } = lifecycle?.traffic ?? {};
  return { production: split(production), test: split(test) };
}
