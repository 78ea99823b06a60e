import type { CustomizedMetricSpecification } from '@aws-sdk/client-application-auto-scaling';
import { scopeOfArn, type ServiceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { resourceIdOf } from './resource.ts';

/** How the count of a service follows something (API reference, "ScalingPolicy"). */
export interface ScalingPolicy {
  readonly serviceArn: ServiceArn;
  readonly name: string;
  readonly arn: string;
  readonly rule: TargetTracking | StepScaling;
  readonly createdAt: Instant;
  /** What was observed for it before that counts no more. */
  readonly updatedAt: Instant;
}

/** Keeps a metric at a value by the number of tasks. */
export interface TargetTracking {
  readonly kind: 'TargetTracking';
  readonly targetValue: number;
  readonly metric: TrackedMetric;
  /** Absent where nobody has chosen them. */
  readonly scaleOutCooldownSeconds?: number;
  readonly scaleInCooldownSeconds?: number;
  /** Absent where nobody has said. */
  readonly disableScaleIn?: boolean;
  readonly alarmIds: { readonly high: string; readonly low: string };
}

export type TrackedMetric = UsageMetric | CloudWatchMetric;

/** What the tasks of the service use of what is reserved for them, in percent. */
export interface UsageMetric {
  readonly kind: 'Usage';
  readonly resource: 'cpu' | 'memory';
}

export type CloudWatchMetric =
  | { readonly kind: 'RequestCountPerTarget'; readonly resourceLabel: string }
  | { readonly kind: 'Customized'; readonly specification: CustomizedMetricSpecification };

export interface StepScaling {
  readonly kind: 'Step';
  readonly adjustmentType: AdjustmentType;
  readonly steps: readonly Step[];
  readonly minAdjustmentMagnitude?: number;
  readonly cooldownSeconds?: number;
  readonly aggregationType?: 'Average' | 'Minimum' | 'Maximum';
}

export type AdjustmentType = 'ChangeInCapacity' | 'ExactCapacity' | 'PercentChangeInCapacity';

/** Bounds are differences between the metric and the threshold of the alarm; absent ones are infinite. */
export interface Step {
  readonly lower?: number;
  readonly upper?: number;
  readonly adjustment: number;
}

export const defaultCooldownSeconds = 300;

export interface NamedAlarm {
  readonly name: string;
  readonly arn: string;
}

/** What watches the metric of a policy; the lower alarm exists where the policy may scale in. */
export interface PolicyAlarms {
  readonly high: NamedAlarm;
  readonly low: NamedAlarm | undefined;
}

export function alarmsOf({ serviceArn }: ScalingPolicy, rule: TargetTracking): PolicyAlarms {
  const { high, low } = rule.alarmIds;
  return {
    high: alarmOf(serviceArn, `AlarmHigh-${high}`),
    low: rule.disableScaleIn ? undefined : alarmOf(serviceArn, `AlarmLow-${low}`),
  };
}

function alarmOf(serviceArn: ServiceArn, suffix: string): NamedAlarm {
  const { partition, region, accountId } = scopeOfArn(serviceArn);
  const name = `TargetTracking-${resourceIdOf(serviceArn)}-${suffix}`;
  return { name, arn: `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}` };
}

/** The ARN of a policy or of a scheduled action. */
export function arnOfPart(
  kind: 'scalingPolicy' | 'scheduledAction',
  serviceArn: ServiceArn,
  { uuid, name }: { readonly uuid: string; readonly name: string },
): string {
  const { partition, region, accountId } = scopeOfArn(serviceArn);
  const nameKind = kind === 'scalingPolicy' ? 'policyName' : 'scheduledActionName';
  return (
    `arn:${partition}:autoscaling:${region}:${accountId}:${kind}:${uuid}:` +
    `resource/ecs/${resourceIdOf(serviceArn)}:${nameKind}/${name}`
  );
}
