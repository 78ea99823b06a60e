import type { ClusterField, CreateClusterRequest } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

const inconsistent =
  'InvalidParameterException: Arguments on this idempotent request are inconsistent with ' +
  'arguments used in previous request(s).';
const notFound = 'ClusterNotFoundException: Cluster not found.';
const inactive = 'ClusterNotFoundException: The referenced cluster was inactive.';
const notActive = 'ClientException: Cluster was not ACTIVE.';
const inactiveForTags =
  'InvalidParameterException: The specified cluster is inactive. Specify an active cluster and try again.';

test('CreateCluster and DeleteCluster answer as the examples of the documentation show', async ({
  server,
}) => {
  // Any access key that is no account id stands for the account of the examples.
  const ecs = server.client('AKIDEXAMPLE');
  const example = {
    activeServicesCount: 0,
    clusterArn: 'arn:aws:ecs:us-east-1:012345678910:cluster/my_cluster',
    clusterName: 'my_cluster',
    pendingTasksCount: 0,
    registeredContainerInstancesCount: 0,
    runningTasksCount: 0,
  };
  const created = await ecs.createCluster({ clusterName: 'my_cluster' });
  expect(created.cluster).toMatchObject({ ...example, status: 'ACTIVE' });
  const deleted = await ecs.deleteCluster({ cluster: 'my_cluster' });
  expect(deleted.cluster).toMatchObject({ ...example, status: 'INACTIVE' });
  ecs.destroy();
});

test('CreateCluster without a name makes the cluster default, and again gives the same', async ({
  ecs,
  accountId,
}) => {
  const first = await ecs.createCluster();
  const again = await ecs.createCluster({});
  expect(first.cluster?.clusterArn).toBe(`arn:aws:ecs:us-east-1:${accountId}:cluster/default`);
  expect(again.cluster).toEqual(first.cluster);
});

test('CreateCluster with another setting than before is refused and changes nothing', async ({
  ecs,
}) => {
  await ecs.createCluster();
  const enabled = { name: 'containerInsights', value: 'enabled' } as const;
  expect(await refusalOf(ecs.createCluster({ settings: [enabled] }))).toBe(inconsistent);
  const { clusters } = await ecs.describeClusters({ include: ['SETTINGS'] });
  expect(clusters?.[0]?.settings).toEqual([{ name: 'containerInsights', value: 'disabled' }]);
});

test('a repeated CreateCluster is compared with how the cluster was created, as far as it says', async ({
  ecs,
}) => {
  const created: CreateClusterRequest = {
    clusterName: 'web',
    tags: [{ key: 'team', value: 'blue' }],
    settings: [{ name: 'containerInsights', value: 'enhanced' }],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    serviceConnectDefaults: { namespace: 'web' },
  };
  await ecs.createCluster(created);
  await ecs.updateClusterSettings({
    cluster: 'web',
    settings: [{ name: 'containerInsights', value: 'disabled' }],
  });

  for (const same of [
    created,
    { clusterName: 'web' },
    { clusterName: 'web', tags: created.tags },
  ]) {
    const { cluster } = await ecs.createCluster(same);
    expect(cluster?.tags).toEqual(created.tags);
    expect(cluster?.settings).toEqual([{ name: 'containerInsights', value: 'disabled' }]);
  }
  const others: CreateClusterRequest[] = [
    { tags: [{ key: 'team', value: 'red' }] },
    { tags: [] },
    { settings: [{ name: 'containerInsights', value: 'disabled' }] },
    { capacityProviders: ['FARGATE'] },
    { defaultCapacityProviderStrategy: [] },
    { configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } } },
    { configuration: { managedStorageConfiguration: { kmsKeyId: 'key' } } },
    { serviceConnectDefaults: { namespace: 'other' } },
  ];
  for (const other of others) {
    const refusal = await refusalOf(ecs.createCluster({ ...created, ...other }));
    expect(refusal, JSON.stringify(other)).toBe(inconsistent);
  }
});

test('a cluster lives on as INACTIVE: it is described, but is in no list and takes no change', async ({
  ecs,
}) => {
  const tags = [{ key: 'team', value: 'blue' }];
  const { cluster } = await ecs.createCluster({ tags });
  const resourceArn = cluster?.clusterArn;
  await ecs.deleteCluster({ cluster: 'default' });

  const { clusters } = await ecs.describeClusters({ include: ['TAGS', 'SETTINGS'] });
  expect(clusters).toMatchObject([{ status: 'INACTIVE', tags, settings: [{ value: 'disabled' }] }]);
  expect((await ecs.listClusters()).clusterArns).toEqual([]);

  const settings = [{ name: 'containerInsights', value: 'enabled' } as const];
  const named = { cluster: 'default' };
  expect(await refusalOf(ecs.updateCluster({ ...named, settings }))).toBe(notActive);
  expect(await refusalOf(ecs.updateClusterSettings({ ...named, settings }))).toBe(notActive);
  expect(await refusalOf(ecs.listTagsForResource({ resourceArn }))).toBe(inactiveForTags);
  expect(await refusalOf(ecs.tagResource({ resourceArn, tags }))).toBe(inactiveForTags);
  expect(await refusalOf(ecs.untagResource({ resourceArn, tagKeys: ['team'] }))).toBe(
    inactiveForTags,
  );
  expect(await refusalOf(ecs.listTasks({}))).toBe(inactive);
  expect(await refusalOf(ecs.describeTasks({ tasks: ['a'.repeat(32)] }))).toBe(inactive);
  expect(await refusalOf(ecs.stopTask({ task: 'a'.repeat(32) }))).toBe(inactive);
});

test('an INACTIVE cluster can be deleted again, and created again without what it had', async ({
  ecs,
}) => {
  const { cluster } = await ecs.createCluster({
    tags: [{ key: 'team', value: 'blue' }],
    capacityProviders: ['FARGATE'],
    configuration: { executeCommandConfiguration: { logging: 'NONE' } },
  });
  await ecs.deleteCluster({ cluster: 'default' });
  const again = await ecs.deleteCluster({ cluster: cluster?.clusterArn });
  expect(again.cluster).toMatchObject({ status: 'INACTIVE', attachments: [] });

  const created = await ecs.createCluster({});
  expect(created.cluster).toMatchObject({
    clusterArn: cluster?.clusterArn,
    status: 'ACTIVE',
    tags: [],
    capacityProviders: [],
  });
  expect(created.cluster).not.toHaveProperty('configuration');
});

test('DeleteCluster needs a cluster that exists', async ({ ecs }) => {
  expect(await refusalOf(ecs.deleteCluster({ cluster: 'nowhere' }))).toBe(notFound);
  expect(await refusalOf(ecs.deleteCluster({ cluster: '' }))).toBe(
    'InvalidParameterException: Clusters can not be blank.',
  );
});

test('DescribeClusters gives each cluster once, and for what is missing a failure', async ({
  ecs,
  accountId,
}) => {
  await ecs.createCluster({ clusterName: 'a' });
  const arn = (name: string) => `arn:aws:ecs:us-east-1:${accountId}:cluster/${name}`;
  const { clusters, failures } = await ecs.describeClusters({
    clusters: ['a', 'a', arn('a'), 'nope'],
  });
  expect(clusters?.map(({ clusterArn }) => clusterArn)).toEqual([arn('a')]);
  expect(failures).toEqual([{ arn: arn('nope'), reason: 'MISSING' }]);
});

test('DescribeClusters without names means the cluster default', async ({ ecs, accountId }) => {
  const arn = `arn:aws:ecs:us-east-1:${accountId}:cluster/default`;
  expect(await ecs.describeClusters()).toMatchObject({
    clusters: [],
    failures: [{ arn, reason: 'MISSING' }],
  });
  await ecs.createCluster();
  expect(await ecs.describeClusters({ clusters: [] })).toMatchObject({
    clusters: [{ clusterArn: arn }],
    failures: [],
  });
});

test('DescribeClusters names what may be included once there is something to include it in', async ({
  ecs,
}) => {
  const include: ClusterField[] = ['TAGS', 'EVERYTHING' as 'TAGS'];
  const { failures } = await ecs.describeClusters({ include });
  expect(failures).toHaveLength(1);
  await ecs.createCluster();
  expect(await refusalOf(ecs.describeClusters({ include }))).toBe(
    'InvalidParameterException: include should be one of ' +
      '[ATTACHMENTS,CONFIGURATIONS,SETTINGS,STATISTICS,TAGS]',
  );
});

test('DescribeClusters takes at most 100 clusters', async ({ ecs }) => {
  const clusters = Array.from({ length: 101 }, (_, number) => `cluster-${number}`);
  expect((await ecs.describeClusters({ clusters: clusters.slice(1) })).failures).toHaveLength(100);
  expect(await refusalOf(ecs.describeClusters({ clusters }))).toBe(
    'InvalidParameterException: Clusters cannot have more than 100 elements.',
  );
});

test('clusters are kept per account and per region', async ({ ecs, server, accountId }) => {
  await ecs.createCluster({ clusterName: 'mine' });
  for (const other of [server.client('999999999999'), server.client(accountId, 'eu-west-1')]) {
    expect((await other.listClusters()).clusterArns).toEqual([]);
    other.destroy();
  }
});

test.for([
  ['white space', 'my cluster'],
  ['a slash', 'a/b'],
  ['a dot', 'a.b'],
  ['letters of other alphabets', 'größe'],
])('CreateCluster refuses a name with %s', async ([, clusterName], { ecs }) => {
  expect(await refusalOf(ecs.createCluster({ clusterName }))).toBe(
    'InvalidParameterException: Cluster name contains invalid characters.',
  );
});

test('a name may have 255 characters of either case, and case matters', async ({ ecs }) => {
  const long = '-_9' + 'aB'.repeat(126);
  for (const clusterName of [long, long.toLowerCase()]) await ecs.createCluster({ clusterName });
  expect((await ecs.listClusters()).clusterArns).toHaveLength(2);
  expect(await refusalOf(ecs.createCluster({ clusterName: `${long}x` }))).toBe(
    'InvalidParameterException: Cluster name longer than 255.',
  );
});

const wrongRefs = [
  [
    'a name that cannot be',
    'a b',
    String.raw`Cluster must match ^[a-zA-Z0-9\-_]{1,255}$, but was a b`,
  ],
  ['another region', 'arn:aws:ecs:eu-west-1:ACCOUNT:cluster/a', 'Invalid Region in ARN'],
  ['another partition', 'arn:aws-cn:ecs:us-east-1:ACCOUNT:cluster/a', 'Invalid Region in ARN'],
  ['another account', 'arn:aws:ecs:us-east-1:999999999999:cluster/a', 'Invalid Account in ARN'],
  [
    'another service',
    'arn:aws:s3:us-east-1:ACCOUNT:cluster/a',
    'Invalid identifier: Identifier is not an ECS ARN',
  ],
  [
    'a longer path',
    'arn:aws:ecs:us-east-1:ACCOUNT:cluster/a/b',
    'Invalid identifier: Unexpected number of separators',
  ],
] as const;

test.for(wrongRefs)('DescribeClusters refuses %s', async ([, ref, text], { ecs, accountId }) => {
  const clusters = [ref.replace('ACCOUNT', accountId)];
  expect(await refusalOf(ecs.describeClusters({ clusters }))).toBe(
    `InvalidParameterException: ${text}`,
  );
});

test('an ARN that ends early is refused in the words of the ARN library', async ({ ecs }) => {
  const clusters = ['arn:aws:ecs:us-east-1:123456789012'];
  expect(await refusalOf(ecs.describeClusters({ clusters }))).toBe(
    'ClientException: com.amazon.arn.ARNSyntaxException: Fifth colon ' +
      `(namespace/relative-id delimiter) not found: ${clusters[0]}`,
  );
});
