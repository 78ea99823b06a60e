import type { ListServicesRequest, ListServicesResponse } from '@aws-sdk/client-ecs';
import type { ClusterArn } from '../../domain/arn.ts';
import { parseServiceFilter, type ServiceFilter } from '../../domain/service/list-services.ts';
import { present } from '../../domain/present.ts';
import { shownRevisionOf, type AnyService } from '../../domain/service/service.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireLiveCluster } from '../require.ts';

export function listServices(
  input: ListServicesRequest,
  { state, scope }: RequestContext,
): ListServicesResponse {
  const cluster = requireLiveCluster(state.read, scope, input.cluster);
  const filter = parseServiceFilter(input);
  const { rows, nextToken } = pageOf({
    request: { maxResults: filter.maxResults, nextToken: input.nextToken },
    list: [
      'ListServices',
      cluster.arn,
      filter.launchType,
      filter.schedulingStrategy,
      String(filter.none),
    ],
    rowsAfter: (key) => matchingServices(state.read, cluster.arn, filter, key),
    keyOf: (service) => service.arn,
  });
  return { serviceArns: rows.map(({ arn }) => arn), ...present({ nextToken }) };
}

function* matchingServices(
  tables: ReadonlyTables,
  clusterArn: ClusterArn,
  { launchType, schedulingStrategy, none }: ServiceFilter,
  after: string | undefined,
): IterableIterator<AnyService> {
  if (none) return;
  for (const service of tables.services.list(clusterArn, after)) {
    const own = shownRevisionOf(service)?.launchType;
    const isAsked =
      (launchType === undefined || launchType === own) &&
      (schedulingStrategy === undefined || schedulingStrategy === service.schedulingStrategy);
    if (isAsked) yield service;
  }
}
