import { parseFieldsPattern } from './filter-fields.ts';
import { parseJsonPattern } from './filter-json.ts';
import { invalidFilterPattern } from './filter-scanner.ts';
import { parseTermsPattern } from './filter-terms.ts';
import type { MessageFilter } from './message-filter.ts';

const maximumLength = 1024;

/**
 * Compiles a filter pattern (CloudWatch Logs User Guide, "Filter pattern syntax"): terms, conditions
 * on JSON in braces, or on fields between spaces in brackets.
 * @throws LogError InvalidParameterException
 */
export function compileFilterPattern(pattern: string): MessageFilter {
  const text = pattern.trim();
  if (text.length > maximumLength) throw invalidFilterPattern();
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (text.startsWith('[')) return parseFieldsPattern(text);
  return parseTermsPattern(text);
}
