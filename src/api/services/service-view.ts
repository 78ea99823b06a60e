import type {
  Deployment as WireDeployment,
  DeploymentConfiguration as WireConfiguration,
  Service as WireService,
} from '@aws-sdk/client-ecs';
import { scopeOfArn } from '../../domain/arn.ts';
import { present } from '../../domain/present.ts';
import { countsOf } from '../../domain/service/service-tasks.ts';
import {
  isExternal,
  serviceGroup,
  shownRevisionOf,
  type AnyService,
  type Deployment,
  type DeploymentConfiguration,
  type Service,
} from '../../domain/service/service.ts';
import type { Task } from '../../domain/task/task.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { taskSetView } from '../task-sets/task-set-view.ts';
import { sharedMembers } from './revision-members.ts';

export interface ShownMembers {
  readonly tags?: boolean;
  /** What goes on now; not in the answers of CreateService and UpdateService. */
  readonly current?: boolean;
}

/** The API's shape of a service (API reference, "Service"). */
export function serviceView(
  service: AnyService,
  tables: ReadonlyTables,
  shown: ShownMembers,
): WireService {
  const tasks = tasksOf(service, tables);
  const parts = isExternal(service)
    ? service.taskSets.map((one) => taskSetView(service, one, tasks, {}))
    : service.deployments.map((one) => deploymentView(one, tasks));
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: sum(parts.map(({ runningCount = 0 }) => runningCount)),
    pendingCount: sum(parts.map(({ pendingCount = 0 }) => pendingCount)),
    deploymentConfiguration: configurationView(service.deploymentConfiguration),
    ...(isExternal(service)
      ? { deploymentController: { type: 'EXTERNAL' }, deployments: [], taskSets: parts }
      : { deploymentController: { type: 'ECS' }, deployments: parts }),
    ...revisionMembers(service),
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    events: service.events.map(({ id, createdAt, message }) => ({
      id,
      createdAt: new Date(createdAt),
      message,
    })),
    createdAt: new Date(service.createdAt),
    createdBy: service.createdBy,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    schedulingStrategy: 'REPLICA',
    enableECSManagedTags: service.enableECSManagedTags,
    propagateTags: service.propagateTags,
    enableExecuteCommand: service.enableExecuteCommand,
    availabilityZoneRebalancing: service.availabilityZoneRebalancing,
    resourceManagementType: 'CUSTOMER',
    ...(shown.tags && { tags: [...service.tags] }),
    ...(shown.current && !isExternal(service) && currentMembers(service, tables, tasks)),
  };
}

export function tasksOf(service: AnyService, tables: ReadonlyTables): readonly Task[] {
  return tables.tasks.unaccountedOf(service.clusterArn, serviceGroup(service.name));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What the PRIMARY deployment or task set gives the service; nothing where there is none. */
function revisionMembers(service: AnyService): Partial<WireService> {
  const revision = shownRevisionOf(service);
  if (!revision) return {};
  const { partition, accountId } = scopeOfArn(service.arn);
  const role = 'role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS';
  return {
    taskDefinition: revision.taskDefinitionArn,
    ...sharedMembers(revision),
    ...present({ platformVersion: revision.requestedPlatformVersion }),
    roleArn: `arn:${partition}:iam::${accountId}:${role}`,
  };
}

function deploymentView(deployment: Deployment, tasks: readonly Task[]): WireDeployment {
  const { revision } = deployment;
  const { requested, running, pending } = countsOf(tasks, deployment);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: revision.taskDefinitionArn,
    desiredCount: requested,
    pendingCount: pending,
    runningCount: running,
    failedTasks: deployment.failedTasks,
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    ...sharedMembers(revision),
    ...present({ platformVersion: revision.platformVersion }),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

export function configurationView(configuration: DeploymentConfiguration): WireConfiguration {
  const { maximumPercent, minimumHealthyPercent, circuitBreaker, alarms } = configuration;
  const { enable, rollback, resetOnHealthyTask, threshold } = circuitBreaker;
  return {
    deploymentCircuitBreaker: {
      enable,
      rollback,
      resetOnHealthyTask,
      thresholdConfiguration: { ...threshold },
    },
    maximumPercent,
    minimumHealthyPercent,
    strategy: 'ROLLING',
    bakeTimeInMinutes: configuration.bakeTimeInMinutes ?? 0,
    ...(alarms && { alarms: { ...alarms, alarmNames: [...alarms.alarmNames] } }),
  };
}

function currentMembers(
  service: Service,
  tables: ReadonlyTables,
  tasks: readonly Task[],
): Pick<WireService, 'currentServiceDeployment' | 'currentServiceRevisions'> {
  const ongoing = tables.serviceDeployments
    .unfinishedOf(service.arn)
    .findLast(({ status }) => status !== 'PENDING');
  return {
    ...present({ currentServiceDeployment: ongoing?.arn }),
    currentServiceRevisions: service.deployments.map((deployment) => {
      const { requested, running, pending } = countsOf(tasks, deployment);
      return {
        arn: deployment.revision.arn,
        requestedTaskCount: requested,
        runningTaskCount: running,
        pendingTaskCount: pending,
      };
    }),
  };
}
