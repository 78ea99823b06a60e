import type { CreateCapacityProviderRequest, ECS } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import {
  aGroupRequest,
  aManagedRequest,
  describeProvider,
  managedInstances,
  settledProvider,
} from './capacity-provider-requests.ts';
import { startHeldServer } from './held-server.ts';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import { test } from './server.ts';

async function createManaged(ecs: ECS, name = 'mi'): Promise<void> {
  await ecs.createCluster();
  await ecs.createCapacityProvider(aManagedRequest(name));
  await settledProvider(ecs, name);
}

async function providersOf(ecs: ECS): Promise<readonly string[] | undefined> {
  return (await ecs.describeClusters()).clusters?.[0]?.capacityProviders;
}

test('a provider of Managed Instances becomes ACTIVE, and is with its cluster from the start', async ({
  ecs,
  accountId,
}) => {
  await ecs.createCluster({ capacityProviders: ['FARGATE'] });
  const { capacityProvider } = await ecs.createCapacityProvider({
    ...aManagedRequest('mi'),
    tags: [{ key: 'team', value: 'blue' }],
  });
  const settings = managedInstances({}, { capacityOptionType: 'ON_DEMAND' });
  expect(capacityProvider).toEqual({
    capacityProviderArn: `arn:aws:ecs:us-east-1:${accountId}:capacity-provider/mi`,
    name: 'mi',
    cluster: 'default',
    status: 'PROVISIONING',
    updateStatus: 'CREATE_IN_PROGRESS',
    type: 'MANAGED_INSTANCES',
    managedInstancesProvider: settings,
    tags: [{ key: 'team', value: 'blue' }],
  });
  expect(await providersOf(ecs)).toEqual(['FARGATE', 'mi']);
  expect(await settledProvider(ecs, 'mi')).toMatchObject({
    status: 'ACTIVE',
    updateStatus: 'CREATE_COMPLETE',
  });
  const { clusters } = await ecs.describeClusters({ include: ['ATTACHMENTS'] });
  expect(clusters?.[0]).not.toHaveProperty('attachmentsStatus');
});

const must =
  'InvalidParameterException: Amazon ECS Managed Instances capacity provider must specify';

/** A request with other settings than those that are accepted. */
function withSettings(given: object, template: object = {}): CreateCapacityProviderRequest {
  const managedInstancesProvider = managedInstances(given, template);
  return { name: 'mi', cluster: 'default', managedInstancesProvider };
}

function withNetwork(networkConfiguration: object): CreateCapacityProviderRequest {
  return withSettings({}, { networkConfiguration });
}

const subnets = ['subnet-01234567'];

test.for<readonly [string, CreateCapacityProviderRequest, string]>([
  [
    'a cluster',
    { name: 'mi', managedInstancesProvider: managedInstances() },
    'InvalidParameterException: Amazon ECS Managed Instances Provider is not supported without a Cluster Name',
  ],
  [
    'details',
    { name: 'mi', cluster: 'default' },
    'InvalidParameterException: The Amazon ECS Managed Instances provider details are required when ' +
      'creating a Amazon ECS Managed Instances capacity provider',
  ],
  ['a role', withSettings({ infrastructureRoleArn: '' }), `${must} an InfrastructureRole`],
  [
    'a role that is one',
    withSettings({ infrastructureRoleArn: 'arn:aws:iam::123456789012:user/ann' }),
    'InvalidParameterException: The specified infrastructure role arn is invalid',
  ],
  [
    'a template',
    withSettings({ instanceLaunchTemplate: undefined }),
    `${must} an instance profile`,
  ],
  [
    'an instance profile',
    withSettings({}, { ec2InstanceProfileArn: '' }),
    `${must} an instance profile`,
  ],
  [
    'an instance profile that is one',
    withSettings({}, { ec2InstanceProfileArn: 'arn:aws:iam::123456789012:role/x' }),
    'InvalidParameterException: The specified instance profile role arn is invalid',
  ],
  [
    'a network',
    withSettings({}, { networkConfiguration: undefined }),
    `${must} a Network Configuration`,
  ],
  [
    'subnets',
    withNetwork({ subnets: [] }),
    `${must} a Network Configuration with non empty subnets`,
  ],
  [
    'subnets that are some',
    withNetwork({ subnets: ['subnet-0123'] }),
    'InvalidParameterException: The specified subnet id is invalid',
  ],
  [
    'security groups that are some',
    withNetwork({ subnets, securityGroups: ['sg-XYZ01234'] }),
    'InvalidParameterException: The specified security group id is invalid',
  ],
  [
    'a known way to propagate tags',
    withSettings({ propagateTags: 'TASK' }),
    'InvalidParameterException: Invalid value for propagateTags',
  ],
  [
    'instances that exist',
    withSettings(
      {},
      { instanceRequirements: { vCpuCount: { min: 8, max: 4 }, memoryMiB: { min: 1 } } },
    ),
    'InvalidParameterException: No instance types satisfy the instance requirements specified in the ' +
      'Amazon ECS Managed Instances capacity provider',
  ],
  [
    'a size of instances',
    withSettings({}, { instanceRequirements: { vCpuCount: { min: 8 }, memoryMiB: {} } }),
    'InvalidParameterException: instanceRequirements must specify vCpuCount and memoryMiB.',
  ],
  [
    'tags that leave room for those of ECS',
    {
      ...withSettings({}),
      tags: Array.from({ length: 46 }, (_, index) => ({ key: `k${index}`, value: '' })),
    },
    'InvalidParameterException: Amazon ECS Managed Instances capacity provider cannot have number of ' +
      'tags exceeding maximum allowed value',
  ],
  [
    'enough storage',
    withSettings({}, { storageConfiguration: { storageSizeGiB: 29 } }),
    'InvalidParameterException: storageSizeGiB must be between 30 and 16384',
  ],
  [
    'a known monitoring',
    withSettings({}, { monitoring: 'LOTS' }),
    'InvalidParameterException: monitoring should be one of [BASIC,DETAILED]',
  ],
  [
    'a known capacity option',
    withSettings({}, { capacityOptionType: 'CHEAP' }),
    'InvalidParameterException: capacityOptionType should be one of [ON_DEMAND,RESERVED,SPOT]',
  ],
  [
    'a known preference for reservations',
    withSettings({}, { capacityReservations: { reservationPreference: 'ALWAYS' } }),
    'InvalidParameterException: reservationPreference should be one of ' +
      '[RESERVATIONS_EXCLUDED,RESERVATIONS_FIRST,RESERVATIONS_ONLY]',
  ],
  [
    'a possible delay of scaling in',
    withSettings({ infrastructureOptimization: { scaleInAfter: 3601 } }),
    'InvalidParameterException: scaleInAfter must be between -1 and 3600',
  ],
  [
    'a known auto repair',
    withSettings({ autoRepairConfiguration: { actionsStatus: 'ON' } }),
    'InvalidParameterException: actionsStatus should be one of [DISABLED,ENABLED]',
  ],
  [
    'a moderate number of tags',
    {
      ...aManagedRequest('mi'),
      tags: Array.from({ length: 46 }, (_, index) => ({ key: `k${index}`, value: '' })),
    },
    'InvalidParameterException: Amazon ECS Managed Instances capacity provider cannot have number of ' +
      'tags exceeding maximum allowed value',
  ],
])('Managed Instances need %s', async ([, request, refusal], { ecs }) => {
  await ecs.createCluster();
  expect(await refusalOf(ecs.createCapacityProvider(request))).toBe(refusal);
  expect(await describeProvider(ecs, 'mi')).toBeUndefined();
  expect(await providersOf(ecs)).toEqual([]);
});

test('Managed Instances need a cluster that is there', async ({ ecs }) => {
  const sent = () => refusalOf(ecs.createCapacityProvider(aManagedRequest('mi')));
  expect(await sent()).toBe('ClusterNotFoundException: Cluster not found.');
  await ecs.createCluster();
  await ecs.deleteCluster({ cluster: 'default' });
  expect(await sent()).toBe('ClusterNotFoundException: The referenced cluster was inactive.');
});

test('a cluster has 20 providers at most, those of Managed Instances too', async ({ ecs }) => {
  await ecs.createCluster();
  for (let i = 0; i < 20; i += 1) await ecs.createCapacityProvider(aManagedRequest(`mi${i}`));
  expect(await refusalOf(ecs.createCapacityProvider(aManagedRequest('mi20')))).toBe(
    'InvalidParameterException: The maximum number of capacity providers per cluster has been exceeded.',
  );
  expect(await describeProvider(ecs, 'mi20')).toBeUndefined();
});

test('names are of the whole account, whatever the kind', async ({ ecs }) => {
  await createManaged(ecs);
  await ecs.createCapacityProvider(aGroupRequest('asg'));
  await ecs.createCluster({ clusterName: 'other' });
  const sent = (request: CreateCapacityProviderRequest) =>
    refusalOf(ecs.createCapacityProvider(request));
  const exists = 'ClientException: The specified capacity provider already exists';
  expect(await sent(aManagedRequest('mi'))).toBe(
    `${exists}. To change the configuration of an existing capacity provider, update the capacity provider.`,
  );
  expect(await sent(aGroupRequest('mi'))).toBe(`${exists} with cluster scope`);
  const elsewhere = `${exists} with account or a different cluster`;
  expect(await sent({ ...aManagedRequest('mi'), cluster: 'other' })).toBe(elsewhere);
  expect(await sent(aManagedRequest('asg'))).toBe(elsewhere);
});

test('an update replaces the parts of the launch template that are given', async ({
  ecs,
  accountId,
}) => {
  await createManaged(ecs);
  const infrastructureRoleArn = `arn:aws:iam::${accountId}:role/other`;
  const instanceLaunchTemplate = { storageConfiguration: { storageSizeGiB: 100 } };
  const { capacityProvider } = await ecs.updateCapacityProvider({
    name: 'mi',
    cluster: 'default',
    managedInstancesProvider: { infrastructureRoleArn, instanceLaunchTemplate },
  });
  const before = managedInstances({}, { capacityOptionType: 'ON_DEMAND' });
  expect(capacityProvider).toMatchObject({
    status: 'ACTIVE',
    updateStatus: 'UPDATE_IN_PROGRESS',
    managedInstancesProvider: before,
  });
  expect(await settledProvider(ecs, 'mi')).toMatchObject({
    status: 'ACTIVE',
    updateStatus: 'UPDATE_COMPLETE',
    managedInstancesProvider: {
      infrastructureRoleArn,
      instanceLaunchTemplate: { ...before.instanceLaunchTemplate, ...instanceLaunchTemplate },
    },
  });
});

test('an update names the cluster, and settings of its kind', async ({ ecs }) => {
  await createManaged(ecs);
  const { infrastructureRoleArn } = managedInstances();
  const update = (cluster: string | undefined, given: object = {}) =>
    refusalOf(
      ecs.updateCapacityProvider({
        name: 'mi',
        cluster,
        managedInstancesProvider: {
          infrastructureRoleArn,
          instanceLaunchTemplate: {},
          ...given,
        },
      }),
    );
  expect(await update(undefined)).toBe(
    'ClientException: The specified capacity provider already exists with cluster scope',
  );
  expect(await update('other')).toBe(
    'ClientException: Capacity provider active cluster name does not match the cluster name in the request',
  );
  expect(await update('default', { propagateTags: 'SOME' })).toBe(
    'InvalidParameterException: Invalid value for propagateTags',
  );
  const asGroup = { name: 'mi', cluster: 'default', autoScalingGroupProvider: {} };
  expect(await refusalOf(ecs.updateCapacityProvider(asGroup))).toBe(
    'ClientException: Capacity provider is not an Auto Scaling group capacity provider',
  );
});

test('a cluster can not be deleted before its own providers are', async ({ ecs }) => {
  await createManaged(ecs);
  const refusal =
    'ClientException: The Cluster cannot be deleted while Cluster Scoped Capacity Providers are ' +
    'attached to the cluster.';
  expect(await refusalOf(ecs.deleteCluster({ cluster: 'default' }))).toBe(refusal);

  const named = { capacityProvider: 'mi', cluster: 'default' };
  const { capacityProvider } = await ecs.deleteCapacityProvider(named);
  expect(capacityProvider).toMatchObject({
    status: 'ACTIVE',
    updateStatus: 'DELETE_IN_PROGRESS',
  });
  expect((await settledProvider(ecs, 'mi'))?.status).toBe('INACTIVE');
  expect(await providersOf(ecs)).toEqual([]);
  expect((await ecs.deleteCluster({ cluster: 'default' })).cluster?.status).toBe('INACTIVE');
});

test('a deletion names the cluster, or the provider by its ARN', async ({ ecs, accountId }) => {
  await createManaged(ecs);
  const byName = ecs.deleteCapacityProvider({ capacityProvider: 'mi' });
  expect(await refusalOf(byName)).toBe(
    'ClientException: The specified capacity provider already exists with cluster scope',
  );
  const capacityProvider = `arn:aws:ecs:us-east-1:${accountId}:capacity-provider/mi`;
  const deleted = await ecs.deleteCapacityProvider({ capacityProvider });
  expect(deleted.capacityProvider?.updateStatus).toBe('DELETE_IN_PROGRESS');
});

test('PutClusterCapacityProviders neither adds nor drops Managed Instances', async ({ ecs }) => {
  await createManaged(ecs);
  await ecs.createCluster({ clusterName: 'other' });
  const put = (cluster: string, capacityProviders: string[]) =>
    ecs.putClusterCapacityProviders({
      cluster,
      capacityProviders,
      defaultCapacityProviderStrategy: [],
    });
  expect(await refusalOf(put('other', ['mi']))).toMatch(
    /^InvalidParameterException: Cannot associate Managed Instances capacity provider to clusters using this API\./,
  );
  const sent = ecs.createCluster({ clusterName: 'third', capacityProviders: ['mi'] });
  expect(await refusalOf(sent)).toMatch(/^InvalidParameterException: Cannot associate Managed/);
  expect((await put('default', ['FARGATE'])).cluster?.capacityProviders).toEqual(['FARGATE', 'mi']);
  expect((await put('default', ['mi'])).cluster?.capacityProviders).toEqual(['mi']);
});

test('Managed Instances may be in the default strategy once they are ACTIVE', async ({ ecs }) => {
  await createManaged(ecs);
  const defaultCapacityProviderStrategy = [{ capacityProvider: 'mi', weight: 1, base: 0 }];
  const { cluster } = await ecs.putClusterCapacityProviders({
    cluster: 'default',
    capacityProviders: [],
    defaultCapacityProviderStrategy,
  });
  expect(cluster).toMatchObject({ capacityProviders: ['mi'], defaultCapacityProviderStrategy });
  await ecs.registerTaskDefinition(
    aDefinition({ requiresCompatibilities: ['MANAGED_INSTANCES'], networkMode: 'host' }),
  );
  const { tasks, failures } = await ecs.runTask({ taskDefinition: 'web' });
  expect({ tasks, failures }).toEqual({
    tasks: [],
    failures: [{ reason: 'EMPTY CAPACITY PROVIDER' }],
  });
  await ecs.deleteCapacityProvider({ capacityProvider: 'mi', cluster: 'default' });
  await settledProvider(ecs, 'mi');
  expect((await ecs.describeClusters()).clusters).toMatchObject([
    { capacityProviders: [], defaultCapacityProviderStrategy: [] },
  ]);
});

test('a provider that is PROVISIONING is not used and not deleted', async () => {
  await using held = await startHeldServer();
  const { ecs } = held;
  await ecs.createCluster();
  held.hold();
  const created = ecs.createCapacityProvider(aManagedRequest('mi'));
  await held.decided(1);
  const item = { capacityProvider: 'mi', weight: 1 };
  const cluster = 'default';
  const refusals = Promise.all([
    refusalOf(
      ecs.putClusterCapacityProviders({
        cluster,
        capacityProviders: ['mi'],
        defaultCapacityProviderStrategy: [],
      }),
    ),
    refusalOf(
      ecs.putClusterCapacityProviders({
        cluster,
        capacityProviders: [],
        defaultCapacityProviderStrategy: [item],
      }),
    ),
    refusalOf(ecs.deleteCapacityProvider({ capacityProvider: 'mi', cluster })),
  ]);
  await held.decided(4);
  held.release();
  expect((await created).capacityProvider?.status).toBe('PROVISIONING');
  const notActive =
    "InvalidParameterException: The specified capacity provider 'mi' is not in an ACTIVE state. " +
    'Specify a valid capacity provider and try again.';
  expect(await refusals).toEqual([
    notActive,
    notActive,
    expect.stringMatching(/^UpdateInProgressException: /),
  ]);
});
