import type { DeleteNamespaceRequest } from '@aws-sdk/client-servicediscovery';
import { namespaceInUse } from '../../domain/cloud-map/cloud-map-error.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { noteNamespace } from './note-operation.ts';
import { requireNamespace } from './require-record.ts';

/** Only services of Cloud Map keep a namespace. A cluster whose default it is goes on naming it. */
export function deleteNamespace(
  input: DeleteNamespaceRequest,
  ctx: CloudMapContext,
): { OperationId: string } {
  return ctx.state.transact((tx) => {
    const namespace = requireNamespace(tx, ctx.scope, input.Id);
    if (tx.discoveryServices.countIn(namespace.arn) > 0) throw namespaceInUse();
    tx.namespaces.delete(namespace);
    return noteNamespace(tx, ctx, 'DELETE_NAMESPACE', namespace.arn);
  });
}
