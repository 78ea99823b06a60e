import type { DeregisterInstanceRequest } from '@aws-sdk/client-servicediscovery';
import { deregisterInstance as deregister } from '../../state/register-instance.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { noteInstance } from './note-operation.ts';
import { requireDiscoveryService, requireInstance } from './require-record.ts';

export function deregisterInstance(
  { ServiceId, InstanceId }: DeregisterInstanceRequest,
  ctx: CloudMapContext,
): { OperationId: string } {
  return ctx.state.transact((tx) => {
    const service = requireDiscoveryService(tx, ctx.scope, ServiceId);
    const instance = requireInstance(tx, service, InstanceId);
    deregister(tx, instance, ctx.now);
    return noteInstance(tx, ctx, 'DEREGISTER_INSTANCE', service, instance.instanceId);
  });
}
