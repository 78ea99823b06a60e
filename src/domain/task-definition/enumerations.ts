import { clientError } from '../errors.ts';

/**
 * The values of an enumeration of the API. The table is total, so a value that is new in the SDK
 * does not compile until someone lists it.
 */
export function valuesOf<Value extends string>(table: Readonly<Record<Value, true>>) {
  const values: readonly string[] = Object.keys(table);
  return values;
}

/** Refuses a value that is given and not of the enumeration. [inferred wording, ECS's grammar] */
export function checkOneOf(
  label: string,
  value: string | undefined,
  allowed: readonly string[],
): void {
  if (value === undefined || allowed.includes(value)) return;
  throw clientError(`${label} should be one of [${allowed.join(',')}]`);
}
