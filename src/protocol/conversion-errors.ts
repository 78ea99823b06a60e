import { FrontDoorError } from './front-door-errors.ts';

/** What a schema expects where it finds something else. */
export type Expected = keyof typeof scalarTargets | keyof typeof collectionTexts;

const scalarTargets = {
  string: 'String',
  number: 'an Integer',
  boolean: 'a Boolean',
  timestamp: 'milliseconds since epoch',
  blob: 'a Blob',
};

const collectionTexts = {
  list: 'Expected list or null',
  map: 'Expected null',
  structure: 'Expected null',
  union: 'Expected null',
};

/**
 * Says in Coral's words that a JSON value is not of the expected type. Objects and lists are named
 * wherever they turn up; scalars by their token, unless a collection was expected.
 */
export function conversionError(found: unknown, expected: Expected): FrontDoorError {
  return new FrontDoorError(400, 'SerializationException', conversionText(found, expected));
}

/** A union must have exactly one member that is known. [inferred wording] */
export function unionError(): FrontDoorError {
  return new FrontDoorError(
    400,
    'SerializationException',
    'Union must have exactly one known member',
  );
}

function conversionText(found: unknown, expected: Expected): string {
  if (Array.isArray(found)) return 'Start of list found where not expected';
  if (typeof found === 'object' && found !== null) {
    return 'Start of structure or map found where not expected.';
  }
  if (isCollection(expected)) return collectionTexts[expected];
  return `${token(found)} can not be converted to ${scalarTargets[expected]}`;
}

function isCollection(expected: Expected): expected is keyof typeof collectionTexts {
  return expected in collectionTexts;
}

/** The name that the JSON parser of ECS gives to a scalar. */
function token(scalar: unknown): string {
  if (scalar === null) return 'NULL_VALUE';
  if (typeof scalar === 'boolean') return scalar ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return typeof scalar === 'number' ? 'NUMBER_VALUE' : 'STRING_VALUE';
}
