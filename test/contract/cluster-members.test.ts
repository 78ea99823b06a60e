import type { Cluster, ECS } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { aDefinition, aRun } from './requests.ts';
import { test } from './server.ts';

const always = [
  'activeServicesCount',
  'capacityProviders',
  'clusterArn',
  'clusterName',
  'defaultCapacityProviderStrategy',
  'pendingTasksCount',
  'registeredContainerInstancesCount',
  'runningTasksCount',
  'settings',
  'statistics',
  'status',
  'tags',
];
const tags = [{ key: 'team', value: 'blue' }];
const configuration = { executeCommandConfiguration: { logging: 'NONE' as const } };
const settings = [{ name: 'containerInsights' as const, value: 'disabled' }];

/** A cluster with all that does not need an attachment. */
async function createRichCluster(ecs: ECS): Promise<Cluster | undefined> {
  const { cluster } = await ecs.createCluster({
    tags,
    configuration,
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [
      { capacityProvider: 'FARGATE', base: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 4 },
    ],
  });
  return cluster;
}

/** The members that an answer has, in order, and what of them is empty. */
function membersOf(cluster: Cluster | undefined): readonly string[] {
  return Object.keys(cluster ?? {}).toSorted();
}

test('CreateCluster shows tags, settings and configuration, and no attachments', async ({
  ecs,
}) => {
  const plain = await ecs.createCluster({ clusterName: 'plain' });
  expect(membersOf(plain.cluster)).toEqual(always);
  expect(plain.cluster).toMatchObject({ tags: [], statistics: [], settings });
  const rich = await createRichCluster(ecs);
  expect(membersOf(rich)).toEqual([...always, 'configuration'].toSorted());
  expect(rich).toMatchObject({ tags, statistics: [], settings, configuration });
});

test('the items of a strategy always show base and weight', async ({ ecs }) => {
  const cluster = await createRichCluster(ecs);
  expect(cluster?.defaultCapacityProviderStrategy).toEqual([
    { capacityProvider: 'FARGATE', weight: 0, base: 1 },
    { capacityProvider: 'FARGATE_SPOT', weight: 4, base: 0 },
  ]);
});

test('DescribeClusters shows nothing that is not included', async ({ ecs }) => {
  await createRichCluster(ecs);
  const { clusters } = await ecs.describeClusters();
  expect(membersOf(clusters?.[0])).toEqual(always);
  expect(clusters).toMatchObject([
    { tags: [], statistics: [], settings: [], capacityProviders: ['FARGATE', 'FARGATE_SPOT'] },
  ]);
});

test('DescribeClusters shows what is included', async ({ ecs }) => {
  await createRichCluster(ecs);
  const describe = async (include: 'ATTACHMENTS' | 'CONFIGURATIONS' | 'SETTINGS' | 'TAGS') =>
    (await ecs.describeClusters({ include: [include] })).clusters?.[0];
  expect(await describe('TAGS')).toMatchObject({ tags, settings: [], statistics: [] });
  expect(await describe('SETTINGS')).toMatchObject({ tags: [], settings, statistics: [] });
  expect(await describe('CONFIGURATIONS')).toMatchObject({ configuration });
  const attached = await describe('ATTACHMENTS');
  expect(attached?.attachments).toEqual([]);
  expect(attached).not.toHaveProperty('attachmentsStatus');
});

test('STATISTICS are sixteen, as text, in the order of ECS', async ({ ecs }) => {
  await ecs.createCluster();
  const { clusters } = await ecs.describeClusters({ include: ['STATISTICS'] });
  const names = [
    'runningEC2TasksCount',
    'runningFargateTasksCount',
    'pendingEC2TasksCount',
    'pendingFargateTasksCount',
    'runningExternalTasksCount',
    'pendingExternalTasksCount',
    'runningManagedInstancesTasksCount',
    'pendingManagedInstancesTasksCount',
    'activeEC2ServiceCount',
    'activeFargateServiceCount',
    'drainingEC2ServiceCount',
    'drainingFargateServiceCount',
    'activeExternalServiceCount',
    'drainingExternalServiceCount',
    'activeManagedInstancesServiceCount',
    'drainingManagedInstancesServiceCount',
  ];
  const expected = names.map((name) => ({ name, value: '0' }));
  expect(clusters?.[0]?.statistics).toEqual(expected);
  await ecs.deleteCluster({ cluster: 'default' });
  const inactive = await ecs.describeClusters({ include: ['STATISTICS'] });
  expect(inactive.clusters?.[0]?.statistics).toEqual(expected);
});

test('UpdateCluster and UpdateClusterSettings show no tags, and attachments even if empty', async ({
  ecs,
}) => {
  await createRichCluster(ecs);
  const named = { cluster: 'default', settings };
  for (const { cluster } of [
    await ecs.updateCluster(named),
    await ecs.updateClusterSettings(named),
  ]) {
    expect(membersOf(cluster)).toEqual([...always, 'attachments', 'configuration'].toSorted());
    expect(cluster).toMatchObject({ tags: [], settings, attachments: [], configuration });
  }
});

test('DeleteCluster shows no attachments at first, and an empty list when asked again', async ({
  ecs,
}) => {
  await createRichCluster(ecs);
  const first = await ecs.deleteCluster({ cluster: 'default' });
  expect(membersOf(first.cluster)).toEqual([...always, 'configuration'].toSorted());
  expect(first.cluster).toMatchObject({ tags: [], settings, statistics: [], configuration });
  const again = await ecs.deleteCluster({ cluster: 'default' });
  expect(membersOf(again.cluster)).toEqual([...always, 'attachments', 'configuration'].toSorted());
});

test("tasks on FARGATE show the key of their cluster's storage as it was when they started", async ({
  ecs,
}) => {
  const withKey = (fargateEphemeralStorageKmsKeyId: string) => ({
    managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId },
  });
  await ecs.registerTaskDefinition(aDefinition());
  await ecs.createCluster({ configuration: withKey('key-1') });
  const first = (await ecs.runTask(aRun())).tasks?.[0];
  expect(first?.fargateEphemeralStorage).toEqual({ sizeInGiB: 20, kmsKeyId: 'key-1' });
  expect(first?.ephemeralStorage).toEqual({ sizeInGiB: 20 });
  await ecs.updateCluster({ cluster: 'default', configuration: withKey('') });
  const second = (await ecs.runTask(aRun())).tasks?.[0];
  expect(second?.fargateEphemeralStorage).toEqual({ sizeInGiB: 20 });
  const { tasks } = await ecs.describeTasks({ tasks: [first?.taskArn ?? ''] });
  expect(tasks?.[0]?.fargateEphemeralStorage).toEqual(first?.fargateEphemeralStorage);
});
