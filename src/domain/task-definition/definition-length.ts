import { clientError } from '../errors.ts';
import { hasMembers, type Members } from '../members.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const maximumBytes = 65_536;
/** What JSON makes of a control character or of half a surrogate pair, such as `\u0000`. */
const longestUnitBytes = 6;
/** Of any number or boolean, and of the signs around a name or a value. */
const longestScalarBytes = 12;

/** A definition is kept and sent to agents as one JSON document, which must not be too long. */
export function checkLength(content: TaskDefinitionContent): void {
  if (greatestLength(content) <= maximumBytes) return; // As nearly all are.
  const length = utf8Length(JSON.stringify(content));
  if (length <= maximumBytes) return;
  throw clientError(`Actual length: '${length}'. Max allowed length is '${maximumBytes}' bytes.`);
}

/** No document of the value is longer. */
function greatestLength(value: unknown): number {
  if (typeof value === 'string') return value.length * longestUnitBytes + longestScalarBytes;
  if (Array.isArray(value)) return greatestLengthOfList(value);
  return hasMembers(value) ? greatestLengthOfMembers(value) : longestScalarBytes;
}

function greatestLengthOfList(list: readonly unknown[]): number {
  let length = longestScalarBytes;
  for (const element of list) length += greatestLength(element);
  return length;
}

function greatestLengthOfMembers(members: Members): number {
  let length = longestScalarBytes;
  for (const name in members) {
    length += name.length * longestUnitBytes + longestScalarBytes + greatestLength(members[name]);
  }
  return length;
}

function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i += 1) length += utf8LengthOfUnit(text.charCodeAt(i));
  return length;
}

/** Each half of a surrogate pair, which is four bytes long together, counts two. */
function utf8LengthOfUnit(unit: number): number {
  if (unit < 0x80) return 1;
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
  return unit < 0x800 || isSurrogate ? 2 : 3;
}
