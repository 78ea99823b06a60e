import type { Instant } from '../../instant.ts';
import { present } from '../../present.ts';
import { bakeMsOf } from '../alarms.ts';
import { failPrimary, isFailedAndLeft } from '../fail-deployment.ts';
import { planScaling } from '../plan-scaling.ts';
import { rolloutOf, type ServiceDeployment } from '../service-deployment.ts';
import { messages } from '../service-messages.ts';
import {
  announce,
  withActions,
  withDeployments,
  withRollout,
  type Draft,
} from '../service-plan.ts';
import { belongsTo, isHealthy, isLive } from '../service-tasks.ts';
import { primaryOf, type Deployment, type Service } from '../service.ts';
import { hookFailure, hookRuns, isEnded, withExpiredHooks } from './hook-runs.ts';
import {
  isAtOrAfter,
  lifecycleStages,
  stepBakeMs,
  trafficSteps,
  type Lifecycle,
  type ShiftStrategy,
} from './lifecycle.ts';

const dayMs = 24 * 60 * 60_000;
/** Every stage, and each step of the production shift. */
const longestStageMs = dayMs;
/** Pauses may take longer than that. */
const longestPausedStageMs = 14 * dayMs;
const longestDeploymentMs = 30 * dayMs;
/** More stages and steps than there can be. */
const mostMoves = 200;

/** A service deployment that shifts traffic and is under way. */
export interface Shift {
  readonly rollout: ServiceDeployment;
  readonly strategy: ShiftStrategy;
}

/** The shift that the PRIMARY deployment is in; undefined where it has none, or it is over. */
export function shiftOf({ service, rollouts }: Draft): Shift | undefined {
  const rollout = rolloutOf(rollouts, primaryOf(service).revision);
  const strategy = rollout?.deploymentConfiguration.shift;
  if (!rollout || !strategy) return undefined;
  const isUnderWay = rollout.status === 'IN_PROGRESS' || rollout.status === 'ROLLBACK_IN_PROGRESS';
  return isUnderWay ? { rollout, strategy } : undefined;
}

/** Whether tasks may be all that there is although the deployment has not come to its last stage. */
export function isBeforeCleanUp(draft: Draft): boolean {
  const shift = shiftOf(draft);
  return shift !== undefined && shift.rollout.lifecycle?.stage !== 'CLEAN_UP';
}

/**
 * Moves a deployment through its stages as far as it can go now, and gives both revisions the tasks that the
 * stage asks for. Each stage is left when its hooks have agreed and its own work is done.
 */
export function planShift(draft: Draft, now: Instant): Draft {
  let next = draft;
  for (let move = 0; move < mostMoves; move += 1) {
    const moved = moveOn(next, now);
    if (moved === next) break;
    next = moved;
  }
  const lifecycle = shiftOf(next)?.rollout.lifecycle;
  // One that cannot be taken back stays where it is.
  if (!lifecycle) return next;
  return settleCounts(scaleRevisions(next, lifecycle, now), lifecycle, now);
}

function moveOn(draft: Draft, now: Instant): Draft {
  const shift = shiftOf(draft);
  if (!shift) return draft;
  const { rollout } = shift;
  const before = rollout.lifecycle;
  if (!before) return tellOfSeam(withLifecycle(draft, shift, begun(draft, shift, now), now));
  if (rollout.rollback && before.direction === 'Forward')
    return turnBack(draft, shift, before, now);
  const lifecycle = withHooksDone(withExpiredHooks(before, now), now);
  if (lifecycle !== before) return withLifecycle(draft, shift, lifecycle, now);
  const failure = before.direction === 'Forward' ? failureOf(draft, shift, before, now) : undefined;
  if (failure !== undefined) return failed(draft, failure, now);
  if (!isDone(draft, shift, before, now)) return draft;
  const next = nextStage(before, shift.strategy);
  return next
    ? withLifecycle(draft, shift, entered(shift, { ...before, ...next }, now), now)
    : draft;
}

/** The first deployment with load balancers says what becomes of its traffic. */
function tellOfSeam(draft: Draft): Draft {
  const [primary, ...former] = draft.service.deployments;
  const isNew = former.every(({ revision }) => revision.loadBalancers === undefined);
  if (!primary.revision.loadBalancers || !isNew) return draft;
  return withActions(draft, announce(messages.trafficIsRecorded));
}

function withLifecycle(
  draft: Draft,
  { rollout }: Shift,
  lifecycle: Lifecycle,
  now: Instant,
): Draft {
  return withRollout(draft, { ...rollout, lifecycle, updatedAt: now });
}

/** Where more than one revision has tasks, all but the one that serves have to go first. */
function begun(draft: Draft, shift: Shift, now: Instant): Lifecycle {
  const [, ...former] = draft.service.deployments;
  const blue = shift.rollout.rollback?.revisionArn ?? servingOf(former, draft)?.revision.arn;
  const first: Lifecycle = {
    stage: former.length > 1 ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP',
    direction: 'Forward',
    step: 0,
    enteredAt: now,
    hooks: [],
    traffic: { production: 0, test: 0 },
    ...present({ blue }),
  };
  return entered(shift, first, now);
}

/** The one that was brought out last; where none was, the one that has most tasks. */
function servingOf(former: readonly Deployment[], { tasks }: Draft): Deployment | undefined {
  const liveOf = (one: Deployment): number =>
    tasks.filter((task) => isLive(task) && belongsTo(task, one)).length;
  const completed = former.find(({ rolloutState }) => rolloutState === 'COMPLETED');
  return completed ?? former.toSorted((a, b) => liveOf(b) - liveOf(a))[0];
}

/**
 * All traffic goes back at once, and the hooks of these two stages hear of it once more. Where the tasks of the revision that
 * served have been stopped already, they come first.
 */
function turnBack(draft: Draft, shift: Shift, before: Lifecycle, now: Instant): Draft {
  const stage = before.stage === 'CLEAN_UP' ? 'SCALE_UP' : 'PRODUCTION_TRAFFIC_SHIFT';
  const back = { ...before, direction: 'Back', stage } as const;
  return withLifecycle(draft, shift, entered(shift, back, now), now);
}

/** The action of a stage comes first; its hooks see what it has done. */
function entered({ rollout, strategy }: Shift, lifecycle: Lifecycle, now: Instant): Lifecycle {
  const { hooksDoneAt: _, ...entering } = lifecycle;
  const { lifecycleHooks = [] } = rollout.deploymentConfiguration;
  const calls = lifecycleHooks.filter(
    ({ targetType }) => lifecycle.direction === 'Forward' || targetType === 'AWS_LAMBDA',
  );
  const traffic = trafficAt(lifecycle, strategy);
  const hooks = hookRuns(calls, lifecycle.stage, now);
  return { ...entering, enteredAt: now, hooks, traffic };
}

function trafficAt(
  { stage, step, direction, traffic }: Lifecycle,
  strategy: ShiftStrategy,
): Lifecycle['traffic'] {
  const isBack = direction === 'Back';
  switch (stage) {
    case 'TEST_TRAFFIC_SHIFT':
      return { ...traffic, test: isBack ? 0 : 100 };
    case 'PRODUCTION_TRAFFIC_SHIFT':
      return { ...traffic, production: isBack ? 0 : (trafficSteps(strategy)[step] ?? 100) };
    default:
      return traffic;
  }
}

function withHooksDone(lifecycle: Lifecycle, now: Instant): Lifecycle {
  if (lifecycle.hooksDoneAt !== undefined || !lifecycle.hooks.every(isEnded)) return lifecycle;
  return { ...lifecycle, hooksDoneAt: now };
}

function failureOf(
  draft: Draft,
  shift: Shift,
  lifecycle: Lifecycle,
  now: Instant,
): string | undefined {
  const failure = lifecycle.hooks.every(isEnded) ? hookFailure(lifecycle) : undefined;
  if (failure !== undefined) return failure;
  if (isDone(draft, shift, lifecycle, now) || now < overdueAt(shift, lifecycle)) return undefined;
  // [inferred text]
  return `Service deployment rolled back because ${lifecycle.stage} took too long.`;
}

function overdueAt({ rollout }: Shift, { hooks, enteredAt }: Lifecycle): Instant {
  const isPaused = hooks.some(({ targetType }) => targetType === 'PAUSE');
  const stage = enteredAt + (isPaused ? longestPausedStageMs : longestStageMs);
  return Math.min(stage, (rollout.startedAt ?? rollout.createdAt) + longestDeploymentMs);
}

function failed(draft: Draft, reason: string, now: Instant): Draft {
  return failPrimary(draft, now, {
    rolloutStateReason: reason,
    message: messages.failedBy(primaryOf(draft.service).id, reason),
    rollback: reason,
    stop: reason,
  });
}

/** Whether a stage has come to its end. */
function isDone(draft: Draft, shift: Shift, lifecycle: Lifecycle, now: Instant): boolean {
  if (lifecycle.hooksDoneAt === undefined) return false;
  if (lifecycle.direction === 'Back')
    return lifecycle.stage !== 'SCALE_UP' || isScaledUp(draft, now);
  switch (lifecycle.stage) {
    case 'RECONCILE_SERVICE':
      return draft.tasks.every((task) => !isLive(task) || isOfPair(draft, shift, task.startedBy));
    case 'SCALE_UP':
      return isScaledUp(draft, now);
    case 'PRODUCTION_TRAFFIC_SHIFT':
    case 'BAKE_TIME':
      return now >= (bakedAt(shift, lifecycle) ?? Infinity);
    default:
      return true;
  }
}

/** Whether a deployment is the new one or the one that serves. */
function isOfPair({ service }: Draft, { rollout }: Shift, id: string | undefined): boolean {
  const deployment = service.deployments.find((one) => one.id === id);
  const arn = deployment?.revision.arn;
  return arn === undefined || arn === rollout.target || arn === rollout.lifecycle?.blue;
}

function isScaledUp({ service, tasks }: Draft, now: Instant): boolean {
  const mine = tasks.filter((task) => isLive(task) && belongsTo(task, primaryOf(service)));
  return mine.length === service.desiredCount && mine.every((task) => isHealthy(task, now));
}

/** When a step or the whole deployment has been watched for long enough. */
export function bakedAt({ rollout, strategy }: Shift, lifecycle: Lifecycle): Instant | undefined {
  const { stage, step, hooksDoneAt } = lifecycle;
  if (hooksDoneAt === undefined) return undefined;
  if (stage === 'PRODUCTION_TRAFFIC_SHIFT') {
    const isLast = step >= trafficSteps(strategy).length - 1;
    return isLast ? hooksDoneAt : hooksDoneAt + stepBakeMs(strategy);
  }
  const bakeMs = stage === 'BAKE_TIME' ? bakeMsOf(rollout) : undefined;
  return bakeMs === undefined ? undefined : hooksDoneAt + bakeMs;
}

type Place = Pick<Lifecycle, 'stage' | 'step'>;

function nextStage(
  { stage, step, direction }: Lifecycle,
  strategy: ShiftStrategy,
): Place | undefined {
  if (direction === 'Back') {
    if (stage === 'SCALE_UP') return { stage: 'PRODUCTION_TRAFFIC_SHIFT', step };
    if (stage === 'PRODUCTION_TRAFFIC_SHIFT') return { stage: 'TEST_TRAFFIC_SHIFT', step };
    return stage === 'TEST_TRAFFIC_SHIFT' ? { stage: 'CLEAN_UP', step } : undefined;
  }
  if (stage === 'PRODUCTION_TRAFFIC_SHIFT' && step + 1 < trafficSteps(strategy).length) {
    return { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', step: step + 1 };
  }
  const next = lifecycleStages[lifecycleStages.indexOf(stage) + 1];
  return next && { stage: next, step };
}

/** Each revision is kept by itself; neither makes room for the other. */
function scaleRevisions(draft: Draft, lifecycle: Lifecycle, now: Instant): Draft {
  const actions = draft.service.deployments.flatMap((deployment) => {
    const desiredCount = countFor(draft, lifecycle, deployment);
    const service: Service = { ...draft.service, desiredCount, deployments: [deployment] };
    const tasks = draft.tasks.filter((task) => belongsTo(task, deployment));
    return planScaling({ ...draft, service, tasks, actions: [] }, now).actions;
  });
  return actions.length === 0 ? draft : { ...draft, actions: [...draft.actions, ...actions] };
}

/** How many tasks a revision is to have: both can bear all of the traffic until the last stage. */
function countFor(
  { service: { desiredCount, deployments } }: Draft,
  { stage, direction, blue }: Lifecycle,
  deployment: Deployment,
): number {
  const isGoing = stage === 'CLEAN_UP';
  const isPrimary = deployment === deployments[0];
  if (direction === 'Forward') {
    if (isPrimary) return isAtOrAfter(stage, 'SCALE_UP') ? desiredCount : 0;
    return deployment.revision.arn === blue && !isGoing ? desiredCount : 0;
  }
  // The one that is taken back has failed: it starts nothing, and keeps what it has until the end.
  return isPrimary || (deployment.rolloutState === 'FAILED' && !isGoing) ? desiredCount : 0;
}

/** What deployments show as their desired count; a former one that has nothing left goes. */
function settleCounts(draft: Draft, lifecycle: Lifecycle, now: Instant): Draft {
  const [primary, ...former] = draft.service.deployments;
  const stopped = new Set(
    draft.actions.flatMap((action) => (action.kind === 'StopTask' ? [action.taskArn] : [])),
  );
  const left = former
    .map((deployment) => {
      const live = draft.tasks.filter((task) => isLive(task) && belongsTo(task, deployment));
      const count = live.filter(({ arn }) => !stopped.has(arn)).length;
      // One that has failed starts nothing more, and so wants no more than it has.
      const isFailed = deployment.rolloutState === 'FAILED';
      const wanted = isFailed ? 0 : countFor(draft, lifecycle, deployment);
      return withCount(deployment, Math.max(count, wanted), now);
    })
    .filter(
      (deployment) =>
        deployment.desiredCount > 0 ||
        deployment.rolloutState === 'COMPLETED' ||
        isFailedAndLeft(deployment, draft.tasks, now),
    );
  const wanted = withCount(primary, draft.service.desiredCount, now);
  return withDeployments(draft, [wanted, ...left]);
}

function withCount(deployment: Deployment, desiredCount: number, now: Instant): Deployment {
  if (deployment.desiredCount === desiredCount) return deployment;
  return { ...deployment, desiredCount, updatedAt: now };
}

/** The moments at which the mere passing of time moves a shift on. */
export function shiftMoments(draft: Draft): readonly (Instant | undefined)[] {
  const shift = shiftOf(draft);
  const lifecycle = shift?.rollout.lifecycle;
  if (!shift || !lifecycle) return [];
  return [
    bakedAt(shift, lifecycle),
    overdueAt(shift, lifecycle),
    ...lifecycle.hooks.filter((run) => !isEnded(run)).map(({ expiresAt }) => expiresAt),
  ];
}
