import type { DeleteServiceRequest } from '@aws-sdk/client-servicediscovery';
import { serviceInUse } from '../../domain/cloud-map/cloud-map-error.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { requireDiscoveryService } from './require-record.ts';

export function deleteService(
  { Id }: DeleteServiceRequest,
  { state, scope }: CloudMapContext,
): object {
  state.transact((tx) => {
    const service = requireDiscoveryService(tx, scope, Id, 'id');
    if (tx.discoveryInstances.countOf(service.arn) > 0) throw serviceInUse();
    tx.discoveryServices.delete(service);
  });
  return {};
}
