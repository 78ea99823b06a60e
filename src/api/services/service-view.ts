import type {
  Deployment as WireDeployment,
  DeploymentConfiguration as WireConfiguration,
  Service as WireService,
} from '@aws-sdk/client-ecs';
import { scopeOfArn } from '../../domain/arn.ts';
import { present } from '../../domain/present.ts';
import { countsOf } from '../../domain/service/service-tasks.ts';
import {
  primaryOf,
  serviceGroup,
  type Deployment,
  type DeploymentConfiguration,
  type Service,
  type ServiceRevision,
} from '../../domain/service/service.ts';
import type { Task } from '../../domain/task/task.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

export interface ShownMembers {
  readonly tags?: boolean;
  /** What goes on now; not in the answers of CreateService and UpdateService. */
  readonly current?: boolean;
}

/** The API's shape of a service (API reference, "Service"). */
export function serviceView(
  service: Service,
  tables: ReadonlyTables,
  shown: ShownMembers,
): WireService {
  const tasks = tasksOf(service, tables);
  const deployments = service.deployments.map((one) => deploymentView(one, tasks));
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: sum(deployments.map(({ runningCount = 0 }) => runningCount)),
    pendingCount: sum(deployments.map(({ pendingCount = 0 }) => pendingCount)),
    taskDefinition: primaryOf(service).revision.taskDefinitionArn,
    deploymentConfiguration: configurationView(service.deploymentConfiguration),
    deploymentController: { type: 'ECS' },
    deployments,
    ...revisionMembers(service),
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [...service.placementConstraints],
    placementStrategy: [...service.placementStrategy],
    events: service.events.map(({ id, createdAt, message }) => ({
      id,
      createdAt: new Date(createdAt),
      message,
    })),
    createdAt: new Date(service.createdAt),
    createdBy: service.createdBy,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    schedulingStrategy: service.schedulingStrategy,
    enableECSManagedTags: service.enableECSManagedTags,
    propagateTags: service.propagateTags,
    enableExecuteCommand: service.enableExecuteCommand,
    availabilityZoneRebalancing: service.availabilityZoneRebalancing,
    resourceManagementType: 'CUSTOMER',
    ...(shown.tags && { tags: [...service.tags] }),
    ...(shown.current && currentMembers(service, tables, tasks)),
  };
}

export function tasksOf(service: Service, tables: ReadonlyTables): readonly Task[] {
  return tables.tasks.unaccountedOf(service.clusterArn, serviceGroup(service.name));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function revisionMembers(service: Service): Partial<WireService> {
  const { revision } = primaryOf(service);
  return {
    ...sharedMembers(revision),
    ...present({
      platformVersion: revision.requestedPlatformVersion,
      roleArn: revision.network && linkedRoleArn(service),
    }),
  };
}

/** ECS makes the network interfaces of tasks in this role. */
function linkedRoleArn({ arn }: Service): string {
  const { partition, accountId } = scopeOfArn(arn);
  const role = 'role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS';
  return `arn:${partition}:iam::${accountId}:${role}`;
}

/** What services, deployments and revisions show alike. */
export function sharedMembers(
  revision: ServiceRevision,
): Pick<
  WireService,
  'capacityProviderStrategy' | 'launchType' | 'networkConfiguration' | 'platformFamily'
> {
  const { capacityProviderStrategy: strategy, launchType, network, platformFamily } = revision;
  return {
    ...(strategy
      ? { capacityProviderStrategy: strategy.map((item) => ({ ...item })) }
      : { launchType }),
    ...present({
      networkConfiguration: network && { awsvpcConfiguration: network },
      platformFamily,
    }),
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
  const { maximumPercent, minimumHealthyPercent, circuitBreaker } = configuration;
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
    bakeTimeInMinutes: 0,
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
