import { expect, test } from 'vitest';
import { scope } from '../../../test/fixtures/a-cluster.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { checkQuota } from './new-capacity-provider.ts';
import { groupName } from './parse-auto-scaling-group.ts';

test('an account has 10,000 capacity providers in a region at most', () => {
  expect(refusalOf(() => checkQuota(9_999))).toBeUndefined();
  expect(refusalOf(() => checkQuota(10_000))).toBe(
    'LimitExceededException: The maximum number of capacity providers has been reached.',
  );
});

const prefix = 'arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup';

test.each([
  ['machines', 'machines'],
  ['my group/1', 'my group/1'],
  [`${prefix}:7aae-1b5c:autoScalingGroupName/machines`, 'machines'],
  ['g'.repeat(255), 'g'.repeat(255)],
  ['g'.repeat(256), undefined],
  ['', undefined],
  ['a\nb', undefined],
  [`${prefix}:7aae-1b5c:autoScalingGroupName/`, undefined],
  [`${prefix}:autoScalingGroupName/machines`, undefined],
  [prefix.replace('123456789012', '999999999999'), undefined],
  ['arn:aws:ec2:us-east-1:123456789012:instance/i-1', undefined],
])('%j is the Auto Scaling group %j', (given, expected) => {
  expect(groupName(scope, given)).toBe(expected);
});
