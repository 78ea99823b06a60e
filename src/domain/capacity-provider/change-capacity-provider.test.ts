import { describe, expect, test } from 'vitest';
import {
  aGroupProvider,
  aManagedProvider,
  autoScalingSettings,
} from '../../../test/fixtures/a-capacity-provider.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import {
  deletedCapacityProvider,
  settledCapacityProvider,
  updatedCapacityProvider,
} from './change-capacity-provider.ts';
import type { CapacityProvider, UpdateStatus } from './capacity-provider.ts';

const unused = { clusterNames: [], isUsed: false };
const inProgress = ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'] as const;

describe('an update', () => {
  const input = { name: 'x', autoScalingGroupProvider: { managedDraining: 'DISABLED' } } as const;

  test('keeps the settings until it has completed, and forgets why the last change failed', () => {
    const before = aGroupProvider('x', {
      updateStatus: 'DELETE_FAILED',
      updateStatusReason: 'It was associated.',
    });
    const begun = updatedCapacityProvider(before, input, 0);
    expect(begun).toEqual({
      ...aGroupProvider('x'),
      updateStatus: 'UPDATE_IN_PROGRESS',
      updatedSettings: autoScalingSettings({ managedDraining: 'DISABLED' }),
    });
    expect(settledCapacityProvider(begun, 7)).toEqual({
      ...aGroupProvider('x'),
      updateStatus: 'UPDATE_COMPLETE',
      settings: autoScalingSettings({ managedDraining: 'DISABLED' }),
    });
  });

  test.each(inProgress)('waits for %s', (updateStatus) => {
    const attempt = () => updatedCapacityProvider(aGroupProvider('x', { updateStatus }), input, 0);
    expect(refusalOf(attempt)).toMatch(/^UpdateInProgressException: /);
  });

  test('to managed scaling needs no more than one cluster', () => {
    const scaling = {
      name: 'x',
      autoScalingGroupProvider: { managedScaling: { status: 'ENABLED' } },
    } as const;
    const attempt = (associations: number) =>
      refusalOf(() => updatedCapacityProvider(aGroupProvider('x'), scaling, associations));
    expect([attempt(0), attempt(1)]).toEqual([undefined, undefined]);
    expect(attempt(2)).toMatch(/^ClientException: The managed scaling setting/);
  });
});

describe('a deletion', () => {
  test.each<[string, CapacityProvider]>([
    ['an Auto Scaling group', aGroupProvider('x')],
    ['Managed Instances', aManagedProvider('x')],
  ])('of %s ends with INACTIVE', (_, provider) => {
    const begun = deletedCapacityProvider(provider, unused);
    expect(begun).toMatchObject({
      status: 'DEPROVISIONING',
      updateStatus: 'DELETE_IN_PROGRESS',
    });
    expect(deletedCapacityProvider(begun, unused)).toBe(begun);
    const ended = settledCapacityProvider(begun, 7);
    expect(ended).toMatchObject({
      status: 'INACTIVE',
      updateStatus: 'DELETE_COMPLETE',
      inactiveAt: 7,
    });
    expect(deletedCapacityProvider(ended, unused)).toBe(ended);
  });

  test('of an associated provider fails, and leaves it ACTIVE', () => {
    const use = { clusterNames: ['a', 'b'], isUsed: false };
    expect(deletedCapacityProvider(aGroupProvider('x'), use)).toEqual({
      ...aGroupProvider('x'),
      updateStatus: 'DELETE_FAILED',
      updateStatusReason:
        'The capacity provider cannot be deleted because it is associated with cluster: a. ' +
        'Remove the capacity provider from the cluster and try again.',
    });
  });

  test('of Managed Instances waits for their tasks', () => {
    const use = { clusterNames: ['default'], isUsed: true };
    expect(refusalOf(() => deletedCapacityProvider(aManagedProvider('x'), use))).toBe(
      'ResourceInUseException: The specified capacity provider is in use and cannot be removed.',
    );
  });

  test.each(inProgress.slice(0, 2))('waits for %s', (updateStatus) => {
    const attempt = () => deletedCapacityProvider(aGroupProvider('x', { updateStatus }), unused);
    expect(refusalOf(attempt)).toMatch(/^UpdateInProgressException: /);
  });
});

test.each<UpdateStatus | undefined>([
  undefined,
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'DELETE_COMPLETE',
  'DELETE_FAILED',
])('a provider that is %s is settled', (updateStatus) => {
  const provider = aGroupProvider('x', updateStatus && { updateStatus });
  expect(settledCapacityProvider(provider, 7)).toBe(provider);
});
