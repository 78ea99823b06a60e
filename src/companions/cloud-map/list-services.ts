import type { ListServicesRequest, ListServicesResponse } from '@aws-sdk/client-servicediscovery';
import type { Scope } from '../../domain/arn.ts';
import type { DiscoveryService } from '../../domain/cloud-map/discovery-service.ts';
import { present } from '../../domain/present.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { pageOf } from '../name-page.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { filterOf, ownerFilter, type GivenFilter } from './filters.ts';
import { parsePageSize, parseToken } from './list-page.ts';
import { namespaceArnOf } from './require-record.ts';
import { serviceSummary } from './service-view.ts';

export function listServices(
  { Filters, MaxResults, NextToken }: ListServicesRequest,
  { state: { read }, scope }: CloudMapContext,
): ListServicesResponse {
  const isWanted = filterOf<DiscoveryService>(Filters, {
    NAMESPACE_ID: {
      EQ: ({ namespaceArn }, [id = '']) => namespaceArn === namespaceArnOf(scope, id),
    },
    RESOURCE_OWNER: ownerFilter,
  });
  const candidates = candidatesOf(read, scope, Filters, parseToken(NextToken));
  const { items, nextToken } = pageOf(candidates, parsePageSize(MaxResults), isWanted);
  return {
    Services: items.map((service) => serviceSummary(service, read)),
    ...present({ NextToken: nextToken }),
  };
}

/** Nobody goes through all services for those of one namespace. */
function candidatesOf(
  { discoveryServices }: ReadonlyTables,
  scope: Scope,
  filters: readonly GivenFilter[] | undefined,
  after: string | undefined,
): Iterable<DiscoveryService> {
  const [id] = filters?.find(({ Name }) => Name === 'NAMESPACE_ID')?.Values ?? [];
  return id === undefined
    ? discoveryServices.list(scope, after)
    : discoveryServices.inNamespace(namespaceArnOf(scope, id), after);
}
