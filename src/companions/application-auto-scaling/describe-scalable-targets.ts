import type {
  DescribeScalableTargetsRequest,
  DescribeScalableTargetsResponse,
  ScalableTarget as ScalableTargetView,
} from '@aws-sdk/client-application-auto-scaling';
import {
  parseOptionalResources,
  resourceIdOf,
  scalableDimension,
  serviceNamespace,
} from '../../domain/scaling/resource.ts';
import type { ScalableTarget } from '../../domain/scaling/scalable-target.ts';
import { listPage, parsePage } from './list-page.ts';
import type { ScalingContext } from './scaling-context.ts';

const mostResults = 50;

export function describeScalableTargets(
  input: DescribeScalableTargetsRequest,
  { state, scope }: ScalingContext,
): DescribeScalableTargetsResponse {
  const wanted = parseOptionalResources(scope, input);
  const page = parsePage(input, mostResults);

  const targets = state.read.scalableTargets;
  const all = targets.list(scope, undefined, page.after);
  const { items, nextToken } = listPage(all, page, {
    keyOf: targets.keyOf,
    isWanted: ({ serviceArn }) => wanted.length === 0 || wanted.includes(serviceArn),
  });
  return { ScalableTargets: items.map(targetView), ...nextToken };
}

function targetView(target: ScalableTarget): ScalableTargetView {
  const { serviceArn, arn, minCapacity, maxCapacity, roleArn, suspended, createdAt } = target;
  return {
    ServiceNamespace: serviceNamespace,
    ResourceId: resourceIdOf(serviceArn),
    ScalableDimension: scalableDimension,
    MinCapacity: minCapacity,
    MaxCapacity: maxCapacity,
    RoleARN: roleArn,
    CreationTime: new Date(createdAt),
    SuspendedState: {
      DynamicScalingInSuspended: suspended.scaleIn,
      DynamicScalingOutSuspended: suspended.scaleOut,
      ScheduledScalingSuspended: suspended.scheduled,
    },
    ScalableTargetARN: arn,
  };
}
