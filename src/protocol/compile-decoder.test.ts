import {
  CreateCapacityProviderRequest$,
  DescribeClustersRequest$,
  ListTasks$,
  RegisterContainerInstanceRequest$,
  RegisterTaskDefinitionRequest$,
  SubmitTaskStateChangeRequest$,
} from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { compileDecoder } from './compile-decoder.ts';
import { FrontDoorError } from './front-door-errors.ts';
import { schemasOf } from './schema.ts';

const decodeTaskDefinition = compileDecoder(RegisterTaskDefinitionRequest$);
const decodeStateChange = compileDecoder(SubmitTaskStateChangeRequest$);

/** The schemas of @smithy/types for what ECS itself does not have, or not in its requests. */
const blob = 21;
const timestamps = 64 | 4;
const union = [4, 'test', 'Either', 0, ['left', 'right'], [0, 1]];

function errorOf(decode: () => unknown): FrontDoorError {
  try {
    decode();
  } catch (error) {
    if (error instanceof FrontDoorError) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
}

test('A request keeps the members that its schema knows, at any depth', () => {
  const input = {
    family: 'web',
    cpu: '256',
    enableFaultInjection: false,
    containerDefinitions: [
      { name: 'app', cpu: 10, essential: true, dockerLabels: { team: 'a' }, command: ['run'] },
    ],
  };
  expect(decodeTaskDefinition(input)).toEqual(input);
});

test('Unknown members are ignored', () => {
  expect(decodeTaskDefinition({ family: 'web', color: 'red', volumes: [{ x: [[]] }] })).toEqual({
    family: 'web',
    volumes: [{}],
  });
});

test('A member that is null is absent', () => {
  expect(decodeTaskDefinition({ family: null, tags: [{ key: 'a', value: null }] })).toEqual({
    tags: [{ key: 'a' }],
  });
});

test('A missing required member is left to the operation', () => {
  expect(decodeTaskDefinition({})).toEqual({});
});

test('Timestamps are epoch seconds with milliseconds', () => {
  expect(decodeStateChange({ executionStoppedAt: 1789551555.929 })).toEqual({
    executionStoppedAt: new Date(1789551555929),
  });
});

test('Empty lists and maps stay, other than absent ones', () => {
  const input = { containerDefinitions: [{ command: [], dockerLabels: {} }] };
  expect(decodeTaskDefinition(input)).toEqual(input);
});

test('An operation names its input schema', () => {
  const decode = compileDecoder(schemasOf(ListTasks$).input);
  expect(decode({ cluster: 'a', maxResults: 5 })).toEqual({ cluster: 'a', maxResults: 5 });
});

test('A fractional number passes, because the schema does not tell integers from doubles', () => {
  expect(decodeTaskDefinition({ containerDefinitions: [{ cpu: 1.5 }] })).toEqual({
    containerDefinitions: [{ cpu: 1.5 }],
  });
});

test('Keys that JavaScript knows are keys like any other', () => {
  const labels = '{"__proto__":"a","constructor":"b","toString":"c"}';
  const decoded = decodeTaskDefinition({
    containerDefinitions: [{ dockerLabels: JSON.parse(labels) }],
  });
  expect(JSON.stringify(decoded)).toBe(`{"containerDefinitions":[{"dockerLabels":${labels}}]}`);
  expect(({} as Record<string, unknown>)['a']).toBeUndefined();
});

test('Members named like those of every object are unknown members', () => {
  const input = JSON.parse('{"__proto__":{"family":"x"},"constructor":1,"hasOwnProperty":2}');
  const decoded = decodeTaskDefinition(input);
  expect(decoded).toEqual({});
  expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
});

const list = 'Start of list found where not expected';
const object = 'Start of structure or map found where not expected.';

test.each([
  { at: 'string', value: 1, text: 'NUMBER_VALUE can not be converted to String' },
  { at: 'string', value: true, text: 'TRUE_VALUE can not be converted to String' },
  { at: 'string', value: false, text: 'FALSE_VALUE can not be converted to String' },
  { at: 'string', value: [], text: list },
  { at: 'string', value: {}, text: object },
  { at: 'string', value: '\ud800', text: 'STRING_VALUE can not be converted to String' },
  { at: 'number', value: '1', text: 'STRING_VALUE can not be converted to an Integer' },
  { at: 'number', value: true, text: 'TRUE_VALUE can not be converted to an Integer' },
  { at: 'number', value: Infinity, text: 'NUMBER_VALUE can not be converted to an Integer' },
  { at: 'number', value: [1], text: list },
  { at: 'number', value: {}, text: object },
  { at: 'boolean', value: 'true', text: 'STRING_VALUE can not be converted to a Boolean' },
  { at: 'boolean', value: 0, text: 'NUMBER_VALUE can not be converted to a Boolean' },
  { at: 'boolean', value: [], text: list },
  { at: 'boolean', value: {}, text: object },
  { at: 'list', value: 'x', text: 'Expected list or null' },
  { at: 'list', value: 1, text: 'Expected list or null' },
  { at: 'list', value: {}, text: object },
  { at: 'map', value: 'x', text: 'Expected null' },
  { at: 'map', value: [], text: list },
  { at: 'structure', value: 'x', text: 'Expected null' },
  { at: 'structure', value: false, text: 'Expected null' },
  { at: 'structure', value: [], text: list },
])('$value where a $at belongs is refused: $text', ({ at, value, text }) => {
  const bodies: Record<string, unknown> = {
    string: { family: value },
    number: { containerDefinitions: [{ cpu: value }] },
    boolean: { enableFaultInjection: value },
    list: { containerDefinitions: value },
    map: { containerDefinitions: [{ dockerLabels: value }] },
    structure: { runtimePlatform: value },
  };
  const error = errorOf(() => decodeTaskDefinition(bodies[at]));
  expect(error).toMatchObject({ status: 400, code: 'SerializationException', text });
});

test.each([
  {
    schema: 4,
    value: 'now',
    text: 'STRING_VALUE can not be converted to milliseconds since epoch',
  },
  {
    schema: 4,
    value: 1e300,
    text: 'NUMBER_VALUE can not be converted to milliseconds since epoch',
  },
  {
    schema: timestamps,
    value: [null],
    text: 'NULL_VALUE can not be converted to milliseconds since epoch',
  },
  { schema: blob, value: 5, text: 'NUMBER_VALUE can not be converted to a Blob' },
  { schema: blob, value: 'no base64', text: 'STRING_VALUE can not be converted to a Blob' },
  {
    schema: DescribeClustersRequest$,
    value: { clusters: [null] },
    text: 'NULL_VALUE can not be converted to String',
  },
  { schema: RegisterContainerInstanceRequest$, value: { tags: [null] }, text: 'Expected null' },
  { schema: 128, value: { a: null }, text: 'NULL_VALUE can not be converted to String' },
  { schema: 128, value: { '\udfff': 'a' }, text: 'STRING_VALUE can not be converted to String' },
  { schema: DescribeClustersRequest$, value: null, text: 'Expected null' },
  { schema: DescribeClustersRequest$, value: [], text: list },
  { schema: DescribeClustersRequest$, value: 'x', text: 'Expected null' },
  { schema: union, value: 'x', text: 'Expected null' },
  { schema: union, value: {}, text: 'Union must have exactly one known member' },
  { schema: union, value: { middle: 1 }, text: 'Union must have exactly one known member' },
  {
    schema: union,
    value: { left: 'a', right: 1 },
    text: 'Union must have exactly one known member',
  },
])('$value is refused: $text', ({ schema, value, text }) => {
  expect(errorOf(() => compileDecoder(schema)(value))).toMatchObject({
    code: 'SerializationException',
    text,
  });
});

test('A union has one member, the others null or absent', () => {
  expect(compileDecoder(union)({ left: 'a', right: null })).toEqual({ left: 'a' });
});

test('Blobs are base64', () => {
  expect(compileDecoder(blob)('AAEC')).toEqual(Buffer.from([0, 1, 2]));
});

test('A shape may contain itself', () => {
  const tree: unknown[] = [3, 'test', 'Tree', 0, ['name', 'children'], [0, () => trees]];
  const trees = [1, 'test', 'Trees', 0, () => tree];
  const value = { name: 'root', children: [{ name: 'leaf', children: [] }] };
  expect(compileDecoder(() => tree)(value)).toEqual(value);
});

test('Traits on members and targets change nothing', () => {
  const decode = compileDecoder(CreateCapacityProviderRequest$);
  const requirements = { instanceGenerations: ['current'], cpuManufacturers: ['intel'] };
  const input = {
    managedInstancesProvider: {
      instanceLaunchTemplate: { instanceRequirements: requirements },
    },
  };
  expect(decode(input)).toEqual(input);
});

test.each([17, 6, [7, 'test', 'Odd', 0], 'text'])(
  'A schema of an unknown kind, %j, is a bug',
  (schema) => {
    expect(() => compileDecoder(schema)({})).toThrow(TypeError);
  },
);
