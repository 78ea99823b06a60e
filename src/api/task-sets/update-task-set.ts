import type { UpdateTaskSetRequest, UpdateTaskSetResponse } from '@aws-sdk/client-ecs';
import { scaledTaskSet, withTaskSet } from '../../domain/service/task-sets/change-task-set.ts';
import { parseScale, requireScale } from '../../domain/service/task-sets/new-task-set.ts';
import { requireTaskSet } from '../../domain/service/task-sets/task-set-ref.ts';
import type { RequestContext } from '../operation.ts';
import { countsOf } from '../services/service-view.ts';
import { requireActiveExternalService } from './require-external-service.ts';
import { taskSetView } from './task-set-view.ts';

export function updateTaskSet(
  input: UpdateTaskSetRequest,
  { state, scope, now }: RequestContext,
): UpdateTaskSetResponse {
  const scale = requireScale(input.scale);

  const { service, taskSet } = state.transact((tx) => {
    const before = requireActiveExternalService(tx, scope, input);
    const named = requireTaskSet(before, input.taskSet);
    const scaled = scaledTaskSet(before, named, parseScale(scale), now);
    tx.services.put(withTaskSet(before, scaled));
    return { service: before, taskSet: scaled };
  });

  return {
    taskSet: taskSetView(service, taskSet, countsOf(service, taskSet.deployment, state.read), {}),
  };
}
