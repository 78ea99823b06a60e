import { invalidFilterPattern, type FilterScanner } from './filter-scanner.ts';
import { logRegExp } from './log-regexp.ts';

/** Says whether a value passes. */
export type Comparison = (value: unknown) => boolean;

const operators = ['!=', '>=', '<=', '=', '>', '<'] as const;
type Operator = (typeof operators)[number];

/**
 * Reads an operator and what it compares with: `= "x*"`, `!= 404`, `> 5`, `= %expression%`.
 * @throws LogError
 */
export function parseComparison(scanner: FilterScanner, bareWord: RegExp): Comparison {
  const operator = operators.find((sign) => scanner.take(sign));
  if (operator === undefined) throw invalidFilterPattern();
  const matches = parseOperand(scanner, operator, bareWord);
  return operator === '!=' ? (value) => value !== undefined && !matches(value) : matches;
}

function parseOperand(scanner: FilterScanner, operator: Operator, bareWord: RegExp): Comparison {
  const isEquality = operator === '=' || operator === '!=';
  const expression = isEquality ? scanner.regExp() : undefined;
  if (expression !== undefined) return matchRegExp(expression);
  const text = scanner.quoted();
  if (text !== undefined) {
    if (!isEquality) throw invalidFilterPattern();
    return matchText(text);
  }
  const word = scanner.match(bareWord);
  if (word === undefined) throw invalidFilterPattern();
  const number = Number(word);
  if (!Number.isNaN(number)) return compareNumbers(operator, number);
  if (!isEquality) throw invalidFilterPattern();
  return matchText(word);
}

export function matchRegExp(expression: string): Comparison {
  const compiled = logRegExp(expression);
  if (!compiled) throw invalidFilterPattern();
  return (value) => isScalar(value) && compiled.test(String(value));
}

/** Asterisks stand for anything. */
function matchText(text: string): Comparison {
  if (!text.includes('*')) return (value) => isScalar(value) && String(value) === text;
  const parts = text.split('*').map((part) => RegExp.escape(part));
  const wildcard = new RegExp(`^${parts.join('[^]*')}$`);
  return (value) => isScalar(value) && wildcard.test(String(value));
}

function compareNumbers(operator: Operator, bound: number): Comparison {
  return (value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && compares(number, operator, bound);
  };
}

function compares(number: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case '=':
    case '!=':
      return number === bound;
    case '>':
      return number > bound;
    case '<':
      return number < bound;
    case '>=':
      return number >= bound;
    case '<=':
      return number <= bound;
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
