import type { DeleteScalingPolicyRequest } from '@aws-sdk/client-application-auto-scaling';
import { parsePolicyName } from '../../domain/scaling/parse-policy.ts';
import { parseResource, resourceIdOf } from '../../domain/scaling/resource.ts';
import { noSuchPolicy } from '../../domain/scaling/scaling-error.ts';
import type { ScalingContext } from './scaling-context.ts';

export function deleteScalingPolicy(
  input: DeleteScalingPolicyRequest,
  { state, scope }: ScalingContext,
): object {
  const name = parsePolicyName(input.PolicyName);
  const serviceArn = parseResource(scope, input);
  state.transact((tx) => {
    const policy = tx.scalingPolicies.findNamed(serviceArn, name);
    if (!policy) throw noSuchPolicy(resourceIdOf(serviceArn), name);
    tx.scalingPolicies.delete(policy);
  });
  return {};
}
