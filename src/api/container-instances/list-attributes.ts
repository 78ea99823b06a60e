import type {
  Attribute as WireAttribute,
  ListAttributesRequest,
  ListAttributesResponse,
} from '@aws-sdk/client-ecs';
import type { ClusterArn } from '../../domain/arn.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireLiveCluster } from '../require.ts';
import { checkTargetType } from './attribute-targets.ts';

/** A row per attribute and instance: a page may hold but two instances. */
export function listAttributes(
  input: ListAttributesRequest,
  { state, scope }: RequestContext,
): ListAttributesResponse {
  const cluster = requireLiveCluster(state.read, scope, input.cluster);
  checkTargetType(input.targetType);
  const { attributeName, attributeValue } = input;
  if (attributeValue !== undefined && !attributeName) {
    // [inferred text]
    throw invalidParameter('attributeName must be specified with attributeValue.');
  }
  const { rows, nextToken } = pageOf({
    request: input,
    list: ['ListAttributes', cluster.arn, attributeName, attributeValue],
    rowsAfter: (key) => matching(state.read, cluster.arn, { attributeName, attributeValue }, key),
    keyOf,
  });
  return { attributes: rows, ...present({ nextToken }) };
}

function keyOf({ targetId = '', name = '' }: WireAttribute): string {
  return `${targetId} ${name}`;
}

function* matching(
  tables: ReadonlyTables,
  clusterArn: ClusterArn,
  filter: Pick<ListAttributesRequest, 'attributeName' | 'attributeValue'>,
  after: string | undefined,
): IterableIterator<WireAttribute> {
  for (const { arn, attributes } of tables.containerInstances.list(clusterArn, undefined)) {
    const rows = attributes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, value } of rows) {
      if (filter.attributeName && filter.attributeName !== name) continue;
      if (filter.attributeValue !== undefined && filter.attributeValue !== (value ?? '')) continue;
      const row: WireAttribute = {
        name,
        ...present({ value }),
        targetId: arn,
      };
      if (after === undefined || keyOf(row) > after) yield row;
    }
  }
}
