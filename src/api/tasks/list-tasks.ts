import type { ListTasksRequest, ListTasksResponse } from '@aws-sdk/client-ecs';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { present } from '../../domain/present.ts';
import { serviceNotFound } from '../../domain/service/service-errors.ts';
import { parseServiceRef } from '../../domain/service/service-ref.ts';
import { serviceGroup } from '../../domain/service/service.ts';
import { parseTaskFilter, type TaskFilter } from '../../domain/task/list-tasks-request.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireLiveCluster } from '../require.ts';

export function listTasks(
  input: ListTasksRequest,
  { state, scope }: RequestContext,
): ListTasksResponse {
  const cluster = requireLiveCluster(state.read, scope, input.cluster);
  const filter = parseTaskFilter(input);
  const group = input.serviceName && groupOf(state.read, cluster, input.serviceName);
  const { rows, nextToken } = pageOf({
    request: input,
    list: ['ListTasks', cluster.arn, ...Object.values(filter), group],
    rowsAfter: (arn) => matchingTasks(state.read, cluster, { ...filter, group }, arn),
    keyOf: (arn) => arn,
  });
  return { taskArns: rows, ...present({ nextToken }) };
}

interface Grouped {
  readonly group: string | undefined;
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
  { desiredStatus, family, startedBy, launchType, group }: TaskFilter & Grouped,
  after: string | undefined,
): Iterable<string> {
  if (desiredStatus === 'PENDING') return [];
  const query = {
    clusterArn: cluster.arn,
    desiredStatus,
    ...present({ family, startedBy, group }),
  };
  if (launchType === undefined) return tables.tasks.arns(query, after);
  return Iterator.from(tables.tasks.list(query, after))
    .filter((task) => task.launchType === launchType)
    .map((task) => task.arn);
}
