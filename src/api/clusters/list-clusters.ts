import type { ListClustersRequest, ListClustersResponse } from '@aws-sdk/client-ecs';
import { scopeKey } from '../../domain/arn.ts';
import { present } from '../../domain/present.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';

export function listClusters(
  input: ListClustersRequest,
  { state, scope }: RequestContext,
): ListClustersResponse {
  const { rows, nextToken } = pageOf({
    request: input,
    list: ['ListClusters', scopeKey(scope)],
    rowsAfter: (key) => state.read.clusters.list(scope, key),
    keyOf: (cluster) => cluster.arn,
  });
  return { clusterArns: rows.map((cluster) => cluster.arn), ...present({ nextToken }) };
}
