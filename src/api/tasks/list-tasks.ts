import type { ListTasksRequest, ListTasksResponse } from '@aws-sdk/client-ecs';
import type { ContainerInstanceArn } from '../../domain/arn.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { daemonGroup } from '../../domain/daemon/daemon.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import { serviceNotFound } from '../../domain/service/service-errors.ts';
import { parseServiceRef } from '../../domain/service/service-ref.ts';
import { serviceGroup } from '../../domain/service/service.ts';
import { parseTaskFilter, type TaskFilter } from '../../domain/task/list-tasks-request.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { requireContainerInstance } from '../container-instances/require-container-instance.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireLiveCluster } from '../require.ts';

export function listTasks(
  input: ListTasksRequest,
  { state, scope }: RequestContext,
): ListTasksResponse {
  const cluster = requireLiveCluster(state.read, scope, input.cluster);
  const filter = parseTaskFilter(input);
  const owner = ownerOf(state.read, cluster, input);
  const { rows, nextToken } = pageOf({
    request: input,
    list: ['ListTasks', cluster.arn, ...Object.values(filter), ...Object.values(owner)],
    rowsAfter: (arn) => matchingTasks(state.read, cluster, { ...filter, ...owner }, arn),
    keyOf: (arn) => arn,
  });
  return { taskArns: rows, ...present({ nextToken }) };
}

/** Whose tasks are asked for. */
interface Owner {
  readonly group: string | undefined;
  readonly containerInstanceArn: ContainerInstanceArn | undefined;
}

/** @throws EcsError for a service or a container instance that there is not */
function ownerOf(
  tables: ReadonlyTables,
  cluster: Cluster,
  { serviceName, daemonName, containerInstance }: ListTasksRequest,
): Owner {
  return {
    group: serviceName
      ? groupOf(tables, cluster, serviceName)
      : daemonName && daemonGroupOf(tables, cluster, daemonName),
    containerInstanceArn: containerInstance
      ? requireContainerInstance(tables, cluster, containerInstance).arn
      : undefined,
  };
}

/** @throws EcsError InvalidParameterException [inferred text] */
function daemonGroupOf(tables: ReadonlyTables, { arn }: Cluster, daemonName: string): string {
  const group = daemonGroup(daemonName);
  if (!tables.daemons.findByGroup(arn, group)) throw invalidParameter('Daemon not found.');
  return group;
}

/** @throws EcsError ServiceNotFoundException, also for a service that is INACTIVE */
function groupOf(tables: ReadonlyTables, { arn }: Cluster, serviceName: string): string {
  const service = tables.services.findByArn(parseServiceRef(arn, serviceName));
  if (!service || service.status === 'INACTIVE') throw serviceNotFound();
  return serviceGroup(service.name);
}

function matchingTasks(
  tables: ReadonlyTables,
  cluster: Cluster,
  { desiredStatus, launchType, ...filter }: TaskFilter & Owner,
  after: string | undefined,
): Iterable<string> {
  if (desiredStatus === 'PENDING') return [];
  const query = { clusterArn: cluster.arn, desiredStatus, ...present(filter) };
  if (launchType === undefined) return tables.tasks.arns(query, after);
  return Iterator.from(tables.tasks.list(query, after))
    .filter((task) => task.launchType === launchType)
    .map((task) => task.arn);
}
