import { parseComparison } from './filter-comparison.ts';
import type { MessageFilter } from './message-filter.ts';
import { FilterScanner, invalidFilterPattern } from './filter-scanner.ts';

type FieldCondition = (field: string | undefined) => boolean;

const ellipsis = Symbol('any number of fields');
const bareWord = /[^\s"%&|,\]=<>!]+/y;
/** What stands in brackets or quotes is one field. */
const messageFields = /\[[^\]]*\]|"[^"]*"|\S+/g;

/** `[ip, user, ..., status = 4* || status = 5*, size > 1000]`: a condition for each field. */
export function parseFieldsPattern(text: string): MessageFilter {
  const scanner = new FilterScanner(text);
  scanner.require('[');
  const conditions = [parseField(scanner)];
  while (scanner.take(',')) conditions.push(parseField(scanner));
  scanner.require(']');
  if (!scanner.isAtEnd) throw invalidFilterPattern();
  const gap = conditions.indexOf(ellipsis);
  if (gap !== conditions.lastIndexOf(ellipsis)) throw invalidFilterPattern();
  const named = conditions.flatMap((condition) =>
    typeof condition === 'symbol' ? [] : [condition],
  );
  return (message) => {
    const fields = fieldsOf(message);
    const aligned = gap === -1 ? fields : withoutGap(fields, gap, named.length);
    return (
      aligned.length === named.length &&
      named.every((condition, index) => condition(aligned[index]))
    );
  };
}

function fieldsOf(message: string): readonly string[] {
  const fields = message.match(messageFields) ?? [];
  return fields.map((field) => (/^[["]/.test(field) ? field.slice(1, -1) : field));
}

/** Leaves out the fields that the ellipsis stands for. */
function withoutGap(fields: readonly string[], gap: number, wanted: number): readonly string[] {
  const behind = wanted - gap;
  if (fields.length < wanted) return [];
  return [...fields.slice(0, gap), ...fields.slice(fields.length - behind)];
}

function parseField(scanner: FilterScanner): FieldCondition | typeof ellipsis {
  if (scanner.take('...')) return ellipsis;
  return parseAlternatives(scanner);
}

function parseAlternatives(scanner: FilterScanner): FieldCondition {
  const conditions = [parseConjunction(scanner)];
  while (scanner.take('||')) conditions.push(parseConjunction(scanner));
  return (field) => conditions.some((condition) => condition(field));
}

function parseConjunction(scanner: FilterScanner): FieldCondition {
  const conditions = [parseCondition(scanner)];
  while (scanner.take('&&')) conditions.push(parseCondition(scanner));
  return (field) => conditions.every((condition) => condition(field));
}

/** A name alone stands for any value. */
function parseCondition(scanner: FilterScanner): FieldCondition {
  if (scanner.match(/[A-Za-z_][\w-]*/y) === undefined) throw invalidFilterPattern();
  return /[=!<>]/.test(scanner.next) ? parseComparison(scanner, bareWord) : () => true;
}
