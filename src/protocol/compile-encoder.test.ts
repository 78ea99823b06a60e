import {
  CreateClusterResponse$,
  DescribeServicesResponse$,
  DescribeTasksResponse$,
  TagResource$,
} from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { compileEncoder } from './compile-encoder.ts';
import { schemasOf } from './schema.ts';

const encodeTasks = compileEncoder(DescribeTasksResponse$);
const encodeCluster = compileEncoder(CreateClusterResponse$);

test.each([
  { createdAt: new Date(1789551555929), written: 1789551555.929 },
  { createdAt: 1789551555929, written: 1789551555.929 },
  { createdAt: 1789551555929.4, written: 1789551555.929 },
  { createdAt: 1789551555000, written: 1789551555 },
  { createdAt: 0, written: 0 },
])('The time $createdAt is written as $written', ({ createdAt, written }) => {
  expect(encodeTasks({ tasks: [{ createdAt }] })).toBe(`{"tasks":[{"createdAt":${written}}]}`);
});

test('Undefined and null members, and null elements, are not written', () => {
  const tasks = [null, { cpu: undefined, memory: null, tags: [undefined] }];
  expect(encodeTasks({ tasks, failures: undefined })).toBe('{"tasks":[{"tags":[]}]}');
});

test('Members that the schema does not know are not written', () => {
  const cluster = { clusterName: 'a', secret: 'b', tags: [{ key: 'c', owner: 'd' }] };
  expect(encodeCluster({ cluster, clusterCount: 1 })).toBe(
    '{"cluster":{"clusterName":"a","tags":[{"key":"c"}]}}',
  );
});

test('Empty lists and maps are written', () => {
  expect(encodeTasks({ tasks: [], failures: [] })).toBe('{"tasks":[],"failures":[]}');
  expect(compileEncoder(128)({})).toBe('{}');
});

test('Numbers, booleans and maps are written as they are', () => {
  const encode = compileEncoder(DescribeServicesResponse$);
  const services = [{ desiredCount: 0, enableExecuteCommand: false, loadBalancers: [] }];
  expect(JSON.parse(encode({ services }))).toEqual({ services });
  expect(compileEncoder(128)({ 'a"b': 'c\\d', gone: undefined })).toBe('{"a\\"b":"c\\\\d"}');
});

test.each(['"', '\\', '\u0000', '\n', '\ud800', '\u2028', 'é', '😀', 'a\u007fb'])(
  'The string %j is written as JSON has it',
  (clusterName) => {
    expect(encodeCluster({ cluster: { clusterName } })).toBe(
      JSON.stringify({ cluster: { clusterName } }),
    );
  },
);

test('An operation without output members answers an empty object', () => {
  expect(compileEncoder(schemasOf(TagResource$).output)({})).toBe('{}');
  expect(compileEncoder('unit')({})).toBe('{}');
});

test('Blobs are written as base64, documents as they are', () => {
  expect(compileEncoder(21)(new Uint8Array([0, 1, 2]))).toBe('"AAEC"');
  expect(compileEncoder(15)({ any: [1, 'b'] })).toBe('{"any":[1,"b"]}');
});

test.each([
  { tasks: 'x' },
  { tasks: ['x'] },
  { tasks: [{ taskArn: 5 }] },
  { tasks: [{ version: '5' }] },
  { tasks: [{ version: Number.NaN }] },
  { tasks: [{ enableExecuteCommand: 'yes' }] },
  { tasks: [{ createdAt: 'today' }] },
  { tasks: [{ createdAt: new Date(Number.NaN) }] },
  { tasks: [[]] },
  undefined,
])('A result of the wrong type, %j, is a bug', (output) => {
  expect(() => encodeTasks(output)).toThrow(TypeError);
});

test('The complaint about a wrong type does not quote the value', () => {
  expect(() => encodeTasks({ tasks: 'secret' })).toThrow(/^(?!.*secret).*a list, not string$/);
});
