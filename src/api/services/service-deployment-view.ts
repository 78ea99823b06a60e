import type {
  DeploymentLifecycleHookDetail,
  ServiceDeployment as WireServiceDeployment,
  ServiceDeploymentAlarms,
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
import { isExternal } from '../../domain/service/service.ts';
import { hookIdOf, weightsOf } from '../../domain/service/strategies/hook-runs.ts';
import type { HookRun } from '../../domain/service/strategies/lifecycle.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { configurationView } from './configuration-view.ts';
import { countsOf } from './service-view.ts';

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
    // Unlike services, service deployments show alarms also where there are none (Developer Guide, "View service deployments").
    deploymentConfiguration: {
      alarms: { alarmNames: [], rollback: false, enable: false },
      ...configurationView(deployment.deploymentConfiguration),
    },
    deploymentCircuitBreaker: breakerView(deployment),
    alarms: alarmsView(deployment),
    lifecycleHookDetails: (deployment.lifecycle?.hooks ?? []).map(hookView),
    ...present({
      startedAt: dateOf(deployment.startedAt),
      finishedAt: dateOf(deployment.finishedAt),
      stoppedAt: dateOf(deployment.stoppedAt),
      statusReason: deployment.statusReason,
      // The SDK's list of stages lacks PRE_PRODUCTION_TRAFFIC_SHIFT, which its list for hooks has.
      lifecycleStage: deployment.lifecycle?.stage as WireServiceDeployment['lifecycleStage'],
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
  const live =
    service && !isExternal(service)
      ? service.deployments.find(({ revision }) => revision.arn === arn)
      : undefined;
  const counts = isFinished(deployment)
    ? deployment.finalCounts?.[arn]
    : service && live && countsOf(service, live, tables);
  const { requested, running, pending } = counts ?? none;
  return {
    arn,
    requestedTaskCount: requested,
    runningTaskCount: running,
    pendingTaskCount: pending,
    ...weightMembers(arn, deployment),
  };
}

/** Only deployments that shift traffic have weights. */
function weightMembers(
  arn: ServiceRevisionArn,
  deployment: ServiceDeployment,
): Partial<ServiceRevisionSummary> {
  if (!deployment.deploymentConfiguration.shift) return {};
  const { production, test } = weightsOf(deployment);
  return {
    requestedTestTrafficWeight: test[arn] ?? 0,
    requestedProductionTrafficWeight: production[arn] ?? 0,
  };
}

function hookView(run: HookRun): DeploymentLifecycleHookDetail {
  return {
    hookId: hookIdOf(run),
    targetType: run.targetType,
    status: run.status,
    expiresAt: new Date(run.expiresAt),
    timeoutAction: run.timeoutAction,
    ...(run.targetType === 'AWS_LAMBDA' && { targetArn: run.targetArn }),
  };
}

/** Where no alarm counts, that is all there is to say. */
function alarmsView(deployment: ServiceDeployment): ServiceDeploymentAlarms {
  const { alarmWatch, deploymentConfiguration } = deployment;
  const { alarms } = deploymentConfiguration;
  if (!alarms?.enable || alarmWatch?.isOff) return { status: 'DISABLED' };
  const triggeredAlarmNames = [...(alarmWatch?.triggered ?? [])];
  const ended = isFinished(deployment) ? 'MONITORING_COMPLETE' : 'MONITORING';
  return {
    status: triggeredAlarmNames.length > 0 ? 'TRIGGERED' : ended,
    alarmNames: [...alarms.alarmNames],
    triggeredAlarmNames,
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
