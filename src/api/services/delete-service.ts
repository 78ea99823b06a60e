import type { DeleteServiceRequest, DeleteServiceResponse } from '@aws-sdk/client-ecs';
import { deletedService } from '../../domain/service/delete-service.ts';
import { statusReasons, stopRequested } from '../../domain/service/service-deployment.ts';
import { isExternal } from '../../domain/service/service.ts';
import { deletedExternalService } from '../../domain/service/task-sets/external-service.ts';
import { deletedServiceNotFound } from '../../domain/service/service-errors.ts';
import type { RequestContext } from '../operation.ts';
import { requireService } from './require-service.ts';
import { serviceView } from './service-view.ts';

export function deleteService(
  input: DeleteServiceRequest,
  { state, scope, now }: RequestContext,
): DeleteServiceResponse {
  const service = state.transact((tx) => {
    const before = requireService(tx, scope, input, deletedServiceNotFound);
    const force = input.force ?? false;
    const deleted = isExternal(before)
      ? deletedExternalService(before, force, now)
      : deletedService(before, force, now);
    tx.services.put(deleted);
    for (const rollout of tx.serviceDeployments.unfinishedOf(before.arn)) {
      tx.serviceDeployments.put(stopRequested(rollout, statusReasons.deleted, now));
    }
    return deleted;
  });

  return { service: serviceView(service, state.read, {}) };
}
