import { cloudMapConstraint } from './cloud-map-error.ts';

/** @throws CloudMapError InvalidInput where a member is missing */
export function required<Value>(member: string, value: Value | undefined): Value {
  if (value === undefined) throw cloudMapConstraint(member, undefined, 'not be null');
  return value;
}

/**
 * A text of one of some values.
 * @throws CloudMapError InvalidInput
 */
export function oneOf<Value extends string>(
  member: string,
  text: string | undefined,
  values: readonly Value[],
): Value {
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw cloudMapConstraint(member, text, `satisfy enum value set: [${values.join(', ')}]`);
}

/** @throws CloudMapError InvalidInput where a text is too long */
export function checkLength(member: string, text: string | undefined, longest: number): void {
  if (text === undefined || text.length <= longest) return;
  throw cloudMapConstraint(member, text, `have length less than or equal to ${longest}`);
}

/** @throws CloudMapError InvalidInput where a text is not as a pattern has it */
export function checkPattern(member: string, text: string, pattern: RegExp): void {
  if (pattern.test(text)) return;
  throw cloudMapConstraint(member, text, `satisfy regular expression pattern: ${pattern.source}`);
}

/** @throws CloudMapError InvalidInput where a number is not within its bounds */
export function checkRange(member: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const bound =
    value < least
      ? `have value greater than or equal to ${least}`
      : `have value less than or equal to ${most}`;
  throw cloudMapConstraint(member, String(value), bound);
}

const longestDescription = 1_024;
const longestRequestId = 64;

/** What namespaces, services and requests have alike. */
export function checkDescription(description: string | undefined): void {
  checkLength('description', description, longestDescription);
}

export function checkRequestId(member: string, id: string | undefined): void {
  checkLength(member, id, longestRequestId);
}
