import type { ClusterConfiguration, ClusterSetting } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

const log = { cloudWatchLogGroupName: 'exec' };
const insights = (value: string): ClusterSetting[] => [{ name: 'containerInsights', value }];
const exec = (
  given: ClusterConfiguration['executeCommandConfiguration'],
): { configuration: ClusterConfiguration } => ({
  configuration: { executeCommandConfiguration: given },
});

test('UpdateCluster replaces the parts that it names, and leaves the others', async ({ ecs }) => {
  await ecs.createCluster({ settings: insights('enabled'), ...exec({ logging: 'NONE' }) });
  const logged = exec({ logging: 'OVERRIDE', logConfiguration: log });
  const first = await ecs.updateCluster({ cluster: 'default', ...logged });
  expect(first.cluster).toMatchObject({ settings: insights('enabled'), ...logged });
  const storage = { managedStorageConfiguration: { kmsKeyId: 'key' } };
  const second = await ecs.updateCluster({ cluster: 'default', configuration: storage });
  expect(second.cluster?.configuration).toEqual(storage);
  const third = await ecs.updateCluster({ cluster: 'default', settings: insights('enhanced') });
  expect(third.cluster?.configuration).toEqual(storage);
  const { clusters } = await ecs.describeClusters({ include: ['SETTINGS', 'CONFIGURATIONS'] });
  expect(clusters).toMatchObject([{ settings: insights('enhanced'), configuration: storage }]);
});

test('a configuration is shown exactly as it was given', async ({ ecs }) => {
  await ecs.createCluster(exec({ kmsKeyId: 'key' }));
  const { clusters } = await ecs.describeClusters({ include: ['CONFIGURATIONS'] });
  expect(clusters?.[0]?.configuration).toEqual({
    executeCommandConfiguration: { kmsKeyId: 'key' },
  });
});

test('a cluster must exist before its new values are looked at', async ({ ecs }) => {
  const named = { cluster: 'nowhere', settings: insights('ENABLED') };
  const notFound = 'ClusterNotFoundException: Cluster not found.';
  expect(await refusalOf(ecs.updateCluster(named))).toBe(notFound);
  expect(await refusalOf(ecs.updateClusterSettings(named))).toBe(notFound);
});

test('UpdateClusterSettings and UpdateCluster need the name of a cluster', async ({ ecs }) => {
  const blank = 'InvalidParameterException: Clusters can not be blank.';
  expect(await refusalOf(ecs.updateCluster({ cluster: undefined }))).toBe(blank);
  expect(await refusalOf(ecs.updateClusterSettings({ cluster: '', settings: [] }))).toBe(blank);
});

test.for([
  ['a value in capitals', insights('DISABLED'), "Invalid setting 'value'"],
  ['a value that is none', insights('on'), "Invalid setting 'value'"],
  ['no value', [{ name: 'containerInsights' as const }], "Invalid setting 'value'"],
  [
    'another name',
    [{ name: 'insights' as 'containerInsights', value: 'enabled' }],
    "Invalid setting 'name'",
  ],
] as const)('settings with %s are refused', async ([, given, text], { ecs }) => {
  const settings = [...given];
  const refusal = `InvalidParameterException: ${text}`;
  expect(await refusalOf(ecs.createCluster({ settings }))).toBe(refusal);
  await ecs.createCluster();
  expect(await refusalOf(ecs.updateCluster({ cluster: 'default', settings }))).toBe(refusal);
  expect(await refusalOf(ecs.updateClusterSettings({ cluster: 'default', settings }))).toBe(
    refusal,
  );
});

const overrideNeeded = "You must set logging to 'OVERRIDE' when you supply a log configuration";
const logNeeded = "You must supply a log configuration when you set logging to 'OVERRIDE'";

test.for([
  ['a log with logging DEFAULT', { logging: 'DEFAULT', logConfiguration: log }, overrideNeeded],
  ['a log and no logging', { logConfiguration: log }, overrideNeeded],
  ['OVERRIDE and no log', { logging: 'OVERRIDE' }, logNeeded],
  ['OVERRIDE and an empty log', { logging: 'OVERRIDE', logConfiguration: {} }, logNeeded],
  [
    'encryption of a log group that is not named',
    {
      logging: 'OVERRIDE',
      logConfiguration: { s3BucketName: 'b', cloudWatchEncryptionEnabled: true },
    },
    "You must supply 'cloudWatchLogGroupName' when you set 'cloudWatchEncryptionEnabled'",
  ],
  [
    'encryption of a bucket that is not named',
    { logging: 'OVERRIDE', logConfiguration: { ...log, s3EncryptionEnabled: true } },
    "You must supply 's3BucketName' when you set 's3EncryptionEnabled'",
  ],
  ['a key that is too long', { kmsKeyId: 'k'.repeat(2049) }, 'kmsKeyId longer than 2048.'],
  [
    'another logging',
    { logging: 'none' as 'NONE' },
    'logging should be one of [DEFAULT,NONE,OVERRIDE]',
  ],
] as const)('a configuration of %s is refused', async ([, given, text], { ecs }) => {
  expect(await refusalOf(ecs.createCluster(exec(given)))).toBe(
    `InvalidParameterException: ${text}`,
  );
});

const strategyTexts = {
  unknown:
    'The specified capacity provider was not found. Specify a valid capacity provider and try again.',
  notAssociated:
    'The specified capacity provider strategy cannot contain a capacity provider that is not associated ' +
    'with the cluster. Associate the capacity provider with the cluster or specify a valid capacity ' +
    'provider and try again.',
  bases:
    'There are multiple capacity providers in the specified capacity provider strategy with a base ' +
    'value defined',
  weight: 'weight must be between 0 and 1000',
  base: 'base must be between 0 and 100000',
};
const both = ['FARGATE', 'FARGATE_SPOT'];

test.for([
  ['an unknown provider', ['mine'], [], strategyTexts.unknown],
  [
    'a provider that is not associated',
    ['FARGATE'],
    [{ capacityProvider: 'FARGATE_SPOT' }],
    strategyTexts.notAssociated,
  ],
  [
    'two bases',
    both,
    both.map((capacityProvider) => ({ capacityProvider, base: 1 })),
    strategyTexts.bases,
  ],
  ['a weight of 1001', both, [{ capacityProvider: 'FARGATE', weight: 1001 }], strategyTexts.weight],
  ['a negative weight', both, [{ capacityProvider: 'FARGATE', weight: -1 }], strategyTexts.weight],
  ['a base of 100001', both, [{ capacityProvider: 'FARGATE', base: 100_001 }], strategyTexts.base],
] as const)(
  'CreateCluster refuses a strategy with %s',
  async ([, given, strategy, text], { ecs }) => {
    const capacityProviders = [...given];
    const defaultCapacityProviderStrategy = [...strategy];
    const sent = ecs.createCluster({ capacityProviders, defaultCapacityProviderStrategy });
    expect(await refusalOf(sent)).toBe(`InvalidParameterException: ${text}`);
    expect((await ecs.listClusters()).clusterArns).toEqual([]);
  },
);
