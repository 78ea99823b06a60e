import { expect, test } from 'vitest';
import { aTaskDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { parseNetwork } from './network-configuration.ts';
import type { LaunchType } from './task.ts';

const awsvpc = aTaskDefinition();
const bridge = aTaskDefinition({ networkMode: 'bridge' });

function network(
  given: object | undefined,
  definition = awsvpc,
  launchType: LaunchType = 'FARGATE',
) {
  const networkConfiguration = given && JSON.parse(JSON.stringify({ awsvpcConfiguration: given }));
  return parseNetwork({ networkConfiguration }, launchType, definition);
}

function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
}

test('the network configuration of an awsvpc task is kept as it is', () => {
  const given = {
    subnets: ids('subnet', 16),
    securityGroups: ids('sg', 5),
    assignPublicIp: 'ENABLED',
  };
  expect(network(given)).toEqual(given);
});

test('a task of another network mode has none', () => {
  expect(network(undefined, bridge)).toBeUndefined();
});

test.each<[string, object | undefined, string]>([
  [
    'that is missing',
    undefined,
    "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
  ],
  ['without subnets', {}, 'subnets can not be empty.'],
  ['with an empty list of subnets', { subnets: [] }, 'subnets can not be empty.'],
  ['with 17 subnets', { subnets: ids('subnet', 17) }, 'subnets can have at most 16 items.'],
  [
    'with six security groups',
    { subnets: ['subnet-1'], securityGroups: ids('sg', 6) },
    'securityGroups can have at most 5 items.',
  ],
  [
    'with what is no subnet',
    { subnets: ['subnet-1', 'net-2'] },
    "Error retrieving subnet information for [net-2]: The subnet ID 'net-2' does not exist " +
      '(ErrorCode: InvalidSubnetID.NotFound)',
  ],
  [
    'with what is no security group',
    { subnets: ['subnet-1'], securityGroups: ['web'] },
    "Error retrieving security group information for [web]: The security group 'web' does not " +
      'exist (ErrorCode: InvalidGroup.NotFound)',
  ],
  [
    'with a wrong word for the public address',
    { subnets: ['subnet-1'], assignPublicIp: 'YES' },
    'assignPublicIp should be one of [DISABLED,ENABLED]',
  ],
])('a network configuration %s is refused', (_, given, message) => {
  expect(refusalOf(() => network(given))).toBe(`InvalidParameterException: ${message}`);
});

test('a network configuration is refused where the network mode has no use for it', () => {
  expect(refusalOf(() => network({ subnets: ['subnet-1'] }, bridge))).toBe(
    'InvalidParameterException: Network Configuration is not valid for the given networkMode of ' +
      'this task definition.',
  );
});

test.each<LaunchType>(['EC2', 'EXTERNAL'])('%s assigns no public address', (launchType) => {
  const given = { subnets: ['subnet-1'], assignPublicIp: 'ENABLED' };
  expect(refusalOf(() => network(given, awsvpc, launchType))).toBe(
    'InvalidParameterException: Assign public IP is not supported for this launch type.',
  );
  expect(network({ ...given, assignPublicIp: 'DISABLED' }, awsvpc, launchType)).toBeDefined();
});
