import type {
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
} from '@aws-sdk/client-ecs';
import type { ServiceArn } from '../../domain/arn.ts';
import { present } from '../../domain/present.ts';
import {
  parseServiceDeploymentFilter,
  type ServiceDeploymentFilter,
} from '../../domain/service/list-service-deployments.ts';
import type { ServiceDeployment } from '../../domain/service/service-deployment.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireService } from './require-service.ts';
import { serviceDeploymentBrief } from './service-deployment-view.ts';

export function listServiceDeployments(
  input: ListServiceDeploymentsRequest,
  { state, scope }: RequestContext,
): ListServiceDeploymentsResponse {
  const service = requireService(state.read, scope, input);
  const filter = parseServiceDeploymentFilter(input);
  const { rows, nextToken } = pageOf({
    request: { maxResults: filter.maxResults, nextToken: input.nextToken },
    list: [
      'ListServiceDeployments',
      service.arn,
      JSON.stringify([input.status, input.createdAt?.before, input.createdAt?.after]),
    ],
    rowsAfter: (key) => matching(state.read, service.arn, filter, key),
    keyOf: (deployment) => deployment.arn,
  });
  return { serviceDeployments: rows.map(serviceDeploymentBrief), ...present({ nextToken }) };
}

/** The newest come first, so that a page goes on before its last one. */
function* matching(
  tables: ReadonlyTables,
  serviceArn: ServiceArn,
  { matches }: ServiceDeploymentFilter,
  before: string | undefined,
): IterableIterator<ServiceDeployment> {
  for (const deployment of tables.serviceDeployments.newestOf(serviceArn, before)) {
    if (matches(deployment)) yield deployment;
  }
}
