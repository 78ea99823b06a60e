import { expect, test } from 'vitest';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import {
  cannotDescribeTaskDefinition,
  describedTaskDefinitionBlank,
  parseRevisionRef,
  parseRevisionRefs,
  parseTaskDefinitionRef,
  taskDefinitionNotFound,
} from './task-definition-ref.ts';

const scope = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const arn = 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:7';

test.each([
  ['web', { kind: 'family', family: 'web' }],
  ['__proto__', { kind: 'family', family: '__proto__' }],
  ['web:7', { kind: 'revision', family: 'web', revision: 7 }],
  ['web:007', { kind: 'revision', family: 'web', revision: 7 }],
  ['web:2147483647', { kind: 'revision', family: 'web', revision: 2_147_483_647 }],
  [arn, { kind: 'revision', family: 'web', revision: 7 }],
  [arn.replace(':7', ''), { kind: 'family', family: 'web' }],
])('%s refers to a task definition', (text, expected) => {
  expect(parseTaskDefinitionRef(scope, text)).toEqual(expected);
});

test.each([
  [undefined, 'InvalidParameterException: TaskDefinition can not be blank.'],
  ['', 'InvalidParameterException: TaskDefinition can not be blank.'],
  ['web:latest', 'InvalidParameterException: Invalid revision number. Number: latest'],
  ['web:', 'InvalidParameterException: Invalid revision number. Number: '],
  ['web:0', 'InvalidParameterException: Invalid revision number. Number: 0'],
  ['web:-1', 'InvalidParameterException: Invalid revision number. Number: -1'],
  ['web:1.5', 'InvalidParameterException: Invalid revision number. Number: 1.5'],
  ['web:1:2', 'InvalidParameterException: Invalid revision number. Number: 1:2'],
  ['web:2147483648', 'InvalidParameterException: Invalid revision number. Number: 2147483648'],
  ['my web', 'InvalidParameterException: Family contains invalid characters.'],
  [':7', 'InvalidParameterException: Family should not be null or empty.'],
  [
    'f'.repeat(256),
    'InvalidParameterException: Family must be less than or equal to 255 characters.',
  ],
  [arn.replace('123456789012', '210987654321'), 'ClientException: AccountIDs mismatch'],
  [arn.replace('us-east-1', 'eu-west-1'), 'InvalidParameterException: Invalid Region in ARN'],
  [
    arn.replace('task-definition/', 'service/'),
    'InvalidParameterException: Invalid identifier: Identifier is not for a task definition',
  ],
  [
    arn.replace('web', 'a/web'),
    'InvalidParameterException: Invalid identifier: Unexpected number of separators',
  ],
])('the reference %j is refused: %s', (text, message) => {
  expect(refusalOf(() => parseTaskDefinitionRef(scope, text))).toBe(message);
});

test('DescribeTaskDefinition has its own words for a blank reference', () => {
  const parse = () => parseTaskDefinitionRef(scope, '', describedTaskDefinitionBlank);
  expect(refusalOf(parse)).toBe('ClientException: Task Definition can not be blank.');
});

test.each([undefined, '', 'web', arn.replace(':7', '')])(
  'DeregisterTaskDefinition needs a revision, which %j has not',
  (text) => {
    expect(refusalOf(() => parseRevisionRef(scope, text))).toBe(
      'InvalidParameterException: Revision is missing',
    );
  },
);

test('DeleteTaskDefinitions takes one to ten references with a revision', () => {
  const refs = (count: number) => Array.from({ length: count }, (_, i) => `web:${i + 1}`);
  expect(parseRevisionRefs(scope, refs(10)).map(({ revision }) => revision)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  expect(refusalOf(() => parseRevisionRefs(scope, []))).toBe(
    'InvalidParameterException: ' + 'size of TaskDefinition references list must be greater than 0',
  );
  expect(refusalOf(() => parseRevisionRefs(scope, undefined))).toBe(
    'InvalidParameterException: ' + 'size of TaskDefinition references list must be greater than 0',
  );
  expect(refusalOf(() => parseRevisionRefs(scope, refs(11)))).toBe(
    'InvalidParameterException: Size of TaskDefinition references list cannot exceed 10',
  );
  expect(refusalOf(() => parseRevisionRefs(scope, ['web']))).toBe(
    'InvalidParameterException: Revision is missing',
  );
});

test('a task definition that is not there has two sayings', () => {
  expect(taskDefinitionNotFound()).toMatchObject({
    code: 'ClientException',
    message: 'TaskDefinition not found.',
  });
  expect(cannotDescribeTaskDefinition()).toMatchObject({
    code: 'ClientException',
    message: 'Unable to describe task definition.',
  });
});
