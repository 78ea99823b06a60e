import type { Instant } from '../instant.ts';
import { accountForEnds } from './account-for-ends.ts';
import { completedDeployment, inactiveService } from './delete-service.ts';
import { applyAlarms, bakeMsOf } from './alarms.ts';
import { hasEnoughHealthy, isAbandoned, leftForCleanUp, mayLeaveSources } from './early-success.ts';
import {
  applyCircuitBreaker,
  failedStopMoments,
  isFailedAndLeft,
  rollBack,
} from './fail-deployment.ts';
import { isLeaving } from './hosts.ts';
import { isNeeded } from './hold-floor.ts';
import { pinImages, withoutPins } from './image-pins.ts';
import { planDaemon } from './plan-daemon.ts';
import { planRebalancing, stopBalancing } from './plan-rebalancing.ts';
import { isBeforeCleanUp, planShift, shiftMoments, shiftOf } from './strategies/plan-shift.ts';
import { boundsOf, planScaling, stopEvents } from './plan-scaling.ts';
import { rolloutOf, statusReasons, type ServiceDeployment } from './service-deployment.ts';
import { messages, scalingReason } from './service-messages.ts';
import {
  announce,
  finalCounts,
  withActions,
  withDeployment,
  withDeployments,
  withRollout,
  type Draft,
  type ObservedService,
  type ServiceAction,
  type ServicePlan,
} from './service-plan.ts';
import {
  becomesHealthyAt,
  belongsTo,
  graceEndsAt,
  isHealthy,
  isLive,
  observedTask,
} from './service-tasks.ts';
import { primaryOf, type Deployment, type Service } from './service.ts';

/** Steady state is told again this often. */
export const steadyAgainMs = 6 * 60 * 60 * 1000;

/**
 * Decides the next moves that bring a service to what is wanted of it. Made from records and the time
 * alone: the same ones give the same plan, and carrying it out twice does nothing more.
 */
export function planService(observed: ObservedService, now: Instant): ServicePlan {
  const { service, hosts } = observed;
  const tasks = observed.tasks.map((task) => observedTask(task, hosts, service.deployments));
  const draft: Draft = { ...observed, tasks, actions: [] };
  switch (observed.service.status) {
    case 'ACTIVE':
      return planActive(draft, now);
    case 'DRAINING':
      return { ...planDraining(draft, now), lookAgainAt: undefined };
    case 'INACTIVE':
      return { ...draft, lookAgainAt: undefined };
  }
}

function planActive(draft: Draft, now: Instant): ServicePlan {
  const begun = moveRollouts(draft, now);
  const counted = applyCircuitBreaker(accountForEnds(pinImages(begun), now), now);
  const judged = applyAlarms(counted, now);
  const scaled = shiftOf(judged) ? planShift(stopBalancing(judged), now) : planRolling(judged, now);
  const ended = stopRollouts(settleSteadyState(scaled, now), now);
  return { ...ended, lookAgainAt: nextLook(ended, now) };
}

function planRolling(draft: Draft, now: Instant): Draft {
  const isDaemon = draft.service.schedulingStrategy === 'DAEMON';
  return settleDeployments(isDaemon ? planDaemon(draft, now) : planReplicas(draft, now), now);
}

function planReplicas(draft: Draft, now: Instant): Draft {
  const { draft: balanced, isInHand } = planRebalancing(draft, now);
  return isInHand ? balanced : planScaling(balanced, now);
}

/** What was asked of the service deployments since the last look. */
function moveRollouts(draft: Draft, now: Instant): Draft {
  let next = draft;
  for (const rollout of draft.rollouts) {
    if (rollout.status === 'PENDING') {
      const status = 'IN_PROGRESS';
      next = withRollout(next, { ...rollout, status, startedAt: now, updatedAt: now });
    } else if (rollout.status === 'ROLLBACK_REQUESTED') {
      next = withFailedPrimary(next, statusReasons.user, now);
      next = rollBack(next, statusReasons.user, now);
    } else if (
      rollout.status === 'STOP_REQUESTED' &&
      rollout.statusReason === statusReasons.aborted &&
      // A new deployment may have overtaken it meanwhile.
      rolloutOf([rollout], primaryOf(next.service).revision)
    ) {
      next = withFailedPrimary(next, statusReasons.aborted, now);
    }
  }
  return next;
}

/** A deployment that the user takes back or stops starts nothing more, even where there is nothing to go back to. */
function withFailedPrimary(draft: Draft, rolloutStateReason: string, now: Instant): Draft {
  return withDeployment(draft, {
    ...primaryOf(draft.service),
    rolloutState: 'FAILED',
    rolloutStateReason,
    updatedAt: now,
  });
}

/** Deployments want what they are to have; a former one that has nothing left goes. */
function settleDeployments(draft: Draft, now: Instant): Draft {
  const { service, tasks } = draft;
  const [primary, ...others] = service.deployments;
  const stopped = new Set(
    draft.actions.flatMap((action) => (action.kind === 'StopTask' ? [action.taskArn] : [])),
  );
  const staying = tasks.filter((task) => isLive(task) && !stopped.has(task.arn));
  const bounds = boundsOf(service);
  const left = others
    .map((deployment) => {
      // What the floor is short of is to come back, and so stays wanted.
      if (isNeeded(deployment, draft, bounds, now)) {
        const most = Math.min(deployment.desiredCount, service.desiredCount);
        return withDesiredCount(deployment, most, now);
      }
      const count = staying.filter((task) => belongsTo(task, deployment)).length;
      return withDesiredCount(deployment, count, now);
    })
    // One to roll back to is kept until the PRIMARY one is COMPLETED.
    .filter(
      (deployment) =>
        deployment.desiredCount > 0 ||
        staying.some((task) => belongsTo(task, deployment)) ||
        (deployment.rolloutState === 'COMPLETED' && primary.rolloutState !== 'COMPLETED') ||
        isFailedAndLeft(deployment, tasks, now),
    );
  const wanted = withDesiredCount(primary, service.desiredCount, now);
  return withDeployments(draft, [wanted, ...left]);
}

function withDesiredCount(deployment: Deployment, count: number, now: Instant): Deployment {
  if (deployment.desiredCount === count) return deployment;
  return { ...deployment, desiredCount: count, updatedAt: now };
}

function settleSteadyState(draft: Draft, now: Instant): Draft {
  if (!isSteady(draft, now)) return settleUnsteady(draft, now);
  const { steadyAt } = draft.service;
  const baking = bake(draft, now);
  if (baking) return baking;
  const completed = complete(draft, now);
  if (steadyAt !== undefined && now - steadyAt < steadyAgainMs) return completed;
  const service: Service = { ...completed.service, steadyAt: now };
  return withActions({ ...completed, service }, announce(messages.steady));
}

/** A deployment may have done enough before its service is steady. */
function settleUnsteady(draft: Draft, now: Instant): Draft {
  const judged = hasEnoughHealthy(draft, now) ? completeEarly(draft, now) : draft;
  const { steadyAt, ...unsteady } = judged.service;
  return steadyAt === undefined ? judged : { ...judged, service: unsteady };
}

function completeEarly(draft: Draft, now: Instant): Draft {
  const baking = bake(draft, now);
  if (baking) return baking;
  return mayLeaveSources(draft) ? complete(draft, now) : draft;
}

function isSteady({ service, tasks, actions, hosts }: Draft, now: Instant): boolean {
  const primary = primaryOf(service);
  if (primary.rolloutState === 'FAILED') return false;
  if (actions.some((action) => isDisturbance(action, service))) return false;
  if (service.deployments.some((one) => isFailedAndLeft(one, tasks, now))) return false;
  const live = tasks.filter((task) => isLive(task) && !isAbandoned(task, service.deployments, now));
  return (
    live.length === service.desiredCount &&
    live.every(
      (task) => belongsTo(task, primary) && isHealthy(task, now) && !isLeaving(task, hosts),
    )
  );
}

/** A steady service that looks for a place in another zone is steady until there is a task. */
function isDisturbance(action: ServiceAction, { steadyAt }: Service): boolean {
  if (action.kind === 'StartTasks') return action.zone === undefined || steadyAt === undefined;
  return action.kind === 'StopTask';
}

/** A deployment that has done all its work is watched for a while before it counts as done. */
function bake(draft: Draft, now: Instant): Draft | undefined {
  // A shift has a stage for that.
  if (shiftOf(draft)) return isBeforeCleanUp(draft) ? draft : undefined;
  const primary = primaryOf(draft.service);
  const rollout = rolloutOf(draft.rollouts, primary.revision);
  if (!rollout || rollout.rollback || primary.rolloutState === 'COMPLETED') return undefined;
  const bakeMs = bakeMsOf(rollout);
  const { bakeStartedAt = now } = rollout;
  if (bakeMs !== undefined && now >= bakeStartedAt + bakeMs) return undefined;
  if (rollout.bakeStartedAt !== undefined) return draft;
  return withRollout(draft, { ...rollout, bakeStartedAt, updatedAt: now });
}

/** When the bake time of the deployment under way is over. */
function bakedAt({ service, rollouts }: Draft): Instant | undefined {
  const rollout = rolloutOf(rollouts, primaryOf(service).revision);
  const bakeMs = rollout && bakeMsOf(rollout);
  if (rollout?.bakeStartedAt === undefined || bakeMs === undefined) return undefined;
  return rollout.bakeStartedAt + bakeMs;
}

/** The PRIMARY deployment is all that there is now, but for what an early success has left to be stopped. */
function complete(draft: Draft, now: Instant): Draft {
  const [primary, ...former] = draft.service.deployments;
  const left = former
    .filter((one) => draft.tasks.some((task) => isLive(task) && belongsTo(task, one)))
    .map((one) => leftForCleanUp(one, now));
  const { desiredCount, schedulingStrategy } = draft.service;
  const isEmpty = desiredCount === 0 && schedulingStrategy === 'REPLICA';
  const done = completedDeployment(isEmpty ? withoutPins(primary) : primary, now);
  const alone = withDeployments(draft, [done, ...left]);
  if (primary.rolloutState === 'COMPLETED') return alone;
  const told = withActions(alone, announce(messages.completed(primary.id)));
  const rollout = rolloutOf(draft.rollouts, primary.revision);
  if (!rollout) return told;
  const status = rollout.rollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL';
  const counts = finalCounts(draft, rollout);
  return withRollout(told, { ...rollout, status, ...counts, updatedAt: now, finishedAt: now });
}

function stopRollouts(draft: Draft, now: Instant): Draft {
  let next = draft;
  for (const rollout of draft.rollouts) {
    if (rollout.status !== 'STOP_REQUESTED') continue;
    const counts = finalCounts(draft, rollout);
    const ended: ServiceDeployment = { ...rollout, status: 'STOPPED', ...counts };
    next = withRollout(next, { ...ended, updatedAt: now, stoppedAt: now });
  }
  return next;
}

/** A deleted service stops all its tasks, protected or not, and is INACTIVE when they have STOPPED. */
function planDraining(draft: Draft, now: Instant): Draft {
  const { service, tasks } = draft;
  const stopping = tasks.filter(isLive);
  const drained = withActions(
    draft,
    ...tasks
      .filter((task) => !isLive(task) && !task.isAccountedFor)
      .map((task) => ({ kind: 'AccountFor' as const, taskArn: task.arn })),
    ...stopping.map((task) => ({
      kind: 'StopTask' as const,
      taskArn: task.arn,
      reason: scalingReason(task),
    })),
    ...stopEvents(stopping),
  );
  const stopped = stopRollouts(drained, now);
  const isEmpty = tasks.every((task) => task.lastStatus === 'STOPPED');
  if (isEmpty) return { ...stopped, service: inactiveService(service, now) };
  const [primary, ...former] = service.deployments;
  const left = former.filter((one) => tasks.some((task) => belongsTo(task, one)));
  const ended = stopping.length === 0 ? completedDeployment(primary, now) : primary;
  return withDeployments(stopped, [ended, ...left]);
}

/** The next moment at which the mere passing of time changes the plan. */
export function nextLook(draft: Draft, now: Instant): Instant | undefined {
  const { service, tasks } = draft;
  const moments = [
    ...service.deployments.map(({ throttle }) => throttle?.until),
    bakedAt(draft),
    ...shiftMoments(draft),
    ...service.deployments.map(({ placeless }) => placeless?.until),
    service.rebalancing?.retryAt,
    ...service.deployments.map(({ cleanUpUntil }) => cleanUpUntil),
    ...service.deployments.flatMap((one) => failedStopMoments(one, tasks)),
    (service.steadyAt ?? -Infinity) + steadyAgainMs,
  ];
  for (const task of tasks) {
    if (!isLive(task)) continue;
    moments.push(becomesHealthyAt(task, now), task.protectedUntil);
    if (task.startedAt !== undefined) moments.push(graceEndsAt(task, service));
  }
  const next = Math.min(...moments.filter((at) => at !== undefined && at > now).map(Number));
  return Number.isFinite(next) ? next : undefined;
}
