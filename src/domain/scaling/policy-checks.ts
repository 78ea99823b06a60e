import { scalingValidation } from './scaling-error.ts';

/** @throws ScalingError ValidationException [inferred text] */
export function checkCooldown(name: string, seconds: number | undefined): void {
  if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 0)) return;
  throw scalingValidation(`${name} must be a whole number of seconds, and not negative`);
}

/** [inferred text] */
export function configurationMissing(type: string): Error {
  return scalingValidation(
    `A ${type} policy configuration is required for the policy type ${type}`,
  );
}
