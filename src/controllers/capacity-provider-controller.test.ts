import { expect, test } from 'vitest';
import {
  aGroupProvider,
  aManagedProvider,
  autoScalingSettings,
} from '../../test/fixtures/a-capacity-provider.ts';
import { aCluster } from '../../test/fixtures/a-cluster.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import type { CapacityProvider } from '../domain/capacity-provider/capacity-provider.ts';
import { settleAttachments, withProviderAttachments } from '../domain/cluster/attachments.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import { MemoryDisk } from '../store/memory/memory-store.ts';
import { ManualClock } from '../support/clock.ts';
import { CapacityProviderController } from './capacity-provider-controller.ts';
import { lookAgain, settled } from './controller.ts';

const hourMs = 60 * 60 * 1000;

interface Records {
  readonly provider?: CapacityProvider;
  readonly clusters?: readonly Cluster[];
}

/** A state on a disk, with these records besides those that the disk has, and the controller. */
async function open({ provider, clusters = [] }: Records, disk = new MemoryDisk()) {
  const state = await openState({ store: await disk.open() });
  state.transact((tx) => {
    if (provider) tx.capacityProviders.put(provider);
    for (const cluster of clusters) tx.clusters.put(cluster);
  });
  const clock = new ManualClock(1_000_000);
  let ids = 0;
  const newUuid = (): string => `id-${(ids += 1)}`;
  const controller = new CapacityProviderController({ state, clock, newUuid });
  const restart = async () => {
    await state.flush();
    disk.cutOff();
    return open({}, disk);
  };
  return { state, clock, controller, restart };
}

/** A provider whose managed scaling is about to be turned off, and a cluster that has its policy. */
function anUpdate(): { provider: CapacityProvider; cluster: Cluster } {
  const scaled = aGroupProvider('x', {
    settings: autoScalingSettings({ managedScaling: { status: 'ENABLED' } }),
  });
  const provider = {
    ...scaled,
    updateStatus: 'UPDATE_IN_PROGRESS',
    updatedSettings: autoScalingSettings(),
  } as const;
  const cluster = aCluster({ capacityProviders: ['x'] });
  const attached = withProviderAttachments(
    cluster,
    () => scaled,
    () => 'id',
  );
  return { provider, cluster: settleAttachments(attached) };
}

test('a provider that is being created becomes ACTIVE, and then nothing changes', async () => {
  const provider = aManagedProvider('x', {
    status: 'PROVISIONING',
    updateStatus: 'CREATE_IN_PROGRESS',
  });
  const { state, controller } = await open({ provider });
  expect([...controller.allKeys()]).toEqual([provider.arn]);
  expect(controller.reconcile(provider.arn)).toEqual(settled);
  const created = state.read.capacityProviders.findByArn(provider.arn);
  expect(created).toMatchObject({ status: 'ACTIVE', updateStatus: 'CREATE_COMPLETE' });
  expect([...controller.allKeys()]).toEqual([]);
  controller.reconcile(provider.arn);
  expect(state.read.capacityProviders.findByArn(provider.arn)).toBe(created);
});

test('an update reaches the clusters of the provider, also after a restart', async () => {
  const { provider, cluster } = anUpdate();
  const world = await open({ provider, clusters: [cluster] });
  const { state, controller } = await world.restart();
  expect([...controller.allKeys()]).toEqual([provider.arn]);
  controller.reconcile(provider.arn);
  expect(state.read.capacityProviders.findByArn(provider.arn)).toMatchObject({
    updateStatus: 'UPDATE_COMPLETE',
    settings: { managedScaling: { status: 'DISABLED' } },
  });
  expect(state.read.clusters.findByArn(cluster.arn)).toMatchObject({
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
    attachments: [
      { type: 'as_policy', status: 'DELETING' },
      { type: 'managed_draining', status: 'CREATED' },
    ],
  });
});

test('an update leaves a cluster alone that is on its way out', async () => {
  const { provider, cluster } = anUpdate();
  const leaving = { ...cluster, status: 'DEPROVISIONING' } as const;
  const { state, controller } = await open({ provider, clusters: [leaving] });
  controller.reconcile(provider.arn);
  expect(state.read.clusters.findByArn(cluster.arn)).toBe(leaving);
});

test('Managed Instances that are deleted leave their cluster', async () => {
  const provider = aManagedProvider('x', {
    status: 'DEPROVISIONING',
    updateStatus: 'DELETE_IN_PROGRESS',
  });
  const cluster = aCluster({
    capacityProviders: ['FARGATE', 'x'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'x', weight: 1, base: 0 }],
  });
  const { state, controller } = await open({ provider, clusters: [cluster] });
  controller.reconcile(provider.arn);
  expect(state.read.clusters.findByArn(cluster.arn)).toEqual({
    ...cluster,
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: [],
  });
});

test('an INACTIVE provider is remembered for an hour', async () => {
  const provider = aGroupProvider('x', { status: 'INACTIVE', inactiveAt: 1_000_000 });
  const { state, clock, controller } = await open({ provider });
  expect([...controller.allKeys()]).toEqual([provider.arn]);
  expect(controller.reconcile(provider.arn)).toEqual(lookAgain(1_000_000 + hourMs));
  clock.advance(hourMs);
  expect(controller.reconcile(provider.arn)).toEqual(settled);
  expect(state.read.capacityProviders.findByArn(provider.arn)).toBeUndefined();
  expect(controller.reconcile(provider.arn)).toEqual(settled);
});

test('only providers wake the controller', async () => {
  const { controller } = await open({});
  expect(controller.keysOf({ kind: 'capacity-provider', key: 'x' })).toEqual(['x']);
  expect(controller.keysOf({ kind: 'cluster', key: 'x' })).toEqual([]);
});
