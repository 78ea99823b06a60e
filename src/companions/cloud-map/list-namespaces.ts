import type {
  ListNamespacesRequest,
  ListNamespacesResponse,
} from '@aws-sdk/client-servicediscovery';
import type { Namespace } from '../../domain/namespace/namespace.ts';
import { present } from '../../domain/present.ts';
import { pageOf } from '../name-page.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { filterOf, ownerFilter, textFilter } from './filters.ts';
import { parsePageSize, parseToken } from './list-page.ts';
import { namespaceSummary } from './namespace-view.ts';

export function listNamespaces(
  { Filters, MaxResults, NextToken }: ListNamespacesRequest,
  { state: { read }, scope }: CloudMapContext,
): ListNamespacesResponse {
  const isWanted = filterOf<Namespace>(Filters, {
    TYPE: textFilter(({ kind }) => kind),
    NAME: textFilter(({ name }) => name),
    HTTP_NAME: textFilter(({ httpName }) => httpName),
    RESOURCE_OWNER: ownerFilter,
  });
  const all = read.namespaces.list(scope, parseToken(NextToken));
  const { items, nextToken } = pageOf(all, parsePageSize(MaxResults), isWanted);
  return {
    Namespaces: items.map((namespace) => namespaceSummary(namespace, read)),
    ...present({ NextToken: nextToken }),
  };
}
