import { describe, expect, test } from 'vitest';
import {
  aGroupProvider,
  aManagedProvider,
  knownProviders,
} from '../../../test/fixtures/a-capacity-provider.ts';
import { aCluster } from '../../../test/fixtures/a-cluster.ts';
import {
  aTaskDefinition,
  type GivenTaskDefinition,
} from '../../../test/fixtures/a-task-definition.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { parseLaunch } from './launch.ts';

const { find } = knownProviders([
  aGroupProvider('group'),
  aGroupProvider('gone', { status: 'INACTIVE' }),
  aManagedProvider('managed'),
]);

interface Given {
  readonly input?: object;
  readonly cluster?: Partial<Cluster>;
  readonly definition?: GivenTaskDefinition;
  readonly count?: number;
}

function launch({ input = {}, cluster, definition, count = 1 }: Given) {
  const untyped = JSON.parse(JSON.stringify(input));
  return parseLaunch(untyped, count, {
    cluster: aCluster(cluster),
    definition: aTaskDefinition(definition),
    findCapacityProvider: find,
  });
}

const fargate = { capacityProvider: 'FARGATE', weight: 1, base: 0 };
const spot = { capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 };
const both = { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] };
const withDefault = { ...both, defaultCapacityProviderStrategy: [spot] };
const windows = {
  runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
} as const;

describe('a task is launched', () => {
  test.each<[string, Given, object]>([
    [
      'on EC2 where nothing says otherwise',
      {},
      { launchType: 'EC2', providers: [undefined], platformVersion: undefined },
    ],
    [
      'by the launch type that is given',
      { input: { launchType: 'FARGATE' } },
      { launchType: 'FARGATE', platformVersion: '1.4.0', platformFamily: 'Linux' },
    ],
    [
      'by the launch type rather than by the default strategy',
      { input: { launchType: 'EC2' }, cluster: withDefault },
      { launchType: 'EC2', providers: [undefined] },
    ],
    [
      'by the default strategy of its cluster',
      { cluster: withDefault },
      { launchType: 'FARGATE', providers: ['FARGATE_SPOT'] },
    ],
    [
      'by the strategy that is given',
      { input: { capacityProviderStrategy: [fargate, spot] }, cluster: withDefault, count: 3 },
      { launchType: 'FARGATE', providers: ['FARGATE', 'FARGATE_SPOT', 'FARGATE'] },
    ],
    [
      'by the default strategy where the one given is empty',
      { input: { capacityProviderStrategy: [] }, cluster: withDefault },
      { providers: ['FARGATE_SPOT'] },
    ],
    [
      'on EC2 by a strategy of Auto Scaling groups',
      {
        input: { capacityProviderStrategy: [{ capacityProvider: 'group', weight: 1 }] },
        cluster: { capacityProviders: ['group'] },
        definition: { compatibilities: ['EC2'] },
      },
      { launchType: 'EC2', providers: ['group'], platformVersion: undefined },
    ],
    [
      'on Managed Instances by a strategy of theirs',
      {
        input: { capacityProviderStrategy: [{ capacityProvider: 'managed', weight: 1 }] },
        cluster: { capacityProviders: ['managed'] },
        definition: { compatibilities: ['MANAGED_INSTANCES'] },
      },
      { launchType: 'MANAGED_INSTANCES', providers: ['managed'] },
    ],
    [
      'on the platform version that is given',
      { input: { launchType: 'FARGATE', platformVersion: '1.3.0' } },
      { platformVersion: '1.3.0' },
    ],
    [
      'on the latest one where LATEST is given',
      { input: { launchType: 'FARGATE', platformVersion: 'LATEST' } },
      { platformVersion: '1.4.0' },
    ],
    [
      'on the one for Windows',
      { input: { launchType: 'FARGATE' }, definition: windows },
      { platformVersion: '1.0.0', platformFamily: 'Windows_Server_2022_Core' },
    ],
  ])('%s', (_, given, expected) => {
    expect(launch(given)).toMatchObject(expected);
  });
});

describe('a launch is refused', () => {
  test.each<[string, Given, string]>([
    [
      'by launch type and strategy together',
      { input: { launchType: 'FARGATE', capacityProviderStrategy: [fargate] }, cluster: both },
      'InvalidParameterException: You may choose a capacity provider or a launch type but not both.',
    ],
    [
      'by a launch type that does not exist',
      { input: { launchType: 'LAMBDA' } },
      'InvalidParameterException: launch type should be one of [EC2,FARGATE,EXTERNAL,FMI,MANAGED_INSTANCES]',
    ],
    [
      'by a launch type that is a strategy’s',
      { input: { launchType: 'MANAGED_INSTANCES' } },
      'InvalidParameterException: MANAGED_INSTANCES tasks are launched with a capacity provider ' +
        'strategy, not with a launch type.',
    ],
    [
      'on what its definition does not support',
      { input: { launchType: 'FARGATE' }, definition: { compatibilities: ['EC2'] } },
      'InvalidParameterException: Task definition does not support launch_type FARGATE.',
    ],
    [
      'by a provider that does not exist',
      { input: { capacityProviderStrategy: [{ capacityProvider: 'x' }] } },
      "InvalidParameterException: The specified capacity provider 'x' was not found. " +
        'Specify a valid name or ARN and try again.',
    ],
    [
      'by a provider that is INACTIVE',
      { input: { capacityProviderStrategy: [{ capacityProvider: 'gone' }] } },
      "InvalidParameterException: The specified capacity provider 'gone' was not found. " +
        'Specify a valid name or ARN and try again.',
    ],
    [
      'by a provider that the cluster does not have',
      { input: { capacityProviderStrategy: [fargate] } },
      'InvalidParameterException: The specified capacity provider strategy cannot contain a ' +
        'capacity provider that is not associated with the cluster. Associate the capacity ' +
        'provider with the cluster or specify a valid capacity provider and try again.',
    ],
    [
      'by a strategy without weights',
      { input: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] }, cluster: both },
      'InvalidParameterException: There are no capacity providers in the capacity provider strategy ' +
        'with a weight value greater than zero',
    ],
    [
      'by a default strategy without weights',
      { cluster: { ...both, defaultCapacityProviderStrategy: [{ ...spot, weight: 0 }] } },
      'InvalidParameterException: There are no capacity providers with a weight value greater ' +
        'than zero defined in the default capacity provider strategy. At least one capacity ' +
        'provider must have a weight value greater than zero specified. Update the cluster' +
        "'s default capacity provider strategy or specify a valid capacity provider strategy " +
        'and try again.',
    ],
    [
      'on EC2 with a platform version',
      { input: { launchType: 'EC2', platformVersion: '1.4.0' } },
      'InvalidParameterException: The platform version must be null when specifying an EC2 launch type.',
    ],
    ...['1.4', '1.2.0', '2.0.0'].map((platformVersion): [string, Given, string] => [
      `on the platform version ${platformVersion}`,
      { input: { launchType: 'FARGATE', platformVersion } },
      'PlatformUnknownException: The specified platform does not exist.',
    ]),
    [
      'on Windows with a platform version of Linux',
      { input: { launchType: 'FARGATE', platformVersion: '1.4.0' }, definition: windows },
      'PlatformUnknownException: The specified platform does not exist.',
    ],
  ])('%s', (_, given, refusal) => {
    expect(refusalOf(() => launch(given))).toBe(refusal);
  });
});
