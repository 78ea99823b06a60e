import type { DeleteScheduledActionRequest } from '@aws-sdk/client-application-auto-scaling';
import { parseResource, resourceIdOf } from '../../domain/scaling/resource.ts';
import { noSuchAction } from '../../domain/scaling/scaling-error.ts';
import { parseActionName } from '../../domain/scaling/scheduled-action.ts';
import type { ScalingContext } from './scaling-context.ts';

export function deleteScheduledAction(
  input: DeleteScheduledActionRequest,
  { state, scope }: ScalingContext,
): object {
  const name = parseActionName(input.ScheduledActionName);
  const serviceArn = parseResource(scope, input);
  state.transact((tx) => {
    const action = tx.scheduledActions.findNamed(serviceArn, name);
    if (!action) throw noSuchAction(resourceIdOf(serviceArn), name);
    tx.scheduledActions.delete(action);
  });
  return {};
}
