import { clientError } from '../errors.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const maximumBytes = 65_536;
const longestUnitBytes = 3;

/** A definition is kept and sent to agents as one JSON document, which must not be too long. */
export function checkLength(content: TaskDefinitionContent): void {
  const text = JSON.stringify(content);
  if (text.length * longestUnitBytes <= maximumBytes) return; // As nearly all are.
  const length = utf8Length(text);
  if (length <= maximumBytes) return;
  throw clientError(`Actual length: '${length}'. Max allowed length is '${maximumBytes}' bytes.`);
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
