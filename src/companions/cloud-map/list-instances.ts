import type { ListInstancesRequest, ListInstancesResponse } from '@aws-sdk/client-servicediscovery';
import { present } from '../../domain/present.ts';
import { keyedPageOf } from '../name-page.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { parsePageSize, parseToken } from './list-page.ts';
import { requireDiscoveryService } from './require-record.ts';

export function listInstances(
  { ServiceId, MaxResults, NextToken }: ListInstancesRequest,
  { state: { read }, scope }: CloudMapContext,
): ListInstancesResponse {
  const { arn } = requireDiscoveryService(read, scope, ServiceId);
  const { items, nextToken } = keyedPageOf(
    read.discoveryInstances.ofService(arn, parseToken(NextToken)),
    {
      size: parsePageSize(MaxResults),
      isWanted: () => true,
      keyOf: ({ instanceId }) => instanceId,
    },
  );
  return {
    ResourceOwner: scope.accountId,
    Instances: items.map(({ instanceId, attributes }) => ({
      Id: instanceId,
      Attributes: { ...attributes },
      CreatedByAccount: scope.accountId,
    })),
    ...present({ NextToken: nextToken }),
  };
}
