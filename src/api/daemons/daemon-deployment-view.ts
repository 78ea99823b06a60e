import type {
  DaemonDeployment as WireDaemonDeployment,
  DaemonDeploymentAlarms,
  DaemonDeploymentRevisionDetail,
  DaemonDeploymentSummary,
} from '@aws-sdk/client-ecs';
import { countsByRevision } from '../../domain/daemon/daemon-counts.ts';
import {
  isDaemonDeploymentFinished,
  type CountsByDaemonRevision,
  type DaemonAimRef,
  type DaemonDeployment,
} from '../../domain/daemon/daemon-deployment.ts';
import type { Instant } from '../../domain/instant.ts';
import { present } from '../../domain/present.ts';
import { observeDaemon } from '../../state/daemon-instances.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { sum } from './daemon-view.ts';

/** The API's shape of a daemon deployment (API reference, "DaemonDeployment"). */
export function daemonDeploymentView(
  deployment: DaemonDeployment,
  tables: ReadonlyTables,
): WireDaemonDeployment {
  const { arn, clusterArn, target, sources, rollback, deploymentConfiguration } = deployment;
  const { alarms, ...configuration } = deploymentConfiguration;
  const counts = deployment.finalCounts ?? liveCounts(deployment, tables);
  return {
    daemonDeploymentArn: arn,
    clusterArn,
    status: deployment.status,
    sourceDaemonRevisions: sources.map((source) => revisionDetail(source, counts)),
    circuitBreaker: breakerView(deployment),
    alarms: alarmsView(deployment),
    deploymentConfiguration: {
      ...configuration,
      alarms: { alarmNames: [...alarms.alarmNames], enable: alarms.enable },
    },
    ...momentsOf(deployment),
    ...present({
      targetDaemonRevision: target && revisionDetail(target, counts),
      rollback: rollback && {
        reason: rollback.reason,
        startedAt: new Date(rollback.startedAt),
        rollbackTargetDaemonRevisionArn: rollback.target.revisionArn,
        rollbackCapacityProviders: [...rollback.target.capacityProviderArns],
      },
    }),
  };
}

export function daemonDeploymentSummary(deployment: DaemonDeployment): DaemonDeploymentSummary {
  return {
    daemonDeploymentArn: deployment.arn,
    daemonArn: deployment.daemonArn,
    clusterArn: deployment.clusterArn,
    status: deployment.status,
    ...momentsOf(deployment),
    ...present({ targetDaemonRevisionArn: deployment.target?.revisionArn }),
  };
}

function momentsOf(deployment: DaemonDeployment) {
  const { statusReason, createdAt, startedAt, stoppedAt, finishedAt } = deployment;
  return {
    createdAt: new Date(createdAt),
    ...present({
      statusReason,
      startedAt: dateOf(startedAt),
      stoppedAt: dateOf(stoppedAt),
      finishedAt: dateOf(finishedAt),
    }),
  };
}

function dateOf(at: Instant | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}

function liveCounts(deployment: DaemonDeployment, tables: ReadonlyTables): CountsByDaemonRevision {
  const daemon = tables.daemons.findByArn(deployment.daemonArn);
  return daemon ? countsByRevision(deployment, observeDaemon(tables, daemon)) : {};
}

function revisionDetail(
  { revisionArn, capacityProviderArns }: DaemonAimRef,
  counts: CountsByDaemonRevision,
): DaemonDeploymentRevisionDetail {
  const capacityProviders = capacityProviderArns.map((arn) => {
    const { running = 0, withoutDaemon = 0, draining = 0 } = counts[revisionArn]?.[arn] ?? {};
    return {
      arn,
      runningInstanceCount: running,
      withoutDaemonInstanceCount: withoutDaemon,
      drainingInstanceCount: draining,
    };
  });
  return {
    arn: revisionArn,
    capacityProviders,
    totalRunningInstanceCount: sum(capacityProviders.map((one) => one.runningInstanceCount)),
    totalWithoutDaemonInstanceCount: sum(
      capacityProviders.map((one) => one.withoutDaemonInstanceCount),
    ),
    totalDrainingInstanceCount: sum(capacityProviders.map((one) => one.drainingInstanceCount)),
  };
}

function breakerView(deployment: DaemonDeployment) {
  const { failureCount, threshold, breakerTriggered } = deployment;
  const watching = isDaemonDeploymentFinished(deployment) ? 'MONITORING_COMPLETE' : 'MONITORING';
  const status = breakerTriggered ? ('TRIGGERED' as const) : (watching as 'MONITORING');
  return { failureCount, threshold, status };
}

function alarmsView(deployment: DaemonDeployment): DaemonDeploymentAlarms {
  const { alarmWatch, deploymentConfiguration } = deployment;
  const { alarmNames, enable } = deploymentConfiguration.alarms;
  const triggered = alarmWatch?.triggered ?? [];
  return {
    alarmNames: [...alarmNames],
    triggeredAlarmNames: [...triggered],
    status: alarmStatus(deployment, enable && !alarmWatch?.isOff, triggered.length > 0),
  };
}

function alarmStatus(
  deployment: DaemonDeployment,
  isWatched: boolean,
  isTriggered: boolean,
): NonNullable<DaemonDeploymentAlarms['status']> {
  if (!isWatched) return 'DISABLED';
  if (isTriggered) return 'TRIGGERED';
  return isDaemonDeploymentFinished(deployment) ? 'MONITORING_COMPLETE' : 'MONITORING';
}
