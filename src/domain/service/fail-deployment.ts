import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import { breakerThreshold } from './deployment-configuration.ts';
import { lacksImages } from './image-pins.ts';
import { rolloutOf, statusReasons, type ServiceDeployment } from './service-deployment.ts';
import { messages, type Telling } from './service-messages.ts';
import {
  announce,
  finalCounts,
  withActions,
  withDeployment,
  withRollout,
  type Draft,
} from './service-plan.ts';
import { belongsTo } from './service-tasks.ts';
import { primaryOf, type Deployment } from './service.ts';

/** Ends a deployment whose tasks have failed too often (Developer Guide, "deployment circuit breaker"). */
export function applyCircuitBreaker(draft: Draft, now: Instant): Draft {
  const { service } = draft;
  const primary = primaryOf(service);
  const rollout = rolloutOf(draft.rollouts, primary.revision);
  // What shifts traffic goes on as it began; rolling deployments go by what the service says now.
  const isShift = rollout?.deploymentConfiguration.shift !== undefined;
  const { circuitBreaker } = (isShift ? rollout : service).deploymentConfiguration;
  const threshold = breakerThreshold(circuitBreaker, service.desiredCount);
  const counted = countFailures(draft, primary, threshold, now);
  if (!circuitBreaker.enable || primary.rolloutState !== 'IN_PROGRESS') return counted;
  if (primary.failedTasks < threshold && !lacksImages(primary)) return counted;
  const triggered = changeRollout(counted, primary, (rollout) => ({
    ...rollout,
    breakerTriggered: true,
    updatedAt: now,
  }));
  return failPrimary(triggered, now, {
    rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    message: messages.failedBy(primary.id, 'tasks failed to start.'),
    rollback: circuitBreaker.rollback ? statusReasons.breaker : undefined,
    stop: statusReasons.breakerStop,
  });
}

/** How the end of a deployment is told. */
export interface DeploymentFailure {
  readonly rolloutStateReason: string;
  readonly message: Telling;
  /** Why it is rolled back; absent where it is not. */
  readonly rollback: string | undefined;
  /** Why it is stopped, where it is not rolled back. */
  readonly stop: string;
}

/** The PRIMARY deployment starts nothing more, and is rolled back where that is asked for. */
export function failPrimary(draft: Draft, now: Instant, failure: DeploymentFailure): Draft {
  const failed: Deployment = {
    ...primaryOf(draft.service),
    rolloutState: 'FAILED',
    rolloutStateReason: failure.rolloutStateReason,
    updatedAt: now,
  };
  const told = withActions(withDeployment(draft, failed), announce(failure.message));
  if (failure.rollback !== undefined) return rollBack(told, failure.rollback, now);
  return changeRollout(told, failed, (rollout) => ({
    ...rollout,
    status: 'STOP_REQUESTED',
    statusReason: failure.stop,
    updatedAt: now,
  }));
}

/**
 * Makes the newest deployment that was COMPLETED the PRIMARY one again, under its own id. Without
 * one the service stands still.
 */
export function rollBack(draft: Draft, reason: string, now: Instant): Draft {
  const [failed, ...others] = draft.service.deployments;
  const candidate = others.find(({ rolloutState }) => rolloutState === 'COMPLETED');
  if (!candidate) {
    return changeRollout(draft, failed, (rollout) => ({
      ...rollout,
      status: 'ROLLBACK_FAILED',
      statusReason: statusReasons.noCandidate,
      ...finalCounts(draft, rollout),
      updatedAt: now,
      finishedAt: now,
    }));
  }
  const { throttle: _, ...rest } = candidate;
  const target: Deployment = {
    ...rest,
    status: 'PRIMARY',
    desiredCount: draft.service.desiredCount,
    failedTasks: 0,
    startFailures: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `${rolledBackBy(reason)}: rolling back to deploymentId ${candidate.id}.`,
    updatedAt: now,
  };
  const former = [{ ...failed, status: 'ACTIVE' as const, updatedAt: now }].concat(
    others.filter((one) => one !== candidate).map((one) => ({ ...one, status: 'ACTIVE' as const })),
  );
  const rolling = changeRollout(draft, failed, (rollout) => ({
    ...rollout,
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: reason,
    rollback: { reason, startedAt: now, revisionArn: candidate.revision.arn },
    updatedAt: now,
  }));
  return withActions(
    { ...rolling, service: { ...rolling.service, deployments: [target, ...former] } },
    announce(messages.rollingBack(candidate.id)),
  );
}

/** What ECS says of a roll-back that neither the circuit breaker nor alarms began is [inferred]. */
function rolledBackBy(reason: string): string {
  if (reason === statusReasons.breaker) return 'ECS deployment circuit breaker';
  return reason === statusReasons.alarm ? 'ECS deployment alarms' : 'ECS deployment';
}

function changeRollout(
  draft: Draft,
  { revision }: Deployment,
  change: (rollout: ServiceDeployment) => ServiceDeployment,
): Draft {
  const rollout = rolloutOf(draft.rollouts, revision);
  return rollout ? withRollout(draft, change(rollout)) : draft;
}

/** The service deployment shows the count as it was last; a roll-back leaves it standing. */
function countFailures(draft: Draft, primary: Deployment, threshold: number, now: Instant): Draft {
  return changeRollout(draft, primary, (rollout) => {
    const { failedTasks: failureCount } = primary;
    const isSame = rollout.failureCount === failureCount && rollout.threshold === threshold;
    if (isSame || rollout.rollback) return rollout;
    return { ...rollout, failureCount, threshold, updatedAt: now };
  });
}

/** A task whose instance is out of reach may never STOP: a failed deployment waits for no task longer than this. */
const longestStopMs = 2 * 60_000;

/** One that has failed is shown, with what it has counted, until its tasks have STOPPED. */
export function isFailedAndLeft(
  deployment: Deployment,
  tasks: readonly Task[],
  now: Instant,
): boolean {
  return failedStopMoments(deployment, tasks).some((at) => at > now);
}

/** Until when a failed deployment is shown for each of its tasks that has not STOPPED. */
export function failedStopMoments(
  deployment: Deployment,
  tasks: readonly Task[],
): readonly Instant[] {
  if (deployment.rolloutState !== 'FAILED') return [];
  return tasks
    .filter((task) => task.lastStatus !== 'STOPPED' && belongsTo(task, deployment))
    .map(({ stoppingAt }) => (stoppingAt === undefined ? Infinity : stoppingAt + longestStopMs));
}
