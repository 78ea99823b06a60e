import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import type { Parameter } from '../../domain/parameter/parameter.ts';
import { SsmError } from '../../domain/parameter/ssm-error.ts';
import { arnOfToken } from '../name-page.ts';

type Test = (parameter: Parameter) => boolean;
type Field = 'Name' | 'Type' | 'KeyId' | 'Tier';

const fields: Readonly<Record<Field, (parameter: Parameter) => string>> = {
  Name: ({ name }) => name,
  Type: ({ type }) => type,
  KeyId: ({ keyId = '' }) => keyId,
  Tier: ({ tier }) => tier,
};

const comparisons: Readonly<Record<string, (text: string, value: string) => boolean>> = {
  Equals: (text, value) => text === value,
  BeginsWith: (text, value) => text.startsWith(value),
  Contains: (text, value) => text.includes(value),
};

/**
 * All filters must hold, each for one of its values.
 * @throws SsmError InvalidFilterKey, InvalidFilterOption
 */
export function parameterFilter(
  filters: readonly ParameterStringFilter[] | undefined,
  allowed: readonly (Field | 'Path')[],
): Test {
  const tests = (filters ?? []).map((filter) => testOf(filter, allowed));
  return (parameter) => tests.every((test) => test(parameter));
}

function testOf(
  { Key, Option, Values = [] }: ParameterStringFilter,
  allowed: readonly string[],
): Test {
  const known = allowed.find((key) => key === Key);
  if (known === undefined) {
    throw new SsmError('InvalidFilterKey', `The following filter key is not valid: ${Key}.`);
  }
  if (known === 'Path') return pathTest(Option, Values);
  const compare = comparisons[Option ?? 'Equals'];
  if (compare === undefined) throw invalidOption(Option);
  const field = fields[known as Field];
  return (parameter) => Values.some((value) => compare(field(parameter), value));
}

function pathTest(option: string | undefined, paths: readonly string[]): Test {
  if (option !== undefined && !['Recursive', 'OneLevel'].includes(option)) {
    throw invalidOption(option);
  }
  const isRecursive = option === 'Recursive';
  return ({ name }) =>
    paths.some((path) => isBelow(name, path.endsWith('/') ? path : `${path}/`, isRecursive));
}

/** Whether a name is on the level below a path that ends in a slash, or on any below that. */
export function isBelow(name: string, path: string, isRecursive: boolean): boolean {
  // A name of one word is at the root.
  const full = name.startsWith('/') ? name : `/${name}`;
  return full.startsWith(path) && (isRecursive || !full.slice(path.length).includes('/'));
}

function invalidOption(option: string | undefined): SsmError {
  return new SsmError('InvalidFilterOption', `The filter option ${option} is not valid.`);
}

/** @throws SsmError InvalidNextToken */
export function parseToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const arn = arnOfToken(token);
  if (arn === undefined) {
    throw new SsmError('InvalidNextToken', 'The specified token is not valid.');
  }
  return arn;
}
