import * as sdk from '@aws-sdk/client-ecs';
import { schemasOf, shapeOf, type SchemaRef, type Shape } from '../../src/protocol/schema.ts';

/** An input that an operation must cope with, as JSON. */
export interface HostileInput {
  readonly operation: string;
  /** Where in the input the hostile value stands, and what it is. */
  readonly what: string;
  readonly json: string;
}

/** Every operation of the SDK by name, with the schema of its input. */
export const inputSchemas: ReadonlyMap<string, SchemaRef> = new Map(
  Object.keys(sdk)
    .filter((name) => name.endsWith('Command') && name !== '$Command')
    .map((name) => name.slice(0, -'Command'.length))
    .map((operation) => [operation, schemasOf(exported(`${operation}$`)).input]),
);

function exported(name: string): unknown {
  return Object.entries(sdk).find(([key]) => key === name)?.[1];
}

const loneSurrogate = String.raw`"\ud800"`;
const anObject = '{"a":{"b":[]}}';
const aList = '[[{}]]';

/** JSON that is of another type than the shape; each must be refused before it is looked at. */
const wrongTypes: Readonly<Record<Shape['kind'], readonly string[]>> = {
  string: ['0', 'true', anObject, aList, loneSurrogate],
  number: ['"1"', 'true', anObject, aList, '1e999'],
  boolean: ['"true"', '0', anObject, aList],
  timestamp: ['"2026-01-01"', 'true', anObject, aList, '1e300'],
  blob: ['0', '"*"', anObject, aList],
  document: [],
  list: ['"a"', '0', 'false', anObject, '[null]'],
  map: ['"a"', '0', 'false', aList, '{"a":null}'],
  structure: ['"a"', '0', 'false', aList],
  union: ['"a"', '0', aList, '{}'],
};

const long = 100_000;

/** JSON of the right type that nobody means well with; it may be refused, or be taken as it is. */
const oddValues: Readonly<Record<Shape['kind'], readonly string[]>> = {
  string: [
    'null',
    '""',
    JSON.stringify('x'.repeat(long)),
    JSON.stringify('🚢\0\u202e\uffff'),
    JSON.stringify('../../etc/passwd'),
    '"__proto__"',
    JSON.stringify(`arn:aws:ecs:us-east-1:${':'.repeat(long)}`),
    '"arn:aws:ecs"',
  ],
  number: ['null', '-1', '0', '1.5', '1e308', '-9007199254740993', '5e-324'],
  boolean: ['null', 'true', 'false'],
  timestamp: ['null', '-1', '0', '1e11'],
  blob: ['null', '""', JSON.stringify('AAAA'.repeat(long))],
  document: ['null', anObject],
  list: ['null', '[]', `[${Array(5_000).fill('{}').join()}]`],
  map: ['null', '{}', '{"__proto__":"a","constructor":"b"}'],
  structure: ['null', '{}', '{"__proto__":{"a":1},"constructor":{},"no such member":[]}'],
  union: ['null'],
};

/** How deep below an operation's input values are replaced. */
const maximumDepth = 4;

/** The first input with one value of a wrong type, for each value and each such type. */
export function wronglyTyped(operation: string, base: object): Iterable<HostileInput> {
  return inputsOf(operation, base, wrongTypes);
}

/** The same with values of the right type that are odd. */
export function oddlyValued(operation: string, base: object): Iterable<HostileInput> {
  return inputsOf(operation, base, oddValues);
}

function* inputsOf(
  operation: string,
  base: object,
  valuesByKind: Readonly<Record<Shape['kind'], readonly string[]>>,
): Iterable<HostileInput> {
  for (const { path, kind } of placesIn(inputSchemas.get(operation), [])) {
    for (const value of valuesByKind[kind]) {
      const what = `${operation}.${path.join('.')} = ${value.slice(0, 40)}`;
      yield { operation, what, json: jsonWith(base, path, value) };
    }
  }
}

interface Place {
  /** Names of members, keys of maps, and indices of lists. */
  readonly path: readonly (string | number)[];
  readonly kind: Shape['kind'];
}

function* placesIn(schema: SchemaRef, path: Place['path']): Iterable<Place> {
  const shape = shapeOf(schema);
  yield { path, kind: shape.kind };
  if (path.length >= maximumDepth) return;
  if (shape.kind === 'list') yield* placesIn(shape.element, [...path, 0]);
  if (shape.kind === 'map') yield* placesIn(shape.value, [...path, 'key']);
  if (shape.kind !== 'structure' && shape.kind !== 'union') return;
  for (const [name, member] of shape.members) yield* placesIn(member, [...path, name]);
}

/** JSON of the base with the value, which is JSON itself, at the path. */
function jsonWith(base: unknown, path: Place['path'], value: string): string {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const members = new Map<string | number, unknown>(Object.entries(base ?? {}));
  const replaced = jsonWith(members.get(String(step)), rest, value);
  if (typeof step === 'number') return `[${replaced}]`;
  members.delete(step);
  const others = [...members].map(([name, member]) => [name, JSON.stringify(member)]);
  return `{${[...others, [step, replaced]].map(([name, json]) => `"${name}":${json}`).join()}}`;
}
