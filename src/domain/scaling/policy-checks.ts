import { scalingConstraint, scalingValidation } from './scaling-error.ts';

/** What integers of the API are: its model has no larger ones. */
const largestInteger = 2 ** 31 - 1;

/** @throws ScalingError ValidationException [inferred text: where a number is no integer ECS cannot read it at all] */
export function checkInteger(member: string, value: number | undefined): void {
  if (value === undefined) return;
  if (!Number.isInteger(value)) throw scalingConstraint(member, String(value), 'be an integer');
  if (value > largestInteger) {
    const constraint = `have value less than or equal to ${largestInteger}`;
    throw scalingConstraint(member, String(value), constraint);
  }
  if (value < -largestInteger - 1) {
    const constraint = `have value greater than or equal to ${-largestInteger - 1}`;
    throw scalingConstraint(member, String(value), constraint);
  }
}

/** @throws ScalingError ValidationException [inferred text] */
export function checkCooldown(name: string, seconds: number | undefined): void {
  if (seconds === undefined) return;
  if (Number.isInteger(seconds) && seconds >= 0) return checkInteger(name, seconds);
  throw scalingValidation(`${name} must be a whole number of seconds, and not negative`);
}

/** [inferred text] */
export function configurationMissing(type: string): Error {
  return scalingValidation(
    `A ${type} policy configuration is required for the policy type ${type}`,
  );
}
