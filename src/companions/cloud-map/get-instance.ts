import type { GetInstanceRequest, GetInstanceResponse } from '@aws-sdk/client-servicediscovery';
import { present } from '../../domain/present.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { requireDiscoveryService, requireInstance } from './require-record.ts';

export function getInstance(
  { ServiceId, InstanceId }: GetInstanceRequest,
  { state: { read }, scope }: CloudMapContext,
): GetInstanceResponse {
  const service = requireDiscoveryService(read, scope, ServiceId);
  const { instanceId, attributes, creatorRequestId } = requireInstance(read, service, InstanceId);
  return {
    ResourceOwner: scope.accountId,
    Instance: {
      Id: instanceId,
      ...present({ CreatorRequestId: creatorRequestId }),
      Attributes: { ...attributes },
      CreatedByAccount: scope.accountId,
    },
  };
}
