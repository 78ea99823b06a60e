import type {
  DescribeScalingPoliciesRequest,
  DescribeScalingPoliciesResponse,
  ScalingPolicy as ScalingPolicyView,
  StepScalingPolicyConfiguration,
  TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import { present } from '../../domain/present.ts';
import { typeOf } from '../../domain/scaling/parse-policy.ts';
import {
  parseOptionalResource,
  resourceIdOf,
  scalableDimension,
  serviceNamespace,
} from '../../domain/scaling/resource.ts';
import type {
  ScalingPolicy,
  StepScaling,
  TargetTracking,
  TrackedMetric,
} from '../../domain/scaling/scaling-policy.ts';
import { listPage, parsePage } from './list-page.ts';
import { alarmViews } from './put-scaling-policy.ts';
import type { ScalingContext } from './scaling-context.ts';

const mostResults = 10;

export function describeScalingPolicies(
  input: DescribeScalingPoliciesRequest,
  { state, scope }: ScalingContext,
): DescribeScalingPoliciesResponse {
  const service = parseOptionalResource(scope, input);
  const page = parsePage(input, mostResults);
  const { PolicyNames: names = [] } = input;

  const policies = state.read.scalingPolicies;
  const { items, nextToken } = listPage(policies.list(scope, service, page.after), page, {
    keyOf: policies.keyOf,
    isWanted: ({ name }) => names.length === 0 || names.includes(name),
  });
  return { ScalingPolicies: items.map(policyView), ...nextToken };
}

function policyView(policy: ScalingPolicy): ScalingPolicyView {
  const { serviceArn, name, arn, rule, createdAt } = policy;
  return {
    PolicyARN: arn,
    PolicyName: name,
    ServiceNamespace: serviceNamespace,
    ResourceId: resourceIdOf(serviceArn),
    ScalableDimension: scalableDimension,
    PolicyType: typeOf(policy),
    ...(rule.kind === 'Step'
      ? { StepScalingPolicyConfiguration: stepView(rule) }
      : { TargetTrackingScalingPolicyConfiguration: trackingView(rule) }),
    Alarms: alarmViews(policy),
    CreationTime: new Date(createdAt),
  };
}

function trackingView(rule: TargetTracking): TargetTrackingScalingPolicyConfiguration {
  return {
    TargetValue: rule.targetValue,
    ...metricView(rule.metric),
    ...present({
      ScaleOutCooldown: rule.scaleOutCooldownSeconds,
      ScaleInCooldown: rule.scaleInCooldownSeconds,
    }),
    DisableScaleIn: rule.disableScaleIn ?? false,
  };
}

function metricView(
  metric: TrackedMetric,
): Omit<TargetTrackingScalingPolicyConfiguration, 'TargetValue'> {
  switch (metric.kind) {
    case 'Customized':
      return { CustomizedMetricSpecification: metric.specification };
    case 'RequestCountPerTarget':
      return {
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'ALBRequestCountPerTarget',
          ResourceLabel: metric.resourceLabel,
        },
      };
    case 'Usage':
      return {
        PredefinedMetricSpecification: {
          PredefinedMetricType:
            metric.resource === 'cpu'
              ? 'ECSServiceAverageCPUUtilization'
              : 'ECSServiceAverageMemoryUtilization',
        },
      };
  }
}

function stepView(rule: StepScaling): StepScalingPolicyConfiguration {
  return {
    AdjustmentType: rule.adjustmentType,
    StepAdjustments: rule.steps.map(({ lower, upper, adjustment }) => ({
      ...present({ MetricIntervalLowerBound: lower, MetricIntervalUpperBound: upper }),
      ScalingAdjustment: adjustment,
    })),
    ...present({
      MinAdjustmentMagnitude: rule.minAdjustmentMagnitude,
      Cooldown: rule.cooldownSeconds,
      MetricAggregationType: rule.aggregationType,
    }),
  };
}
