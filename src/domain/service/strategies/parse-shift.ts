import type { DeploymentConfiguration as WireConfiguration } from '@aws-sdk/client-ecs';
import { invalidParameter, type EcsError } from '../../errors.ts';
import type { ShiftStrategy } from './lifecycle.ts';

const longestBakeMinutes = 1440;
const defaultLinear = { stepPercent: 10, stepBakeTimeInMinutes: 6 };
const defaultCanary = { canaryPercent: 5, canaryBakeTimeInMinutes: 10 };

/**
 * How a deployment is to shift traffic; undefined for ROLLING. What is left out stays as it was.
 * @throws EcsError
 */
export function parseShift(
  given: WireConfiguration,
  before: ShiftStrategy | undefined,
): ShiftStrategy | undefined {
  const { linearConfiguration: linear, canaryConfiguration: canary } = given;
  const strategy = given.strategy ?? before?.strategy ?? 'ROLLING';
  if (linear && strategy !== 'LINEAR') throw onlyFor('linearConfiguration', 'LINEAR');
  if (canary && strategy !== 'CANARY') throw onlyFor('canaryConfiguration', 'CANARY');
  switch (strategy) {
    case 'ROLLING':
      return undefined;
    case 'BLUE_GREEN':
      return { strategy };
    case 'LINEAR':
      return parseLinear(linear, before);
    case 'CANARY':
      return parseCanary(canary, before);
    default:
      throw invalidParameter(
        'Deployment strategy should be one of [ROLLING,BLUE_GREEN,LINEAR,CANARY]',
      );
  }
}

function parseLinear(
  given: WireConfiguration['linearConfiguration'] = {},
  before: ShiftStrategy | undefined,
): ShiftStrategy {
  const strategy = 'LINEAR';
  const known = before?.strategy === strategy ? before : defaultLinear;
  const { stepPercent = known.stepPercent } = given;
  const { stepBakeTimeInMinutes = known.stepBakeTimeInMinutes } = given;
  checkPercent('stepPercent', stepPercent, 3);
  checkMinutes('stepBakeTimeInMinutes', stepBakeTimeInMinutes);
  return { strategy, stepPercent, stepBakeTimeInMinutes };
}

function parseCanary(
  given: WireConfiguration['canaryConfiguration'] = {},
  before: ShiftStrategy | undefined,
): ShiftStrategy {
  const strategy = 'CANARY';
  const known = before?.strategy === strategy ? before : defaultCanary;
  const { canaryPercent = known.canaryPercent } = given;
  const { canaryBakeTimeInMinutes = known.canaryBakeTimeInMinutes } = given;
  checkPercent('canaryPercent', canaryPercent, 0.1);
  checkMinutes('canaryBakeTimeInMinutes', canaryBakeTimeInMinutes);
  return { strategy, canaryPercent, canaryBakeTimeInMinutes };
}

/** [inferred text] */
function onlyFor(member: string, strategy: string): EcsError {
  return invalidParameter(`${member} is only valid when the deployment strategy is ${strategy}`);
}

/** In steps of a tenth. [inferred text] */
function checkPercent(member: string, percent: number, least: number): void {
  const isTenth = Math.abs(percent * 10 - Math.round(percent * 10)) < 1e-6;
  if (percent >= least && percent <= 100 && isTenth) return;
  throw outOfRange(member, least.toFixed(1), '100.0');
}

function checkMinutes(member: string, minutes: number): void {
  if (minutes >= 0 && minutes <= longestBakeMinutes) return;
  throw outOfRange(member, 0, longestBakeMinutes);
}

/** [inferred text] */
export function outOfRange(
  member: string,
  least: number | string,
  most: number | string,
): EcsError {
  return invalidParameter(`${member} must be between ${least} and ${most}`);
}
