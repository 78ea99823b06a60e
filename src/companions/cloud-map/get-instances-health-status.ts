import type {
  GetInstancesHealthStatusRequest,
  GetInstancesHealthStatusResponse,
} from '@aws-sdk/client-servicediscovery';
import { healthOf } from '../../domain/cloud-map/discover.ts';
import { mostInstancesOfService } from '../../domain/cloud-map/discovery-instance.ts';
import type { DiscoveryService } from '../../domain/cloud-map/discovery-service.ts';
import { limitReached } from '../../domain/cloud-map/cloud-map-error.ts';
import { present } from '../../domain/present.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { keyedPageOf } from '../name-page.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { parsePageSize, parseToken } from './list-page.ts';
import { requireDiscoveryService, requireInstance } from './require-record.ts';

export function getInstancesHealthStatus(
  { ServiceId, Instances, MaxResults, NextToken }: GetInstancesHealthStatusRequest,
  { state: { read }, scope }: CloudMapContext,
): GetInstancesHealthStatusResponse {
  const service = requireDiscoveryService(read, scope, ServiceId);
  const after = parseToken(NextToken);
  const asked = Instances?.length ? namedOnes(read, service, Instances, after) : undefined;
  const { items, nextToken } = keyedPageOf(
    asked ?? read.discoveryInstances.ofService(service.arn, after),
    {
      size: parsePageSize(MaxResults),
      isWanted: () => true,
      keyOf: ({ instanceId }) => instanceId,
    },
  );
  return {
    Status: Object.fromEntries(items.map((one) => [one.instanceId, healthOf(one)])),
    ...present({ NextToken: nextToken }),
  };
}

/** In the order of their ids, as all of a service are. */
function namedOnes(
  tables: ReadonlyTables,
  service: DiscoveryService,
  ids: readonly string[],
  after: string | undefined,
) {
  if (ids.length > mostInstancesOfService) throw limitReached('instances');
  return [...new Set(ids)]
    .toSorted()
    .map((id) => requireInstance(tables, service, id))
    .filter(({ instanceId }) => after === undefined || instanceId > after);
}
