import { isoInstant } from '../iso-instant.ts';
import { statusReasons } from '../service/service-deployment.ts';
import {
  deploymentsOf,
  isExternal,
  type AnyService,
  type Deployment,
  type RolloutState,
  type Service,
} from '../service/service.ts';
import type { EventContent } from './ecs-event.ts';

const names = {
  IN_PROGRESS: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
  COMPLETED: 'SERVICE_DEPLOYMENT_COMPLETED',
  FAILED: 'SERVICE_DEPLOYMENT_FAILED',
} as const satisfies Record<RolloutState, string>;

/**
 * `ECS Deployment State Change`: one for each deployment that has begun, begun anew, or come to its end. The failure of
 * one is what brings another back, and so comes first.
 */
export function deploymentEvents(
  replaced: AnyService | undefined,
  after: AnyService,
): readonly EventContent[] {
  // The deployments of an external service are its task sets, and somebody else's.
  if (isExternal(after)) return [];
  const before = replaced && deploymentsOf(replaced);
  // The last deployment of a service that is deleted is COMPLETED without having been brought out.
  if (before === after.deployments || after.status !== 'ACTIVE') return [];
  const news = after.deployments.filter((deployment) => isNews(before, after, deployment));
  return news.toReversed().map((deployment) => contentOf(after, deployment));
}

function isNews(
  before: readonly Deployment[] | undefined,
  after: Service,
  { id, rolloutState, rolloutStateReason }: Deployment,
): boolean {
  const known = before?.find((deployment) => deployment.id === id);
  if (known?.rolloutState === rolloutState) return false;
  return rolloutState !== 'FAILED' || (isWatched(after) && !isOfUser(rolloutStateReason));
}

/** ECS tells of failures only where the circuit breaker or alarms look for them. */
function isWatched({ deploymentConfiguration: { circuitBreaker, alarms } }: Service): boolean {
  return circuitBreaker.enable || (alarms?.enable ?? false);
}

function isOfUser(reason: string): boolean {
  return reason === statusReasons.user || reason === statusReasons.aborted;
}

function contentOf(
  { arn }: Service,
  { id, rolloutState, rolloutStateReason, updatedAt }: Deployment,
): EventContent {
  return {
    type: 'ECS Deployment State Change',
    resourceArn: arn,
    detail: {
      eventType: rolloutState === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: names[rolloutState],
      deploymentId: id,
      updatedAt: isoInstant(updatedAt),
      reason: rolloutStateReason,
    },
  };
}
