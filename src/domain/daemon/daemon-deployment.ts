import type { DaemonDeploymentStatus } from '@aws-sdk/client-ecs';
import type {
  CapacityProviderArn,
  ClusterArn,
  DaemonArn,
  DaemonDeploymentArn,
  DaemonRevisionArn,
} from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { AlarmWatch } from '../service/service-deployment.ts';
import type { Daemon, DaemonAim } from './daemon.ts';

export interface DaemonDeploymentConfiguration {
  readonly drainPercent: number;
  readonly bakeTimeInMinutes: number;
  readonly alarms: { readonly alarmNames: readonly string[]; readonly enable: boolean };
}

/** An aim of a deployment, by name. */
export interface DaemonAimRef {
  readonly revisionArn: DaemonRevisionArn;
  readonly capacityProviderArns: readonly CapacityProviderArn[];
}

export interface DaemonRollback {
  readonly reason: string;
  readonly startedAt: Instant;
  readonly target: DaemonAimRef;
  /** How often tasks of the revision that is brought back have failed. */
  readonly failureCount: number;
}

/** Container instances of one capacity provider, by what a revision has there. */
export interface InstanceCounts {
  readonly running: number;
  readonly withoutDaemon: number;
  readonly draining: number;
}

export type CountsByProvider = Readonly<Record<CapacityProviderArn, InstanceCounts>>;
export type CountsByDaemonRevision = Readonly<Record<DaemonRevisionArn, CountsByProvider>>;

/** One change of what a daemon runs, from its request to its end (API reference, "DaemonDeployment"). */
export interface DaemonDeployment {
  readonly arn: DaemonDeploymentArn;
  readonly daemonArn: DaemonArn;
  readonly clusterArn: ClusterArn;
  readonly status: DaemonDeploymentStatus;
  readonly statusReason?: string;
  /** Absent where the daemon is deleted. */
  readonly target?: DaemonAimRef;
  readonly sources: readonly DaemonAimRef[];
  readonly deploymentConfiguration: DaemonDeploymentConfiguration;
  readonly failureCount: number;
  readonly threshold: number;
  readonly breakerTriggered: boolean;
  /** What CloudWatch said last; absent until it has said something. */
  readonly alarmWatch?: AlarmWatch;
  readonly rollback?: DaemonRollback;
  /** When all instances had their new daemon, and its bake time began. */
  readonly bakeStartedAt?: Instant;
  /** The counts at its end; those of a deployment that goes on are counted when they are asked for. */
  readonly finalCounts?: CountsByDaemonRevision;
  readonly createdAt: Instant;
  readonly startedAt?: Instant;
  readonly updatedAt: Instant;
  readonly stoppedAt?: Instant;
  readonly finishedAt?: Instant;
}

/** Why a daemon deployment is in its status. Only the first text is known, the others are [inferred]. */
export const daemonStatusReasons = {
  successful: 'Deployment completed successfully.',
  breaker: 'Daemon deployment rolled back because the circuit breaker threshold was exceeded.',
  alarm: 'Daemon deployment rolled back because one or more alarms were triggered.',
  noCandidate: 'No rollback candidate was found to run the rollback.',
  rollbackFailed: 'The daemon revision that was rolled back to failed to start.',
  rolledBack: 'Daemon deployment was rolled back.',
  superseded: 'Daemon deployment stopped because a new daemon deployment was started.',
  deleted: 'Daemon deployment stopped because the daemon was deleted.',
} as const;

/** The example of the API reference has ten for three instances: half of the instances where these are more. */
export function daemonThreshold(instances: number): number {
  return Math.min(200, Math.max(10, Math.ceil(instances / 2)));
}

export function aimRefOf({ revision, capacityProviderArns }: DaemonAim): DaemonAimRef {
  return { revisionArn: revision.arn, capacityProviderArns };
}

export interface NewDaemonDeployment {
  readonly arn: DaemonDeploymentArn;
  readonly daemon: Pick<Daemon, 'arn' | 'clusterArn'>;
  readonly target: DaemonAim | undefined;
  readonly sources: readonly DaemonAim[];
  readonly configuration: DaemonDeploymentConfiguration;
  readonly now: Instant;
}

export function newDaemonDeployment(args: NewDaemonDeployment): DaemonDeployment {
  const { arn, daemon, target, sources, configuration, now } = args;
  return {
    arn,
    daemonArn: daemon.arn,
    clusterArn: daemon.clusterArn,
    status: 'PENDING',
    ...(target && { target: aimRefOf(target) }),
    sources: sources.map(aimRefOf),
    deploymentConfiguration: configuration,
    failureCount: 0,
    threshold: daemonThreshold(0),
    breakerTriggered: false,
    createdAt: now,
    updatedAt: now,
  };
}

export function isDaemonDeploymentFinished({ status }: DaemonDeployment): boolean {
  return (
    status === 'SUCCESSFUL' ||
    status === 'STOPPED' ||
    status === 'ROLLBACK_SUCCESSFUL' ||
    status === 'ROLLBACK_FAILED'
  );
}

/** A deployment that makes way: it is stopped at the next look. */
export function daemonStopRequested(
  deployment: DaemonDeployment,
  statusReason: string,
  now: Instant,
): DaemonDeployment {
  return { ...deployment, status: 'STOP_REQUESTED', statusReason, updatedAt: now };
}
