import { describe, expect, test } from 'vitest';
import { scope } from '../../../test/fixtures/a-cluster.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { parseClusterRef, parseNewClusterName } from './cluster-ref.ts';

const prefix = 'arn:aws:ecs:us-east-1:123456789012';

test.each([
  [undefined, 'default'],
  ['', 'default'],
  ['web', 'web'],
  ['Web_1-x', 'Web_1-x'],
  ['1', '1'],
  [`${prefix}:cluster/web`, 'web'],
])('the cluster parameter %j means the cluster %s', (ref, name) => {
  expect(parseClusterRef(scope, ref)).toBe(`${prefix}:cluster/${name}`);
});

test.each([
  ['InvalidParameterException: Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was a b', 'a b'],
  [
    `InvalidParameterException: Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ${'c'.repeat(256)}`,
    'c'.repeat(256),
  ],
  [
    'InvalidParameterException: Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ',
    `${prefix}:cluster/`,
  ],
  [
    'InvalidParameterException: Invalid Region in ARN',
    `${prefix.replace('east', 'west')}:cluster/w`,
  ],
  [
    'InvalidParameterException: Invalid identifier: Unexpected number of separators',
    `${prefix}:cluster/a/b`,
  ],
  [
    'InvalidParameterException: Invalid identifier: Unexpected number of separators',
    `${prefix}:task/web/0af`,
  ],
  [
    'InvalidParameterException: Unsupported resource type: task-definition',
    `${prefix}:task-definition/web:1`,
  ],
  [
    'ClientException: com.amazon.arn.ARNSyntaxException: Fifth colon ' +
      '(namespace/relative-id delimiter) not found: arn:aws:ecs::1',
    'arn:aws:ecs::1',
  ],
])('%s', (refusal, ref) => {
  expect(refusalOf(() => parseClusterRef(scope, ref))).toBe(refusal);
});

describe('the name of a new cluster', () => {
  test('is default where none is given', () => {
    expect([undefined, '', 'web'].map(parseNewClusterName)).toEqual(['default', 'default', 'web']);
  });

  test.each([
    ['a b', 'Cluster name contains invalid characters.'],
    ['c'.repeat(256), 'Cluster name longer than 255.'],
  ])('%s is refused', (name, message) => {
    expect(refusalOf(() => parseNewClusterName(name))).toBe(
      `InvalidParameterException: ${message}`,
    );
  });
});
