import { isUtf8 } from 'node:buffer';
import { malformedBody, nestedTooDeep } from './front-door-errors.ts';

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Parses a request's body; an absent one is the same as `{}`.
 * @throws FrontDoorError SerializationException
 */
export function parseJson(body: Buffer, maximumDepth: number): unknown {
  if (body.length === 0) return {};
  if (!isUtf8(body)) throw malformedBody();
  const text = body.toString();
  if (nestsDeeperThan(maximumDepth, text)) throw nestedTooDeep();
  try {
    return JSON.parse(text);
  } catch {
    throw malformedBody();
  }
}

/**
 * Says whether objects and lists nest too deeply. It runs before the parser, which takes most of a
 * second for a body of nothing but brackets, and bounds the recursion of everything after it.
 */
function nestsDeeperThan(maximumDepth: number, text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      at = endOfString(text, at);
    } else if (character === openBrace || character === openBracket) {
      depth += 1;
      if (depth > maximumDepth) return true;
    } else if (character === closeBrace || character === closeBracket) {
      depth -= 1;
    }
  }
  return false;
}

/** Where the string that opens at `start` closes, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
  } while (isEscaped(text, end));
  return end;
}

/** An odd number of backslashes before a quote escapes it. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}
