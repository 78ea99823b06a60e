import type { GetServiceRequest, GetServiceResponse } from '@aws-sdk/client-servicediscovery';
import type { CloudMapContext } from './cloud-map-context.ts';
import { requireDiscoveryService } from './require-record.ts';
import { serviceView } from './service-view.ts';

export function getService(
  { Id }: GetServiceRequest,
  { state: { read }, scope }: CloudMapContext,
): GetServiceResponse {
  return { Service: serviceView(requireDiscoveryService(read, scope, Id, 'id'), read) };
}
