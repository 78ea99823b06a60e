import { expect, test } from 'vitest';
import {
  aGroupProvider,
  aManagedProvider,
  autoScalingSettings,
  knownProviders,
} from '../../../test/fixtures/a-capacity-provider.ts';
import { scope } from '../../../test/fixtures/a-cluster.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { clusterArn } from '../arn.ts';
import { checkAssociations, parseAssociations } from './parse-associations.ts';

const scaledSettings = autoScalingSettings({ managedScaling: { status: 'ENABLED' } });
const providers = [
  aGroupProvider('plain'),
  aGroupProvider('scaled', { settings: scaledSettings }),
  aGroupProvider('to-be-scaled', { updatedSettings: scaledSettings }),
  aGroupProvider('leaving', { status: 'DEPROVISIONING' }),
  aGroupProvider('gone', { status: 'INACTIVE' }),
  aManagedProvider('managed'),
  aManagedProvider('new', { status: 'PROVISIONING' }),
  aManagedProvider('foreign', { clusterArn: clusterArn(scope, 'other') }),
];

function refusal(names: readonly string[], clusters: readonly string[] = []): string | undefined {
  const associations = Object.fromEntries(names.map((name) => [name, clusters]));
  const known = knownProviders(providers, associations);
  return refusalOf(() => checkAssociations(names, clusterArn(scope, 'default'), known));
}

test('the providers of a cluster are names, each once', () => {
  const arn = 'arn:aws:ecs:us-east-1:123456789012:capacity-provider/FARGATE';
  const names = parseAssociations(scope, [arn, 'FARGATE', 'FARGATE_SPOT']);
  expect(names).toEqual(['FARGATE', 'FARGATE_SPOT']);
  expect(parseAssociations(scope, undefined)).toEqual([]);
});

test('the ARN of another account or of another resource stays what it is, and is not found', () => {
  const arn = 'arn:aws:ecs:us-east-1:999999999999:capacity-provider/plain';
  expect(parseAssociations(scope, [arn])).toEqual([arn]);
});

test('a cluster has 20 providers at most', () => {
  const many = Array.from({ length: 21 }, (_, i) => `p${i}`);
  expect(parseAssociations(scope, many.slice(1))).toHaveLength(20);
  expect(refusalOf(() => parseAssociations(scope, many))).toBe(
    'InvalidParameterException: The maximum number of capacity providers per cluster has been exceeded.',
  );
});

test('a cluster may have what is built in, groups without managed scaling, and what is its own', () => {
  expect(refusal(['FARGATE', 'FARGATE_SPOT', 'managed'])).toBeUndefined();
  expect(refusal(['plain'], ['other', 'default'])).toBeUndefined();
  expect(refusal(['scaled', 'to-be-scaled'], ['default'])).toBeUndefined();
});

test.each(['nope', 'gone', 'arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:x'])(
  '%s is not found',
  (name) => {
    expect(refusal([name])).toBe(
      'InvalidParameterException: The specified capacity provider was not found. ' +
        'Specify a valid capacity provider and try again.',
    );
  },
);

test.each(['leaving', 'new'])('%s is not ACTIVE', (name) => {
  expect(refusal([name])).toBe(
    `InvalidParameterException: The specified capacity provider '${name}' is not in an ACTIVE ` +
      'state. Specify a valid capacity provider and try again.',
  );
});

test('Managed Instances of another cluster stay there', () => {
  expect(refusal(['foreign'])).toMatch(
    /^InvalidParameterException: Cannot associate Managed Instances capacity provider to clusters using this API\. Managed Instances capacity providers are already/,
  );
});

test.each(['scaled', 'to-be-scaled'])('%s is with one cluster at a time', (name) => {
  expect(refusal([name], ['other'])).toMatch(/^InvalidParameterException: .* another cluster\./);
});
