import type { DeleteTaskSetRequest, DeleteTaskSetResponse } from '@aws-sdk/client-ecs';
import { deletedTaskSet, withTaskSet } from '../../domain/service/task-sets/change-task-set.ts';
import { requireTaskSet } from '../../domain/service/task-sets/task-set-ref.ts';
import type { RequestContext } from '../operation.ts';
import { countsOf } from '../services/service-view.ts';
import { requireActiveExternalService } from './require-external-service.ts';
import { taskSetView } from './task-set-view.ts';

export function deleteTaskSet(
  input: DeleteTaskSetRequest,
  { state, scope, now }: RequestContext,
): DeleteTaskSetResponse {
  const { service, taskSet } = state.transact((tx) => {
    const before = requireActiveExternalService(tx, scope, input);
    const named = requireTaskSet(before, input.taskSet);
    const deleted = deletedTaskSet(named, input.force ?? false, now);
    tx.services.put(withTaskSet(before, deleted));
    return { service: before, taskSet: deleted };
  });

  return {
    taskSet: taskSetView(service, taskSet, countsOf(service, taskSet.deployment, state.read), {}),
  };
}
