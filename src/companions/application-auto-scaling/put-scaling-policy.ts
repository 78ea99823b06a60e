import type {
  Alarm,
  PutScalingPolicyRequest,
  PutScalingPolicyResponse,
} from '@aws-sdk/client-application-auto-scaling';
import { parsePolicyName, parseRule } from '../../domain/scaling/parse-policy.ts';
import { parseResource, resourceIdOf } from '../../domain/scaling/resource.ts';
import { limitExceeded, nothingRegistered } from '../../domain/scaling/scaling-error.ts';
import { alarmsOf, arnOfPart, type ScalingPolicy } from '../../domain/scaling/scaling-policy.ts';
import type { ScalingContext } from './scaling-context.ts';

/** Application Auto Scaling's own quota. */
const mostPolicies = 50;

export function putScalingPolicy(
  input: PutScalingPolicyRequest,
  { state, scope, now, newUuid, hasCloudWatch }: ScalingContext,
): PutScalingPolicyResponse {
  const name = parsePolicyName(input.PolicyName);
  const serviceArn = parseResource(scope, input);

  const policy = state.transact((tx) => {
    const resourceId = resourceIdOf(serviceArn);
    if (!tx.scalableTargets.find(serviceArn)) throw nothingRegistered(resourceId);
    const before = tx.scalingPolicies.findNamed(serviceArn, name);
    if (!before && tx.scalingPolicies.countOf(serviceArn) >= mostPolicies) {
      throw limitExceeded('scaling policies per scalable target', mostPolicies);
    }
    const put: ScalingPolicy = {
      serviceArn,
      name,
      arn: before?.arn ?? arnOfPart('scalingPolicy', serviceArn, { uuid: newUuid(), name }),
      rule: parseRule(input, { before, hasCloudWatch, newUuid }),
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    };
    tx.scalingPolicies.put(put);
    return put;
  });

  return { PolicyARN: policy.arn, Alarms: alarmViews(policy) };
}

/** The alarms that AWS would make; here they are the server's own watch over the metric. */
export function alarmViews(policy: ScalingPolicy): Alarm[] {
  const { rule } = policy;
  if (rule.kind === 'Step') return [];
  const { high, low } = alarmsOf(policy, rule);
  return [high, ...(low ? [low] : [])].map(({ name, arn }) => ({ AlarmName: name, AlarmARN: arn }));
}
