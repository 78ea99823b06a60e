import { parseComparison } from './filter-comparison.ts';
import type { MessageFilter } from './message-filter.ts';
import { FilterScanner, invalidFilterPattern } from './filter-scanner.ts';

/** Says whether a parsed message passes. */
type Condition = (value: unknown) => boolean;

const bareWord = /[^\s"%&|(){}=<>!]+/y;

/** `{ ($.a = "x" || $.b[0] > 5) && $.c NOT EXISTS }`. What is no JSON object is never found. */
export function parseJsonPattern(text: string): MessageFilter {
  const scanner = new FilterScanner(text);
  scanner.require('{');
  const condition = parseAlternatives(scanner);
  scanner.require('}');
  if (!scanner.isAtEnd) throw invalidFilterPattern();
  return (message) => {
    const value = parseMessage(message);
    return value !== undefined && condition(value);
  };
}

function parseMessage(message: string): unknown {
  if (!message.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function parseAlternatives(scanner: FilterScanner): Condition {
  const conditions = [parseConjunction(scanner)];
  while (scanner.take('||')) conditions.push(parseConjunction(scanner));
  return (value) => conditions.some((condition) => condition(value));
}

function parseConjunction(scanner: FilterScanner): Condition {
  const conditions = [parseCondition(scanner)];
  while (scanner.take('&&')) conditions.push(parseCondition(scanner));
  return (value) => conditions.every((condition) => condition(value));
}

function parseCondition(scanner: FilterScanner): Condition {
  if (scanner.take('(')) {
    const condition = parseAlternatives(scanner);
    scanner.require(')');
    return condition;
  }
  const find = parseSelector(scanner);
  if (scanner.match(/NOT\s+EXISTS/iy)) return (value) => find(value) === undefined;
  if (scanner.match(/EXISTS/iy)) return (value) => find(value) !== undefined;
  if (scanner.match(/IS\s+NULL/iy)) return (value) => find(value) === null;
  if (scanner.match(/IS\s+TRUE/iy)) return (value) => find(value) === true;
  if (scanner.match(/IS\s+FALSE/iy)) return (value) => find(value) === false;
  const compare = parseComparison(scanner, bareWord);
  return (value) => {
    const found = find(value);
    return Array.isArray(found) ? found.some((element) => compare(element)) : compare(found);
  };
}

/** `$.a.b[0]`, `$["a b"]`, `$.a[*]`: a way to a value. */
function parseSelector(scanner: FilterScanner): (value: unknown) => unknown {
  if (!scanner.take('$')) throw invalidFilterPattern();
  const steps: string[] = [];
  for (;;) {
    if (scanner.take('.')) {
      const name = scanner.match(/[A-Za-z0-9_\-@:]+/y);
      if (name === undefined) throw invalidFilterPattern();
      steps.push(name);
    } else if (scanner.take('[')) {
      const name = scanner.quoted() ?? scanner.match(/\d+|\*/y);
      if (name === undefined) throw invalidFilterPattern();
      scanner.require(']');
      if (name !== '*') steps.push(name);
    } else break;
  }
  return (value) => steps.reduce(memberOf, value);
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
