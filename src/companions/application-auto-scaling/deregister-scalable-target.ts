import type { DeregisterScalableTargetRequest } from '@aws-sdk/client-application-auto-scaling';
import { parseResource, resourceIdOf } from '../../domain/scaling/resource.ts';
import { noSuchTarget } from '../../domain/scaling/scaling-error.ts';
import { endScalingRun } from '../../state/end-scaling-run.ts';
import type { ScalingContext } from './scaling-context.ts';

/** Its policies and scheduled actions go with it; what has been done stays to be told. */
export function deregisterScalableTarget(
  input: DeregisterScalableTargetRequest,
  { state, scope, now }: ScalingContext,
): object {
  const serviceArn = parseResource(scope, input);
  state.transact((tx) => {
    const target = tx.scalableTargets.find(serviceArn);
    if (!target) throw noSuchTarget(resourceIdOf(serviceArn));
    tx.scalingPolicies.deleteOf(serviceArn);
    tx.scheduledActions.deleteOf(serviceArn);
    endScalingRun(tx, serviceArn, now);
    tx.scalableTargets.delete(target);
  });
  return {};
}
