import type { PutScheduledActionRequest } from '@aws-sdk/client-application-auto-scaling';
import { parseResource, resourceIdOf } from '../../domain/scaling/resource.ts';
import { limitExceeded, nothingRegistered } from '../../domain/scaling/scaling-error.ts';
import { arnOfPart } from '../../domain/scaling/scaling-policy.ts';
import { parseActionContent, parseActionName } from '../../domain/scaling/scheduled-action.ts';
import type { ScalingContext } from './scaling-context.ts';

/** Application Auto Scaling's own quota. */
const mostActions = 200;

export function putScheduledAction(
  input: PutScheduledActionRequest,
  { state, scope, now, newUuid }: ScalingContext,
): object {
  const name = parseActionName(input.ScheduledActionName);
  const serviceArn = parseResource(scope, input);
  state.transact((tx) => {
    if (!tx.scalableTargets.find(serviceArn)) throw nothingRegistered(resourceIdOf(serviceArn));
    const before = tx.scheduledActions.findNamed(serviceArn, name);
    if (!before && tx.scheduledActions.countOf(serviceArn) >= mostActions) {
      throw limitExceeded('scheduled actions per scalable target', mostActions);
    }
    tx.scheduledActions.put({
      ...parseActionContent(input, before),
      serviceArn,
      name,
      arn: before?.arn ?? arnOfPart('scheduledAction', serviceArn, { uuid: newUuid(), name }),
      createdAt: before?.createdAt ?? now,
      doneUntil: now,
    });
  });
  return {};
}
