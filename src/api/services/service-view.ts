import type {
  Deployment as WireDeployment,
  DeploymentConfiguration as WireConfiguration,
  Service as WireService,
} from '@aws-sdk/client-ecs';
import { scopeOfArn, type ServiceDeploymentArn } from '../../domain/arn.ts';
import { present } from '../../domain/present.ts';
import type { RevisionCounts } from '../../domain/service/service-deployment.ts';
import {
  primaryOf,
  serviceGroup,
  type Deployment,
  type DeploymentConfiguration,
  type Service,
  type ServiceRevision,
} from '../../domain/service/service.ts';
import { Fragment } from '../../protocol/fragment.ts';
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
  return viewOf(service, surroundingsOf(service, tables), shown);
}

/** The view for answers that many ask for again and again. */
export function serviceFragment(
  service: Service,
  tables: ReadonlyTables,
  shown: ShownMembers,
): Fragment<WireService> {
  const surroundings = surroundingsOf(service, tables);
  return new Fragment({
    record: service,
    variant: variantOf(surroundings, shown),
    view: () => viewOf(service, surroundings, shown),
  });
}

/** What a view depends on besides the service's own record. */
interface Surroundings {
  /** Of each deployment, in their order. */
  readonly counts: readonly RevisionCounts[];
  readonly ongoing: ServiceDeploymentArn | undefined;
}

function variantOf({ counts, ongoing }: Surroundings, { tags, current }: ShownMembers): string {
  let variant = `Service ${tags} ${current} ${ongoing}`;
  for (const { running, pending } of counts) variant += ` ${running},${pending}`;
  return variant;
}

function surroundingsOf(service: Service, tables: ReadonlyTables): Surroundings {
  return {
    counts: service.deployments.map((deployment) => countsOf(service, deployment, tables)),
    ongoing: tables.serviceDeployments
      .unfinishedOf(service.arn)
      .findLast(({ status }) => status !== 'PENDING')?.arn,
  };
}

/** The tasks of one of a service's deployments. */
export function countsOf(
  { clusterArn, name }: Service,
  { id, desiredCount }: Deployment,
  { tasks }: ReadonlyTables,
): RevisionCounts {
  return {
    requested: desiredCount,
    ...tasks.deploymentCounts(clusterArn, serviceGroup(name), id),
  };
}

const noCounts: RevisionCounts = { requested: 0, running: 0, pending: 0 };

function viewOf(service: Service, surroundings: Surroundings, shown: ShownMembers): WireService {
  const { counts } = surroundings;
  const deployments = service.deployments.map((deployment, index) =>
    deploymentView(deployment, counts[index] ?? noCounts),
  );
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: sum(counts.map(({ running }) => running)),
    pendingCount: sum(counts.map(({ pending }) => pending)),
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
    ...(shown.current && currentMembers(service, surroundings)),
  };
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

function deploymentView(
  deployment: Deployment,
  { requested, running, pending }: RevisionCounts,
): WireDeployment {
  const { revision } = deployment;
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
  { counts, ongoing }: Surroundings,
): Pick<WireService, 'currentServiceDeployment' | 'currentServiceRevisions'> {
  return {
    ...present({ currentServiceDeployment: ongoing }),
    currentServiceRevisions: service.deployments.map((deployment, index) => {
      const { requested, running, pending } = counts[index] ?? noCounts;
      return {
        arn: deployment.revision.arn,
        requestedTaskCount: requested,
        runningTaskCount: running,
        pendingTaskCount: pending,
      };
    }),
  };
}
