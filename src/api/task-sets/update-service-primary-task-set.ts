import type {
  UpdateServicePrimaryTaskSetRequest,
  UpdateServicePrimaryTaskSetResponse,
} from '@aws-sdk/client-ecs';
import { withPrimaryTaskSet } from '../../domain/service/task-sets/change-task-set.ts';
import { requireTaskSet } from '../../domain/service/task-sets/task-set-ref.ts';
import type { RequestContext } from '../operation.ts';
import { countsOf } from '../services/service-view.ts';
import { requireActiveExternalService } from './require-external-service.ts';
import { taskSetView } from './task-set-view.ts';

export function updateServicePrimaryTaskSet(
  input: UpdateServicePrimaryTaskSetRequest,
  { state, scope, now }: RequestContext,
): UpdateServicePrimaryTaskSetResponse {
  const { service, primary } = state.transact((tx) => {
    const before = requireActiveExternalService(tx, scope, input);
    const named = requireTaskSet(before, input.primaryTaskSet);
    const changed = withPrimaryTaskSet(before, named, now);
    tx.services.put(changed);
    return { service: changed, primary: requireTaskSet(changed, named.arn) };
  });

  return {
    taskSet: taskSetView(service, primary, countsOf(service, primary.deployment, state.read), {}),
  };
}
