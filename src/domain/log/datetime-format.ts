const fullWeekdays = 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday';
const fullMonths =
  'January|February|March|April|May|June|July|August|September|October|November|December';
const short = (names: string) => names.replaceAll(/(\w{3})\w*/g, '$1');

/** What stands for each part of a time (Docker's documentation, "Amazon CloudWatch Logs logging driver"). */
const expressions: ReadonlyMap<string, string> = new Map([
  ['%a', `(?:${short(fullWeekdays)})`],
  ['%A', `(?:${fullWeekdays})`],
  ['%w', '[0-6]'],
  ['%d', '(?:0[1-9]|[12][0-9]|3[01])'],
  ['%b', `(?:${short(fullMonths)})`],
  ['%B', `(?:${fullMonths})`],
  ['%m', '(?:0[1-9]|1[0-2])'],
  ['%Y', String.raw`\d{4}`],
  ['%y', String.raw`\d{2}`],
  ['%H', '(?:[01][0-9]|2[0-3])'],
  ['%I', '(?:0[0-9]|1[0-2])'],
  ['%p', '[AP]M'],
  ['%M', '[0-5][0-9]'],
  ['%S', '[0-5][0-9]'],
  ['%L', String.raw`\.\d{3}`],
  ['%f', String.raw`\d{6}`],
  ['%z', String.raw`[+-]\d{4}`],
  ['%Z', '[A-Z]{1,4}T'],
  ['%j', '(?:0[0-9][1-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])'],
]);

/** The expression for a time of a strftime format; what else the format has is an expression already. */
export function datetimeExpression(format: string): string {
  return format.replaceAll(/%./g, (part) => expressions.get(part) ?? part);
}
