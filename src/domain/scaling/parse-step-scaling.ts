import type {
  StepAdjustment,
  StepScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import { present } from '../present.ts';
import { checkCooldown, checkInteger, configurationMissing } from './policy-checks.ts';
import { limitExceeded, scalingConstraint, scalingValidation } from './scaling-error.ts';
import type { Step, StepScaling } from './scaling-policy.ts';

/** Application Auto Scaling's own quota. */
const mostSteps = 20;

const member = 'stepScalingPolicyConfiguration';
const adjustmentTypes = ['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity'] as const;
const aggregationTypes = ['Average', 'Minimum', 'Maximum'] as const;

/** @throws ScalingError */
export function parseStepScaling(given: StepScalingPolicyConfiguration | undefined): StepScaling {
  if (!given) throw configurationMissing('StepScaling');
  const { AdjustmentType, StepAdjustments = [], MinAdjustmentMagnitude, Cooldown } = given;
  const adjustmentType = oneOf(adjustmentTypes, 'adjustmentType', AdjustmentType);
  if (adjustmentType === undefined) {
    throw scalingConstraint(`${member}.adjustmentType`, undefined, 'not be null');
  }
  if (StepAdjustments.length === 0) throw stepsMissing();
  if (StepAdjustments.length > mostSteps) throw limitExceeded('step adjustments', mostSteps);
  const steps = StepAdjustments.map((one) => parseStep(one, adjustmentType === 'ExactCapacity'));
  checkIntervals(steps);
  if (MinAdjustmentMagnitude !== undefined && adjustmentType !== 'PercentChangeInCapacity') {
    throw needlessMagnitude();
  }
  checkInteger(`${member}.minAdjustmentMagnitude`, MinAdjustmentMagnitude);
  if ((MinAdjustmentMagnitude ?? 1) < 1) throw magnitudeTooSmall();
  checkCooldown('cooldown', Cooldown);
  return {
    kind: 'Step',
    adjustmentType,
    steps,
    ...present({
      minAdjustmentMagnitude: MinAdjustmentMagnitude,
      cooldownSeconds: Cooldown,
      aggregationType: oneOf(
        aggregationTypes,
        'metricAggregationType',
        given.MetricAggregationType,
      ),
    }),
  };
}

function parseStep(
  { MetricIntervalLowerBound, MetricIntervalUpperBound, ScalingAdjustment }: StepAdjustment,
  isExact: boolean,
): Step {
  if (ScalingAdjustment === undefined) {
    throw scalingConstraint(
      `${member}.stepAdjustments.scalingAdjustment`,
      undefined,
      'not be null',
    );
  }
  checkInteger(`${member}.stepAdjustments.scalingAdjustment`, ScalingAdjustment);
  if (isExact && ScalingAdjustment < 0) throw negativeExact();
  return {
    adjustment: ScalingAdjustment,
    ...present({ lower: MetricIntervalLowerBound, upper: MetricIntervalUpperBound }),
  };
}

/** Intervals must not overlap, and must leave nothing out between them (API reference, "StepAdjustment"). */
function checkIntervals(steps: readonly Step[]): void {
  const sorted = steps.toSorted((a, b) => (a.lower ?? -Infinity) - (b.lower ?? -Infinity));
  for (const [index, { lower = -Infinity, upper = Infinity }] of sorted.entries()) {
    if (upper <= lower) throw boundsCrossed();
    const next = sorted[index + 1];
    if (next && next.lower !== upper) throw gapOrOverlap();
  }
}

function oneOf<Value extends string>(
  values: readonly Value[],
  name: string,
  given: string | undefined,
): Value | undefined {
  if (given === undefined) return undefined;
  const found = values.find((value) => value === given);
  if (found !== undefined) return found;
  const constraint = `satisfy enum value set: [${values.join(', ')}]`;
  throw scalingConstraint(`${member}.${name}`, given, constraint);
}

// The texts below are [inferred].

function stepsMissing(): Error {
  return scalingValidation('At least one step adjustment is required');
}

function negativeExact(): Error {
  return scalingValidation('Scaling adjustments of ExactCapacity must not be negative');
}

function boundsCrossed(): Error {
  return scalingValidation('The upper bound of a step must be greater than its lower bound');
}

function gapOrOverlap(): Error {
  return scalingValidation('The intervals of step adjustments must not overlap or have gaps');
}

function needlessMagnitude(): Error {
  return scalingValidation(
    'MinAdjustmentMagnitude is only for the adjustment type PercentChangeInCapacity',
  );
}

function magnitudeTooSmall(): Error {
  return scalingValidation('MinAdjustmentMagnitude must be greater than 0');
}
