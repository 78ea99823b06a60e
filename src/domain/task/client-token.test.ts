import { expect, test } from 'vitest';
import { aTaskArn } from '../../../test/fixtures/a-task.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { EcsError } from '../errors.ts';
import { checkClientToken, checkSameRequest, type ClientToken } from './client-token.ts';

test.each([undefined, 'a', '!~', 'A'.repeat(64)])('the client token %j is taken', (token) => {
  expect(refusalOf(() => checkClientToken(token))).toBeUndefined();
});

test.each([
  ['a'.repeat(65), 'clientToken longer than 64.'],
  ['', 'clientToken contains invalid characters.'],
  ['a b', 'clientToken contains invalid characters.'],
  ['ä', 'clientToken contains invalid characters.'],
])('the client token %j is refused', (token, message) => {
  expect(refusalOf(() => checkClientToken(token))).toBe(`InvalidParameterException: ${message}`);
});

const taskArns = [aTaskArn(), aTaskArn()];
const token: ClientToken = { key: 'cluster a', requestDigest: 'd1', taskArns, createdAt: 0 };

test('a token that comes again with the same request is a replay', () => {
  expect(() => checkSameRequest(token, 'd1')).not.toThrow();
});

test('a token that comes again with another request names the tasks of the first', () => {
  expect(() => checkSameRequest(token, 'd2')).toThrow(
    new EcsError(
      'ConflictException',
      'The RunTask request could not be processed due to conflicts. The provided clientToken is ' +
        'already in use with a different RunTask request. The resourceIds are the existing task ' +
        'ARNs which are already associated with the clientToken.',
      { resourceIds: taskArns },
    ),
  );
});
