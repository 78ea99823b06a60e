import { expect, test } from 'vitest';
import { scope } from '../../../test/fixtures/a-cluster.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { clusterArn } from '../arn.ts';
import { parseTaskRef } from './task-ref.ts';

const cluster = clusterArn(scope, 'web');
const prefix = 'arn:aws:ecs:us-east-1:123456789012';
const id = '0123456789abcdef0123456789abcdef';
const uuid = '01234567-89ab-cdef-0123-456789abcdef';

test.each([
  [id, id],
  [uuid, uuid],
  [`${prefix}:task/web/${id}`, id],
  [`${prefix}:task/${uuid}`, uuid],
])('%s names a task', (ref, taskId) => {
  expect(parseTaskRef(cluster, ref)).toBe(`${prefix}:task/web/${taskId}`);
});

test.each([
  ['abc', 'taskId length should be one of [32,36]'],
  ['', 'taskId length should be one of [32,36]'],
  [`default/${id}`, 'taskId length should be one of [32,36]'],
  [`${prefix}:task/web/abc`, 'taskId length should be one of [32,36]'],
  [
    `${prefix}:task/jan7/${id}`,
    'Invalid identifier: Identifier is for cluster jan7. Your cluster is web',
  ],
  [`${prefix}:task/web/${id}/x`, 'Invalid identifier: Unexpected number of separators'],
  [`${prefix}:cluster/web`, 'Unsupported resource type: cluster'],
  [`${prefix.replace('east', 'west')}:task/web/${id}`, 'Invalid Region in ARN'],
])('%s does not name a task', (ref, message) => {
  expect(refusalOf(() => parseTaskRef(cluster, ref))).toBe(`InvalidParameterException: ${message}`);
});
