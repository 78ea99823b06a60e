import type { Instant } from '../instant.ts';
import { breakerThreshold } from './deployment-configuration.ts';
import { lacksImages } from './image-pins.ts';
import { statusReasons, type ServiceDeployment } from './service-deployment.ts';
import { messages } from './service-messages.ts';
import { announce, withActions, withDeployment, withRollout, type Draft } from './service-plan.ts';
import { primaryOf, type Deployment, type ServiceRevision } from './service.ts';

/** Ends a deployment whose tasks have failed too often (Developer Guide, "deployment circuit breaker"). */
export function applyCircuitBreaker(draft: Draft, now: Instant): Draft {
  const { service } = draft;
  const { circuitBreaker } = service.deploymentConfiguration;
  const primary = primaryOf(service);
  const threshold = breakerThreshold(circuitBreaker, service.desiredCount);
  const counted = countFailures(draft, primary, threshold, now);
  if (!circuitBreaker.enable || primary.rolloutState !== 'IN_PROGRESS') return counted;
  if (primary.failedTasks < threshold && !lacksImages(primary)) return counted;
  const failed: Deployment = {
    ...primary,
    rolloutState: 'FAILED',
    rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    updatedAt: now,
  };
  const told = withActions(withDeployment(counted, failed), announce(messages.failed(primary.id)));
  const triggered = changeRollout(told, failed, (rollout) => ({
    ...rollout,
    breakerTriggered: true,
    updatedAt: now,
  }));
  if (circuitBreaker.rollback) return rollBack(triggered, statusReasons.breaker, now);
  return changeRollout(triggered, failed, (rollout) => ({
    ...rollout,
    status: 'STOP_REQUESTED',
    statusReason: statusReasons.breakerStop,
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

/** What ECS says of a roll-back that a user asked for is [inferred]. */
function rolledBackBy(reason: string): string {
  return reason === statusReasons.user ? 'ECS deployment' : 'ECS deployment circuit breaker';
}

/** The service deployment that brings a revision in, or back. */
export function rolloutOf(
  rollouts: readonly ServiceDeployment[],
  { arn }: ServiceRevision,
): ServiceDeployment | undefined {
  return rollouts.findLast(
    ({ target, rollback }) => (rollback ? rollback.revisionArn : target) === arn,
  );
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
