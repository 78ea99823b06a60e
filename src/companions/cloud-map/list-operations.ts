import type {
  ListOperationsRequest,
  ListOperationsResponse,
} from '@aws-sdk/client-servicediscovery';
import type { CloudMapOperation } from '../../domain/cloud-map/cloud-map-operation.ts';
import { present } from '../../domain/present.ts';
import { keyedPageOf } from '../name-page.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { choiceFilter, filterOf } from './filters.ts';
import { parsePageSize, parseToken } from './list-page.ts';

/** Newest first. */
export function listOperations(
  { Filters, MaxResults, NextToken }: ListOperationsRequest,
  { state: { read }, scope }: CloudMapContext,
): ListOperationsResponse {
  const isWanted = filterOf<CloudMapOperation>(Filters, {
    NAMESPACE_ID: { EQ: ({ namespaceId }, [id]) => namespaceId === id },
    SERVICE_ID: { EQ: ({ targets }, [id]) => targets.SERVICE === id },
    STATUS: choiceFilter(() => 'SUCCESS'),
    TYPE: choiceFilter(({ type }) => type),
    UPDATE_DATE: { BETWEEN: isWithin },
  });
  const { items, nextToken } = keyedPageOf(
    read.cloudMapOperations.list(scope, parseToken(NextToken)),
    { size: parsePageSize(MaxResults), isWanted, keyOf: ({ id }) => id },
  );
  return {
    Operations: items.map(({ id }) => ({ Id: id, Status: 'SUCCESS' })),
    ...present({ NextToken: nextToken }),
  };
}

/** Dates are given in seconds. */
function isWithin({ createdAt }: CloudMapOperation, values: readonly string[]): boolean {
  const [from = Number.NaN, to = Number.NaN] = values.map((value) => Number(value) * 1_000);
  return createdAt >= from && createdAt <= to;
}
