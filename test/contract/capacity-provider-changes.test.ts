import type { UpdateCapacityProviderRequest } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import {
  aGroupRequest,
  describeProvider,
  scaling,
  settledCluster,
  settledProvider,
} from './capacity-provider-requests.ts';
import { startHeldServer } from './held-server.ts';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

const doesNotExist =
  'ClientException: The specified capacity provider does not exist. Specify a valid name or ARN and try again.';
const busy =
  'UpdateInProgressException: The specified capacity provider is in a busy state. Wait until its ' +
  'update has completed and try again.';

test('an update answers with the former settings, and shows the new ones when it has completed', async ({
  ecs,
}) => {
  const { capacityProvider: before } = await ecs.createCapacityProvider({
    ...aGroupRequest('blue', { managedScaling: { targetCapacity: 50, instanceWarmupPeriod: 60 } }),
    tags: [{ key: 'team', value: 'blue' }],
  });
  const { capacityProvider } = await ecs.updateCapacityProvider({
    name: 'blue',
    autoScalingGroupProvider: {
      managedScaling: { status: 'ENABLED', targetCapacity: 80 },
      managedTerminationProtection: 'ENABLED',
    },
  });
  expect(capacityProvider).toEqual({ ...before, tags: [], updateStatus: 'UPDATE_IN_PROGRESS' });
  expect(await settledProvider(ecs, 'blue')).toEqual({
    ...before,
    tags: [],
    updateStatus: 'UPDATE_COMPLETE',
    autoScalingGroupProvider: {
      ...before?.autoScalingGroupProvider,
      managedScaling: {
        ...before?.autoScalingGroupProvider?.managedScaling,
        status: 'ENABLED',
        targetCapacity: 80,
      },
      managedTerminationProtection: 'ENABLED',
    },
  });
});

test.for<readonly [string, UpdateCapacityProviderRequest, string]>([
  [
    'without a name',
    { name: undefined },
    'InvalidParameterException: A name is required when updating a capacity provider',
  ],
  ['of none', { name: 'nope', autoScalingGroupProvider: {} }, doesNotExist],
  [
    'of FARGATE',
    { name: 'FARGATE', autoScalingGroupProvider: {} },
    'ClientException: The specified capacity provider is reserved and cannot be updated. Specify a ' +
      'valid capacity provider and try again.',
  ],
  [
    'without settings',
    { name: 'blue' },
    'InvalidParameterException: Specify either an Auto Scaling group provider or a Managed Instances provider.',
  ],
  [
    'with settings of Managed Instances',
    {
      name: 'blue',
      managedInstancesProvider: {
        infrastructureRoleArn: undefined,
        instanceLaunchTemplate: undefined,
      },
    },
    'ClientException: Capacity provider is not Amazon ECS Managed Instances capacity provider',
  ],
  [
    'with a cluster',
    { name: 'blue', cluster: 'default', autoScalingGroupProvider: {} },
    'ClientException: The specified capacity provider already exists with account or a different cluster',
  ],
  [
    'with a target of 101',
    { name: 'blue', autoScalingGroupProvider: { managedScaling: { targetCapacity: 101 } } },
    'InvalidParameterException: targetCapacity must be between 1 and 100',
  ],
  [
    'with termination protection and no managed scaling',
    { name: 'blue', autoScalingGroupProvider: { managedTerminationProtection: 'ENABLED' } },
    'ClientException: The managed termination protection setting for the capacity provider is ' +
      'invalid. To enable managed termination protection for a capacity provider, managed scaling ' +
      'must be enabled.',
  ],
])('an update %s is refused', async ([, request, refusal], { ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  expect(await refusalOf(ecs.updateCapacityProvider(request))).toBe(refusal);
  expect(await describeProvider(ecs, 'blue')).not.toHaveProperty('updateStatus');
});

test('a provider that is being updated takes no other change', async () => {
  await using held = await startHeldServer();
  const { ecs } = held;
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  const update = {
    name: 'blue',
    autoScalingGroupProvider: { managedDraining: 'DISABLED' },
  } as const;
  held.hold();
  const updated = ecs.updateCapacityProvider(update);
  await held.decided(1);
  const refusals = Promise.all([
    refusalOf(ecs.updateCapacityProvider(update)),
    refusalOf(ecs.deleteCapacityProvider({ capacityProvider: 'blue' })),
  ]);
  await held.decided(3);
  held.release();
  expect((await updated).capacityProvider?.updateStatus).toBe('UPDATE_IN_PROGRESS');
  expect(await refusals).toEqual([busy, busy]);
});

test('an update sets up and tears down what the cluster has of the provider', async ({ ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue', { managedScaling: scaling }));
  await ecs.createCluster({ capacityProviders: ['blue'] });
  await settledCluster(ecs);
  await ecs.updateCapacityProvider({
    name: 'blue',
    autoScalingGroupProvider: { managedScaling: { status: 'DISABLED' } },
  });
  await settledProvider(ecs, 'blue');
  expect(await settledCluster(ecs)).toMatchObject({
    status: 'ACTIVE',
    attachmentsStatus: 'UPDATE_COMPLETE',
    attachments: [
      { type: 'as_policy', status: 'DELETED' },
      { type: 'managed_draining', status: 'CREATED' },
    ],
  });
});

test('a provider of two clusters can not get managed scaling', async ({ ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue', { managedDraining: 'DISABLED' }));
  await ecs.createCluster({ clusterName: 'one', capacityProviders: ['blue'] });
  await ecs.createCluster({ clusterName: 'two', capacityProviders: ['blue'] });
  const sent = ecs.updateCapacityProvider({
    name: 'blue',
    autoScalingGroupProvider: { managedScaling: scaling },
  });
  expect(await refusalOf(sent)).toMatch(/^ClientException: The managed scaling setting/);
});

test('a provider that is deleted becomes INACTIVE, and its name and group are free', async ({
  ecs,
}) => {
  const { capacityProvider } = await ecs.createCapacityProvider(aGroupRequest('blue'));
  const deleted = await ecs.deleteCapacityProvider({
    capacityProvider: capacityProvider?.capacityProviderArn,
  });
  expect(deleted.capacityProvider).toEqual({
    ...capacityProvider,
    status: 'ACTIVE',
    updateStatus: 'DELETE_IN_PROGRESS',
  });
  const inactive = { status: 'INACTIVE', updateStatus: 'DELETE_COMPLETE' };
  expect(await settledProvider(ecs, 'blue')).toMatchObject(inactive);
  const again = await ecs.deleteCapacityProvider({ capacityProvider: 'blue' });
  expect(again.capacityProvider).toMatchObject(inactive);
  const resourceArn = capacityProvider?.capacityProviderArn;
  expect(await refusalOf(ecs.listTagsForResource({ resourceArn }))).toBe(
    'InvalidParameterException: The specified capacity provider is inactive. Specify an active ' +
      'capacity provider and try again.',
  );
  const update = { name: 'blue', autoScalingGroupProvider: {} };
  expect(await refusalOf(ecs.updateCapacityProvider(update))).toBe(doesNotExist);
  const created = await ecs.createCapacityProvider(aGroupRequest('blue'));
  expect(created.capacityProvider).toEqual(capacityProvider);
});

test('the deletion of an associated provider fails, and succeeds once it is not', async ({
  ecs,
}) => {
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  await ecs.createCluster({ clusterName: 'web', capacityProviders: ['blue'] });
  await settledCluster(ecs, 'web');
  const failed = {
    status: 'ACTIVE',
    updateStatus: 'DELETE_FAILED',
    updateStatusReason:
      'The capacity provider cannot be deleted because it is associated with cluster: web. Remove ' +
      'the capacity provider from the cluster and try again.',
  };
  const first = await ecs.deleteCapacityProvider({ capacityProvider: 'blue' });
  expect(first.capacityProvider).toMatchObject(failed);
  expect(await describeProvider(ecs, 'blue')).toMatchObject(failed);

  await ecs.putClusterCapacityProviders({
    cluster: 'web',
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  });
  const second = await ecs.deleteCapacityProvider({ capacityProvider: 'blue' });
  expect(second.capacityProvider?.updateStatus).toBe('DELETE_IN_PROGRESS');
  expect(second.capacityProvider).not.toHaveProperty('updateStatusReason');
  expect((await settledProvider(ecs, 'blue'))?.status).toBe('INACTIVE');
});

test('a deleted cluster holds no provider', async ({ ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue', { managedScaling: scaling }));
  await ecs.createCluster({ capacityProviders: ['blue'] });
  await settledCluster(ecs);
  const { cluster } = await ecs.deleteCluster({ cluster: 'default' });
  expect(cluster?.status).toBe('DEPROVISIONING');
  await expect
    .poll(async () => (await ecs.describeClusters()).clusters?.[0]?.status)
    .toBe('INACTIVE');
  await ecs.deleteCapacityProvider({ capacityProvider: 'blue' });
  expect((await settledProvider(ecs, 'blue'))?.status).toBe('INACTIVE');
});

test.for([
  ['nothing', '', 'InvalidParameterException: CapacityProvider can not be blank.'],
  ['none', 'nope', doesNotExist],
  [
    'FARGATE_SPOT',
    'FARGATE_SPOT',
    'ClientException: The specified capacity provider is reserved and cannot be deleted. Specify a ' +
      'valid capacity provider and try again.',
  ],
] as const)('the deletion of %s is refused', async ([, capacityProvider, refusal], { ecs }) => {
  expect(await refusalOf(ecs.deleteCapacityProvider({ capacityProvider }))).toBe(refusal);
});

test("a provider of the account is not deleted as a cluster's", async ({ ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  const sent = ecs.deleteCapacityProvider({ capacityProvider: 'blue', cluster: 'default' });
  expect(await refusalOf(sent)).toBe(
    'ClientException: The specified capacity provider already exists with account or a different cluster',
  );
});
