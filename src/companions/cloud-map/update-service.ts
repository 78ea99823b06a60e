import type { UpdateServiceRequest } from '@aws-sdk/client-servicediscovery';
import { required } from '../../domain/cloud-map/members.ts';
import { updatedDiscoveryService } from '../../domain/cloud-map/update-service.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { noteOperation } from './note-operation.ts';
import { namespaceOf, requireDiscoveryService } from './require-record.ts';

export function updateService(
  { Id, Service }: UpdateServiceRequest,
  ctx: CloudMapContext,
): { OperationId: string } {
  const change = required('service', Service);
  return ctx.state.transact((tx) => {
    const service = requireDiscoveryService(tx, ctx.scope, Id, 'id');
    const { namespaceArn, id } = service;
    tx.discoveryServices.put(updatedDiscoveryService(service, change, namespaceOf(tx, service)));
    const targets = { SERVICE: id };
    return noteOperation(tx, ctx, { type: 'UPDATE_SERVICE', namespaceArn, targets });
  });
}
