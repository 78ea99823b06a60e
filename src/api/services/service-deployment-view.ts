import type {
  ServiceDeployment as WireServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentCircuitBreaker,
  ServiceRevisionSummary,
} from '@aws-sdk/client-ecs';
import type { ServiceRevisionArn } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import { present } from '../../domain/present.ts';
import {
  isFinished,
  type RevisionCounts,
  type ServiceDeployment,
} from '../../domain/service/service-deployment.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { configurationView, countsOf } from './service-view.ts';

/** The API's shape of a service deployment (API reference, "ServiceDeployment"). */
export function serviceDeploymentView(
  deployment: ServiceDeployment,
  tables: ReadonlyTables,
): WireServiceDeployment {
  const summary = (arn: ServiceRevisionArn): ServiceRevisionSummary =>
    summaryOf(arn, deployment, tables);
  const { rollback } = deployment;
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: deployment.serviceArn,
    clusterArn: deployment.clusterArn,
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    sourceServiceRevisions: deployment.sources.map(summary),
    targetServiceRevision: summary(deployment.target),
    status: deployment.status,
    deploymentConfiguration: configurationView(deployment.deploymentConfiguration),
    deploymentCircuitBreaker: breakerView(deployment),
    alarms: { status: 'DISABLED' },
    lifecycleHookDetails: [],
    ...present({
      startedAt: dateOf(deployment.startedAt),
      finishedAt: dateOf(deployment.finishedAt),
      stoppedAt: dateOf(deployment.stoppedAt),
      statusReason: deployment.statusReason,
      rollback: rollback && {
        reason: rollback.reason,
        startedAt: new Date(rollback.startedAt),
        serviceRevisionArn: rollback.revisionArn,
      },
    }),
  };
}

export function serviceDeploymentBrief(deployment: ServiceDeployment): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: deployment.serviceArn,
    clusterArn: deployment.clusterArn,
    createdAt: new Date(deployment.createdAt),
    targetServiceRevisionArn: deployment.target,
    status: deployment.status,
    ...present({
      startedAt: dateOf(deployment.startedAt),
      finishedAt: dateOf(deployment.finishedAt),
      statusReason: deployment.statusReason,
    }),
  };
}

function dateOf(instant: Instant | undefined): Date | undefined {
  return instant === undefined ? undefined : new Date(instant);
}

const none: RevisionCounts = { requested: 0, running: 0, pending: 0 };

/** Counts are live while the deployment goes on, and stay as they were at its end. */
function summaryOf(
  arn: ServiceRevisionArn,
  deployment: ServiceDeployment,
  tables: ReadonlyTables,
): ServiceRevisionSummary {
  const service = tables.services.findByArn(deployment.serviceArn);
  const live = service?.deployments.find(({ revision }) => revision.arn === arn);
  const counts = isFinished(deployment)
    ? deployment.finalCounts?.[arn]
    : service && live && countsOf(service, live, tables);
  const { requested, running, pending } = counts ?? none;
  return {
    arn,
    requestedTaskCount: requested,
    runningTaskCount: running,
    pendingTaskCount: pending,
  };
}

function breakerView(deployment: ServiceDeployment): ServiceDeploymentCircuitBreaker {
  const { failureCount, threshold } = deployment;
  return { status: breakerStatus(deployment), failureCount, threshold };
}

function breakerStatus(deployment: ServiceDeployment): ServiceDeploymentCircuitBreaker['status'] {
  if (!deployment.deploymentConfiguration.circuitBreaker.enable) return 'DISABLED';
  if (deployment.breakerTriggered) return 'TRIGGERED';
  return isFinished(deployment) ? 'MONITORING_COMPLETE' : 'MONITORING';
}
