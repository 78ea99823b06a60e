import type {
  Deployment as WireDeployment,
  LoadBalancer,
  Service as WireService,
  ServiceRegistry,
} from '@aws-sdk/client-ecs';
import { scopeOfArn, type ServiceDeploymentArn } from '../../domain/arn.ts';
import { present } from '../../domain/present.ts';
import type { RevisionCounts } from '../../domain/service/service-deployment.ts';
import {
  deploymentsOf,
  isExternal,
  serviceGroup,
  shownRevisionOf,
  type AnyService,
  type Deployment,
  type Service,
  type ServiceRevision,
} from '../../domain/service/service.ts';
import { Fragment } from '../../protocol/fragment.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { taskSetView } from '../task-sets/task-set-view.ts';
import { configurationView } from './configuration-view.ts';
import {
  connectMembers,
  loadBalancersView,
  registriesView,
  sharedMembers,
  storageMembers,
  volumeMembers,
} from './revision-members.ts';

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
  return viewOf(service, surroundingsOf(service, tables), shown);
}

/** The view for answers that many ask for again and again. */
export function serviceFragment(
  service: AnyService,
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

function surroundingsOf(service: AnyService, tables: ReadonlyTables): Surroundings {
  return {
    counts: deploymentsOf(service).map((deployment) => countsOf(service, deployment, tables)),
    ongoing: tables.serviceDeployments
      .unfinishedOf(service.arn)
      .findLast(({ status }) => status !== 'PENDING')?.arn,
  };
}

/** The tasks of one of a service's deployments or task sets. */
export function countsOf(
  { clusterArn, name }: AnyService,
  { id, desiredCount }: Deployment,
  { tasks }: ReadonlyTables,
): RevisionCounts {
  return {
    requested: desiredCount,
    ...tasks.deploymentCounts(clusterArn, serviceGroup(name), id),
  };
}

const noCounts: RevisionCounts = { requested: 0, running: 0, pending: 0 };

function viewOf(service: AnyService, surroundings: Surroundings, shown: ShownMembers): WireService {
  const { counts } = surroundings;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: sum(counts.map(({ running }) => running)),
    pendingCount: sum(counts.map(({ pending }) => pending)),
    deploymentConfiguration: configurationView(service.deploymentConfiguration),
    ...partMembers(service, counts),
    ...revisionMembers(service),
    loadBalancers: loadBalancersOf(service),
    serviceRegistries: registriesOf(service),
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
    ...(shown.current && !isExternal(service) && currentMembers(service, surroundings)),
  };
}

/** What the service is made of: deployments, or task sets where somebody else makes them. */
function partMembers(
  service: AnyService,
  counts: readonly RevisionCounts[],
): Pick<WireService, 'deploymentController' | 'deployments' | 'taskSets'> {
  if (isExternal(service)) {
    const deploymentController = { type: 'EXTERNAL' as const };
    if (service.hasLeftEcs) {
      const deployments = service.taskSets.map(({ deployment, status }, index) =>
        deploymentView({ ...deployment, status }, counts[index] ?? noCounts),
      );
      return { deploymentController, deployments };
    }
    const taskSets = service.taskSets.map((taskSet, index) =>
      taskSetView(service, taskSet, counts[index] ?? noCounts, {}),
    );
    return { deploymentController, deployments: [], taskSets };
  }
  const deployments = service.deployments.map((deployment, index) =>
    deploymentView(deployment, counts[index] ?? noCounts),
  );
  return { deploymentController: { type: 'ECS' }, deployments };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function loadBalancersOf(service: AnyService): LoadBalancer[] {
  const revision = shownRevisionOf(service);
  return revision ? loadBalancersView(revision) : [];
}

function registriesOf(service: AnyService): ServiceRegistry[] {
  const revision = shownRevisionOf(service);
  return revision ? registriesView(revision) : [];
}

/** What the PRIMARY deployment or task set gives the service; nothing where there is none. */
function revisionMembers(service: AnyService): Partial<WireService> {
  const revision = shownRevisionOf(service);
  if (!revision) return {};
  return {
    taskDefinition: revision.taskDefinitionArn,
    ...sharedMembers(revision),
    ...present({
      platformVersion: revision.requestedPlatformVersion,
      roleArn: needsLinkedRole(revision) ? linkedRoleArn(service) : undefined,
    }),
  };
}

function needsLinkedRole({ network, loadBalancers, serviceRegistries }: ServiceRevision): boolean {
  return (network ?? loadBalancers ?? serviceRegistries) !== undefined;
}

/** ECS makes the network interfaces of tasks in this role, and registers them. */
function linkedRoleArn({ arn }: AnyService): string {
  const { partition, accountId } = scopeOfArn(arn);
  const role = 'role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS';
  return `arn:${partition}:iam::${accountId}:${role}`;
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
    ...connectMembers(revision),
    ...volumeMembers(revision),
    ...storageMembers(revision),
    ...rolloutMembers(deployment),
  };
}

/** What somebody else makes of task sets is no rollout of ECS's. */
function rolloutMembers({
  rolloutState,
  rolloutStateReason,
}: Deployment): Pick<WireDeployment, 'rolloutState' | 'rolloutStateReason'> {
  return rolloutStateReason === '' ? {} : { rolloutState, rolloutStateReason };
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
