import { matchRegExp } from './filter-comparison.ts';
import type { MessageFilter } from './message-filter.ts';
import { FilterScanner, invalidFilterPattern } from './filter-scanner.ts';

/**
 * Terms that must all occur. `-` excludes, and of those with `?` one is enough; they count for
 * nothing beside terms of another kind, as in CloudWatch.
 */
export function parseTermsPattern(text: string): MessageFilter {
  const scanner = new FilterScanner(text);
  const required: MessageFilter[] = [];
  const excluded: MessageFilter[] = [];
  const optional: MessageFilter[] = [];
  while (!scanner.isAtEnd) {
    const kind = scanner.match(/[-?]/y);
    const term = parseTerm(scanner);
    if (kind === '-') excluded.push(term);
    else if (kind === '?') optional.push(term);
    else required.push(term);
  }
  const isOnlyOptional = required.length === 0 && excluded.length === 0;
  if (isOnlyOptional && optional.length > 0) {
    return (message) => optional.some((term) => term(message));
  }
  return (message) =>
    required.every((term) => term(message)) && !excluded.some((term) => term(message));
}

function parseTerm(scanner: FilterScanner): MessageFilter {
  const expression = scanner.regExp();
  if (expression !== undefined) return matchRegExp(expression);
  const term = scanner.quoted() ?? scanner.match(/[^\s"]+/y);
  if (term === undefined) throw invalidFilterPattern();
  return (message) => message.includes(term);
}
