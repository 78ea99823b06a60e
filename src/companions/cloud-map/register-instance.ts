import type { RegisterInstanceRequest } from '@aws-sdk/client-servicediscovery';
import { checkRequestId, required } from '../../domain/cloud-map/members.ts';
import { registerInstance as register } from '../../state/register-instance.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { noteInstance } from './note-operation.ts';
import { requireDiscoveryService } from './require-record.ts';

export function registerInstance(
  { ServiceId, InstanceId, Attributes, CreatorRequestId }: RegisterInstanceRequest,
  ctx: CloudMapContext,
): { OperationId: string } {
  const instanceId = required('instanceId', InstanceId);
  const attributes = required('attributes', Attributes);
  checkRequestId('creatorRequestId', CreatorRequestId);
  return ctx.state.transact((tx) => {
    const service = requireDiscoveryService(tx, ctx.scope, ServiceId);
    const spec = { instanceId, attributes, creatorRequestId: CreatorRequestId };
    register(tx, service, spec, ctx.now);
    return noteInstance(tx, ctx, 'REGISTER_INSTANCE', service, instanceId);
  });
}
