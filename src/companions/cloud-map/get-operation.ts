import type { GetOperationRequest, GetOperationResponse } from '@aws-sdk/client-servicediscovery';
import { operationUnknown } from '../../domain/cloud-map/cloud-map-error.ts';
import { required } from '../../domain/cloud-map/members.ts';
import type { CloudMapContext } from './cloud-map-context.ts';

export function getOperation(
  { OperationId, OwnerAccount }: GetOperationRequest,
  { state: { read }, scope }: CloudMapContext,
): GetOperationResponse {
  const id = required('operationId', OperationId);
  const { accountId } = scope;
  const isElsewhere = OwnerAccount !== undefined && OwnerAccount !== accountId;
  const operation = isElsewhere ? undefined : read.cloudMapOperations.findById(scope, id);
  if (!operation) throw operationUnknown(id);
  const { type, targets, createdAt } = operation;
  return {
    Operation: {
      Id: id,
      OwnerAccount: accountId,
      Type: type,
      Status: 'SUCCESS',
      CreateDate: new Date(createdAt),
      UpdateDate: new Date(createdAt),
      Targets: targets,
    },
  };
}
