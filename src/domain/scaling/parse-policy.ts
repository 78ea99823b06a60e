import type {
  PredefinedMetricSpecification,
  PutScalingPolicyRequest,
  TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import { present } from '../present.ts';
import { checkCooldown, configurationMissing } from './policy-checks.ts';
import { parseStepScaling } from './parse-step-scaling.ts';
import {
  metricNeedsCloudWatch,
  notBuiltInScaling,
  scalingConstraint,
  scalingValidation,
} from './scaling-error.ts';
import type {
  ScalingPolicy,
  StepScaling,
  TargetTracking,
  TrackedMetric,
  UsageMetric,
} from './scaling-policy.ts';

const longestName = 256;
const policyTypes = ['PredictiveScaling', 'StepScaling', 'TargetTrackingScaling'];
/** AWS takes values from -2^360 to 2^360. */
const mostTarget = 2 ** 360;

const usageMetrics: ReadonlyMap<string, UsageMetric['resource']> = new Map([
  ['ECSServiceAverageCPUUtilization', 'cpu'],
  ['ECSServiceAverageMemoryUtilization', 'memory'],
]);

export interface PolicyTerms {
  readonly before: ScalingPolicy | undefined;
  /** Whether metrics of CloudWatch can be asked for. */
  readonly hasCloudWatch: boolean;
  readonly newUuid: () => string;
}

/** @throws ScalingError ValidationException */
export function parsePolicyName(name: string | undefined): string {
  if (name === undefined) throw scalingConstraint('policyName', name, 'not be null');
  if (name === '' || name.length > longestName) {
    const bound =
      name === '' ? 'greater than or equal to 1' : `less than or equal to ${longestName}`;
    throw scalingConstraint('policyName', name, `have length ${bound}`);
  }
  if (/\p{Cc}/u.test(name)) {
    const pattern = String.raw`satisfy regular expression pattern: \p{Print}+`;
    throw scalingConstraint('policyName', name, pattern);
  }
  return name;
}

/** @throws ScalingError */
export function parseRule(
  input: PutScalingPolicyRequest,
  terms: PolicyTerms,
): TargetTracking | StepScaling {
  const type = input.PolicyType ?? typeOf(terms.before) ?? 'StepScaling';
  checkType(type, terms.before);
  const isStep = type === 'StepScaling';
  const {
    TargetTrackingScalingPolicyConfiguration: tracking,
    StepScalingPolicyConfiguration: steps,
  } = input;
  if (isStep ? tracking : steps) throw otherConfiguration(type);
  // What an update leaves out stays as it is.
  if (terms.before && !tracking && !steps) return terms.before.rule;
  return isStep ? parseStepScaling(steps) : parseTargetTracking(tracking, terms);
}

function checkType(type: string, before: ScalingPolicy | undefined): void {
  if (!policyTypes.includes(type)) {
    const constraint = `satisfy enum value set: [${policyTypes.join(', ')}]`;
    throw scalingConstraint('policyType', type, constraint);
  }
  if (before && typeOf(before) !== type) throw typeChanges();
  if (type === 'PredictiveScaling') throw notBuiltInScaling('Predictive scaling');
}

export function typeOf(policy: ScalingPolicy | undefined) {
  if (!policy) return undefined;
  return policy.rule.kind === 'Step' ? 'StepScaling' : 'TargetTrackingScaling';
}

function parseTargetTracking(
  given: TargetTrackingScalingPolicyConfiguration | undefined,
  { before, hasCloudWatch, newUuid }: PolicyTerms,
): TargetTracking {
  if (!given) throw configurationMissing('TargetTrackingScaling');
  const { TargetValue: targetValue } = given;
  if (targetValue === undefined) {
    throw scalingConstraint(`${member}.targetValue`, undefined, 'not be null');
  }
  if (targetValue <= 0 || targetValue > mostTarget) throw targetOutOfRange();
  const metric = parseMetric(given);
  if (metric.kind !== 'Usage' && !hasCloudWatch) throw metricNeedsCloudWatch(nameOf(metric));
  checkCooldown('scaleOutCooldown', given.ScaleOutCooldown);
  checkCooldown('scaleInCooldown', given.ScaleInCooldown);
  const known = before?.rule.kind === 'TargetTracking' ? before.rule.alarmIds : undefined;
  return {
    kind: 'TargetTracking',
    targetValue,
    metric,
    alarmIds: known ?? { high: newUuid(), low: newUuid() },
    ...present({
      scaleOutCooldownSeconds: given.ScaleOutCooldown,
      scaleInCooldownSeconds: given.ScaleInCooldown,
      disableScaleIn: given.DisableScaleIn,
    }),
  };
}

const member = 'targetTrackingScalingPolicyConfiguration';

function parseMetric({
  PredefinedMetricSpecification: predefined,
  CustomizedMetricSpecification: specification,
}: TargetTrackingScalingPolicyConfiguration): TrackedMetric {
  if ((predefined === undefined) === (specification === undefined)) throw oneMetric();
  if (specification) {
    const { MetricName, Namespace, Statistic, Metrics } = specification;
    const isWhole = Metrics ? Metrics.length > 0 : MetricName && Namespace && Statistic;
    if (!isWhole) throw metricIncomplete();
    return { kind: 'Customized', specification };
  }
  return parsePredefined(predefined);
}

function parsePredefined(given: PredefinedMetricSpecification | undefined): TrackedMetric {
  const { PredefinedMetricType: type = '', ResourceLabel: label } = given ?? {};
  const resource = usageMetrics.get(type);
  if (resource !== undefined) {
    if (label !== undefined) throw needlessLabel();
    return { kind: 'Usage', resource };
  }
  if (type === 'ALBRequestCountPerTarget') {
    if (!labelShape.test(label ?? '')) throw labelMissing();
    return { kind: 'RequestCountPerTarget', resourceLabel: label ?? '' };
  }
  if (type.startsWith('ECSService')) throw notBuiltInScaling(`The metric ${type}`);
  throw otherMetric(type);
}

const labelShape = /^app\/[^/]+\/[^/]+\/targetgroup\/[^/]+\/[^/]+$/;

function nameOf({ kind }: TrackedMetric): string {
  return kind === 'Customized' ? 'A customized metric' : 'ALBRequestCountPerTarget';
}

// The texts below are [inferred].

function otherConfiguration(type: string): Error {
  return scalingValidation(`The configuration given does not belong to the policy type ${type}`);
}

function typeChanges(): Error {
  return scalingValidation('You cannot change the type of an existing scaling policy');
}

function targetOutOfRange(): Error {
  return scalingValidation('Target value must be greater than 0, and no more than 2^360');
}

function oneMetric(): Error {
  return scalingValidation(
    'Either a predefined metric or a customized metric must be specified, and not both',
  );
}

function metricIncomplete(): Error {
  return scalingValidation(
    'A customized metric needs MetricName, Namespace and Statistic, or Metrics',
  );
}

function needlessLabel(): Error {
  return scalingValidation('ResourceLabel is only for the metric type ALBRequestCountPerTarget');
}

function labelMissing(): Error {
  return scalingValidation(
    'ALBRequestCountPerTarget needs a ResourceLabel such as ' +
      'app/my-alb/778d41231b141a0f/targetgroup/my-alb-target-group/943f017f100becff',
  );
}

function otherMetric(type: string): Error {
  return scalingValidation(
    `The metric type ${type} is not valid for the scalable dimension ecs:service:DesiredCount`,
  );
}
