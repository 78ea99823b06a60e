import type { ClusterArn, ServiceArn, ServiceDeploymentArn, ServiceRevisionArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { DeploymentConfiguration, Service, ServiceRevision } from './service.ts';
import type { Lifecycle } from './strategies/lifecycle.ts';

export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

export interface RevisionCounts {
  readonly requested: number;
  readonly running: number;
  readonly pending: number;
}

export type CountsByRevision = Readonly<Record<ServiceRevisionArn, RevisionCounts>>;

/** One change of what a service runs, from its request to its end (API reference, "ServiceDeployment"). */
export interface ServiceDeployment {
  readonly arn: ServiceDeploymentArn;
  readonly serviceArn: ServiceArn;
  readonly clusterArn: ClusterArn;
  readonly sources: readonly ServiceRevisionArn[];
  readonly target: ServiceRevisionArn;
  readonly status: ServiceDeploymentStatus;
  readonly statusReason?: string;
  readonly deploymentConfiguration: DeploymentConfiguration;
  readonly failureCount: number;
  readonly threshold: number;
  readonly breakerTriggered: boolean;
  readonly rollback?: Rollback;
  /** What CloudWatch said last; absent until it has said something. */
  readonly alarmWatch?: AlarmWatch;
  /** Of a deployment that shifts traffic, once it is IN_PROGRESS. */
  readonly lifecycle?: Lifecycle;
  /** When all tasks were the new ones, and its bake time began. */
  readonly bakeStartedAt?: Instant;
  /** The counts at its end; those of a deployment that goes on are counted when they are asked for. */
  readonly finalCounts?: CountsByRevision;
  readonly createdAt: Instant;
  readonly startedAt?: Instant;
  readonly updatedAt: Instant;
  readonly finishedAt?: Instant;
  readonly stoppedAt?: Instant;
}

export interface AlarmWatch {
  readonly checkedAt: Instant;
  /** One was in ALARM from the start: none counts for this deployment. */
  readonly isOff: boolean;
  readonly triggered: readonly string[];
  /** The bake time that follows from how long the alarms take to notice something. */
  readonly bakeMs: number;
}

export interface Rollback {
  readonly reason: string;
  readonly startedAt: Instant;
  readonly revisionArn: ServiceRevisionArn;
}

/** Why a service deployment came to its end. */
export const statusReasons = {
  breaker: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
  noCandidate: 'No rollback candidate was found to run the rollback.',
  // The others are [inferred].
  user: 'Service deployment rolled back because a user requested the rollback.',
  aborted: 'Service deployment stopped because a user requested it.',
  superseded: 'Service deployment stopped because a new service deployment was started.',
  alarm: 'Service deployment rolled back because one or more alarms were triggered.',
  alarmStop: 'Service deployment stopped because one or more alarms were triggered.',
  breakerStop: 'Service deployment stopped because the circuit breaker threshold was exceeded.',
  deleted: 'Service deployment stopped because the service was deleted.',
} as const;

export interface NewServiceDeployment {
  readonly arn: ServiceDeploymentArn;
  readonly service: Service;
  readonly target: ServiceRevision;
  readonly sources: readonly ServiceRevisionArn[];
  readonly threshold: number;
}

export function newServiceDeployment(args: NewServiceDeployment): ServiceDeployment {
  const { arn, service, target, sources, threshold } = args;
  return {
    arn,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    sources,
    target: target.arn,
    status: 'PENDING',
    deploymentConfiguration: service.deploymentConfiguration,
    failureCount: 0,
    threshold,
    breakerTriggered: false,
    createdAt: target.createdAt,
    updatedAt: target.createdAt,
  };
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

export function isFinished({ status }: ServiceDeployment): boolean {
  return (
    status === 'SUCCESSFUL' ||
    status === 'STOPPED' ||
    status === 'ROLLBACK_SUCCESSFUL' ||
    status === 'ROLLBACK_FAILED'
  );
}

/** A deployment that makes way: it is stopped at the scheduler's next pass. */
export function stopRequested(
  deployment: ServiceDeployment,
  statusReason: string,
  now: Instant,
): ServiceDeployment {
  if (isFinished(deployment) || deployment.status === 'STOP_REQUESTED') return deployment;
  return { ...deployment, status: 'STOP_REQUESTED', statusReason, updatedAt: now };
}
