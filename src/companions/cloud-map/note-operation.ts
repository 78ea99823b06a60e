import { scopeKey } from '../../domain/arn.ts';
import type {
  CloudMapOperation,
  OperationTargets,
  OperationType,
} from '../../domain/cloud-map/cloud-map-operation.ts';
import type { DiscoveryService } from '../../domain/cloud-map/discovery-service.ts';
import { namespaceId } from '../../domain/cloud-map/new-namespace.ts';
import { present } from '../../domain/present.ts';
import type { Transaction } from '../../state/state.ts';
import type { CloudMapContext } from './cloud-map-context.ts';

export interface Done {
  readonly type: OperationType;
  readonly namespaceArn: string;
  readonly targets: OperationTargets;
  readonly request?: CloudMapOperation['request'] | undefined;
}

/** Notes what has been done, and answers with its id. */
export function noteOperation(
  tx: Transaction,
  { scope, now, newId }: CloudMapContext,
  { type, namespaceArn, targets, request }: Done,
): { OperationId: string } {
  const id = `${newId()}-${newId().slice(-8)}`;
  tx.cloudMapOperations.add({
    id,
    scope: scopeKey(scope),
    type,
    targets,
    namespaceId: namespaceId(namespaceArn),
    createdAt: now,
    ...present({ request }),
  });
  return { OperationId: id };
}

export function noteNamespace(
  tx: Transaction,
  ctx: CloudMapContext,
  type: 'DELETE_NAMESPACE' | 'UPDATE_NAMESPACE',
  namespaceArn: string,
): { OperationId: string } {
  const targets = { NAMESPACE: namespaceId(namespaceArn) };
  return noteOperation(tx, ctx, { type, namespaceArn, targets });
}

export function noteInstance(
  tx: Transaction,
  ctx: CloudMapContext,
  type: 'REGISTER_INSTANCE' | 'DEREGISTER_INSTANCE',
  { id, namespaceArn }: DiscoveryService,
  instanceId: string,
): { OperationId: string } {
  const targets = { INSTANCE: instanceId, SERVICE: id };
  return noteOperation(tx, ctx, { type, namespaceArn, targets });
}
