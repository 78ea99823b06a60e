import { describe, expect, test } from 'vitest';
import { scope } from '../../test/fixtures/a-cluster.ts';
import { refusalOf } from '../../test/fixtures/task-definition-requests.ts';
import {
  capacityProviderArn,
  clusterArn,
  containerArn,
  isArn,
  lastPathElement,
  parseArn,
  parseOwnArn,
  partitionOf,
  scopeOfArn,
  taskArn,
  taskDefinitionArn,
} from './arn.ts';

const prefix = 'arn:aws:ecs:us-east-1:123456789012';

test.each([
  [clusterArn(scope, 'web'), `${prefix}:cluster/web`],
  [taskDefinitionArn(scope, 'web', 3), `${prefix}:task-definition/web:3`],
  [taskArn(scope, 'web', '0af'), `${prefix}:task/web/0af`],
  [containerArn(scope, 'web', '0af', 'c1'), `${prefix}:container/web/0af/c1`],
  [capacityProviderArn(scope, 'FARGATE'), `${prefix}:capacity-provider/FARGATE`],
])('%s has the form of ECS', (arn, text) => {
  expect(arn).toBe(text);
  expect(isArn(arn)).toBe(true);
  expect(scopeOfArn(arn)).toEqual(scope);
});

test.each([
  [clusterArn(scope, 'web'), 'web'],
  [taskDefinitionArn(scope, 'web', 3), 'web:3'],
  [taskArn(scope, 'web', '0af'), '0af'],
])('the last path element of %s is %s', (arn, element) => {
  expect(lastPathElement(arn)).toBe(element);
});

test.each([
  ['us-east-1', 'aws'],
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
])('%s belongs to the partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});

describe('taking an ARN apart', () => {
  test('gives its scope, its type and its path', () => {
    expect(parseArn(`${prefix}:task/web/0af`)).toEqual({
      scope,
      resourceType: 'task',
      path: ['web', '0af'],
    });
  });

  test('keeps colons of the resource', () => {
    expect(parseArn(`${prefix}:task-definition/web:3`).path).toEqual(['web:3']);
  });

  test.each([
    ['arn:aws', 'Second colon (partition/vendor delimiter)'],
    ['arn:aws:ecs', 'Third colon (vendor/region delimiter)'],
    ['arn:aws:ecs:us-east-1', 'Fourth colon (region/namespace delimiter)'],
    ['arn:aws:sts::162854405951', 'Fifth colon (namespace/relative-id delimiter)'],
  ])('refuses %s, where a colon is missing', (text, what) => {
    expect(refusalOf(() => parseArn(text))).toBe(
      `ClientException: com.amazon.arn.ARNSyntaxException: ${what} not found: ${text}`,
    );
  });

  test('refuses the ARN of another service', () => {
    expect(refusalOf(() => parseArn('arn:aws:s3:::bucket'))).toBe(
      'InvalidParameterException: Invalid identifier: Identifier is not an ECS ARN',
    );
  });

  test.each([
    ['arn:aws:ecs:us-west-2:123456789012:cluster/web', 'Invalid Region in ARN'],
    ['arn:aws-cn:ecs:us-east-1:123456789012:cluster/web', 'Invalid Region in ARN'],
    ['arn:aws:ecs:us-east-1:999999999999:cluster/web', 'Invalid Account in ARN'],
  ])('refuses %s for a caller of another scope', (text, message) => {
    expect(refusalOf(() => parseOwnArn(scope, text))).toBe(`InvalidParameterException: ${message}`);
  });
});
