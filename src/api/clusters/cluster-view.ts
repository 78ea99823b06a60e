import type { Attachment, Cluster as WireCluster, KeyValuePair } from '@aws-sdk/client-ecs';
import type { Cluster, ClusterAttachment } from '../../domain/cluster/cluster.ts';
import { present } from '../../domain/present.ts';
import type { LaunchType } from '../../domain/task/task.ts';
import { Fragment } from '../../protocol/fragment.ts';
import type { ServiceCounts } from '../../state/service-table.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { TaskCounts } from '../../state/task-table.ts';

/** Which of the members that not every operation shows are to be shown. */
export interface ShownMembers {
  readonly statistics?: boolean;
  readonly tags?: boolean;
  readonly settings?: boolean;
  readonly configuration?: boolean;
  /** `if-any`: absent rather than empty. */
  readonly attachments?: 'never' | 'if-any' | 'always';
}

/** The API's shape of a cluster (API reference, "Cluster"). */
export function clusterView(
  cluster: Cluster,
  tables: ReadonlyTables,
  shown: ShownMembers,
): WireCluster {
  return viewOf(cluster, surroundingsOf(cluster, tables), shown);
}

/** The cluster as the operations that change it answer. */
export function changedClusterView(cluster: Cluster, tables: ReadonlyTables): WireCluster {
  return clusterView(cluster, tables, {
    settings: true,
    configuration: true,
    attachments: 'always',
  });
}

/** The view for answers that many ask for again and again. */
export function clusterFragment(
  cluster: Cluster,
  tables: ReadonlyTables,
  shown: ShownMembers,
): Fragment<WireCluster> {
  const surroundings = surroundingsOf(cluster, tables);
  return new Fragment({
    record: cluster,
    variant: variantOf(surroundings, shown),
    view: () => viewOf(cluster, surroundings, shown),
  });
}

/** What a view depends on besides the cluster's own record. */
interface Surroundings {
  readonly tasks: TaskCounts;
  readonly services: ServiceCounts;
  readonly containerInstances: number;
}

function variantOf({ tasks, services, containerInstances }: Surroundings, shown: ShownMembers) {
  const { statistics, tags, settings, configuration, attachments } = shown;
  const included = `${statistics} ${tags} ${settings} ${configuration} ${attachments}`;
  const taskCounts = `${textOf(tasks.running)} ${textOf(tasks.pending)}`;
  const serviceCounts = `${textOf(services.active)} ${textOf(services.draining)}`;
  return `Cluster ${included} ${taskCounts} ${serviceCounts} ${containerInstances}`;
}

function textOf({ EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES }: CountsByLaunchType): string {
  return `${EC2},${FARGATE},${EXTERNAL},${MANAGED_INSTANCES}`;
}

function surroundingsOf({ arn }: Cluster, tables: ReadonlyTables): Surroundings {
  return {
    tasks: tables.tasks.countsOf(arn),
    services: tables.services.countsOf(arn),
    containerInstances: tables.containerInstances.count(arn),
  };
}

function viewOf(
  cluster: Cluster,
  { tasks, services, containerInstances }: Surroundings,
  shown: ShownMembers,
): WireCluster {
  return {
    activeServicesCount: total(services.active),
    capacityProviders: [...cluster.capacityProviders],
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    defaultCapacityProviderStrategy: [...cluster.defaultCapacityProviderStrategy],
    pendingTasksCount: total(tasks.pending),
    registeredContainerInstancesCount: containerInstances,
    runningTasksCount: total(tasks.running),
    settings: shown.settings
      ? [{ name: 'containerInsights', value: cluster.containerInsights }]
      : [],
    statistics: shown.statistics ? statisticsOf(tasks, services) : [],
    status: cluster.status,
    tags: shown.tags ? [...cluster.tags] : [],
    ...present({
      configuration: shown.configuration ? cluster.configuration : undefined,
      serviceConnectDefaults: serviceConnectDefaults(cluster),
      ...attachmentMembers(cluster, shown.attachments ?? 'never'),
    }),
  };
}

function serviceConnectDefaults({
  serviceConnectNamespaceArn: namespace,
}: Cluster): WireCluster['serviceConnectDefaults'] {
  return namespace === undefined ? undefined : { namespace };
}

function attachmentMembers(
  cluster: Cluster,
  when: 'never' | 'if-any' | 'always',
): Pick<WireCluster, 'attachments' | 'attachmentsStatus'> {
  const { attachments, attachmentsStatus } = cluster;
  if (when === 'never' || (when === 'if-any' && attachments.length === 0)) return {};
  return present({ attachments: attachments.map(attachmentView), attachmentsStatus });
}

function attachmentView(attachment: ClusterAttachment): Attachment {
  const { id, type, status } = attachment;
  return { id, type, status, details: attachmentDetails(attachment) };
}

function attachmentDetails(attachment: ClusterAttachment): KeyValuePair[] {
  if (attachment.type === 'sc') return [];
  const { type, capacityProvider, resourceName } = attachment;
  return [
    { name: 'capacityProviderName', value: capacityProvider },
    {
      name: type === 'as_policy' ? 'scalingPolicyName' : 'autoScalingLifecycleHookName',
      value: resourceName,
    },
  ];
}

type CountsByLaunchType = Readonly<Record<LaunchType, number>>;

export function total(counts: CountsByLaunchType): number {
  return counts.EC2 + counts.FARGATE + counts.EXTERNAL + counts.MANAGED_INSTANCES;
}

/** The sixteen entries and their order are as the service sends them; values are text. */
function statisticsOf(
  { running, pending }: TaskCounts,
  { active, draining }: ServiceCounts,
): KeyValuePair[] {
  const values = {
    runningEC2TasksCount: running.EC2,
    runningFargateTasksCount: running.FARGATE,
    pendingEC2TasksCount: pending.EC2,
    pendingFargateTasksCount: pending.FARGATE,
    runningExternalTasksCount: running.EXTERNAL,
    pendingExternalTasksCount: pending.EXTERNAL,
    runningManagedInstancesTasksCount: running.MANAGED_INSTANCES,
    pendingManagedInstancesTasksCount: pending.MANAGED_INSTANCES,
    activeEC2ServiceCount: active.EC2,
    activeFargateServiceCount: active.FARGATE,
    drainingEC2ServiceCount: draining.EC2,
    drainingFargateServiceCount: draining.FARGATE,
    activeExternalServiceCount: active.EXTERNAL,
    drainingExternalServiceCount: draining.EXTERNAL,
    activeManagedInstancesServiceCount: active.MANAGED_INSTANCES,
    drainingManagedInstancesServiceCount: draining.MANAGED_INSTANCES,
  };
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}
