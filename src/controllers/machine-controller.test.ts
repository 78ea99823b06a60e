import { expect, test } from 'vitest';
import { aCluster, scope } from '../../test/fixtures/a-cluster.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { clusterArn } from '../domain/arn.ts';
import type { Machine } from '../domain/container-instance/machine.ts';
import { ManualClock } from '../support/clock.ts';
import { newId, newUuid } from '../support/ids.ts';
import { MachineController } from './machine-controller.ts';

const laptop: Machine = {
  id: 'laptop',
  cpuUnits: 2048,
  memoryMiB: 4096,
  cpuArchitecture: 'x86_64',
  dockerVersion: '28.1',
  logDrivers: ['fluentd', 'syslog'],
  volumeDrivers: ['local'],
  securityModules: [],
  attachesVolumes: false,
  servesRoles: false,
};

/** A state, machines that come and go, and servers one after the other that look after them. */
async function aWorld() {
  const state = await openState();
  const clock = new ManualClock(1000);
  const warnings: string[] = [];
  const log = {
    info: () => undefined,
    error: () => undefined,
    warn: (_: unknown, message: string) => warnings.push(message),
  };
  const world = {
    state,
    clock,
    warnings,
    machines: [laptop] as readonly Machine[],
    start: (clusterName: string | undefined) =>
      new MachineController({
        state,
        compute: { machines: () => world.machines },
        clock,
        log,
        newId,
        newUuid,
        clusterArn: clusterName === undefined ? undefined : clusterArn(scope, clusterName),
        version: '1.2.3',
        ownPorts: [4510],
      }),
    instances: (clusterName = 'default') => [
      ...state.read.containerInstances.list(clusterArn(scope, clusterName), undefined),
    ],
  };
  return world;
}

test('a machine is an instance of the cluster `default`, which is made for it', async () => {
  const world = await aWorld();
  world.start('default').reconcile();
  expect(world.state.read.clusters.findByArn(clusterArn(scope, 'default'))?.status).toBe('ACTIVE');
  const [instance] = world.instances();
  expect(instance).toMatchObject({
    machineId: 'laptop',
    status: 'ACTIVE',
    agentConnected: true,
    connectedAt: 1000,
    versionInfo: { agentVersion: '1.2.3', dockerVersion: 'DockerVersion: 28.1' },
    healthCheck: { status: 'OK' },
    registeredResources: {
      cpuUnits: 2048,
      memoryMiB: 4096,
      reservedPorts: [22, 2375, 2376, 51_678, 51_679, 4510],
    },
  });
  expect(instance).not.toHaveProperty('ec2InstanceId');
});

test('looking again changes nothing', async () => {
  const world = await aWorld();
  const controller = world.start('default');
  controller.reconcile();
  const before = world.instances();
  world.clock.advance(1000);
  controller.reconcile();
  expect(world.instances()).toEqual(before);
});

test('any other cluster than `default` is waited for', async () => {
  const world = await aWorld();
  const controller = world.start('blue');
  controller.reconcile();
  controller.reconcile();
  expect(world.instances('blue')).toEqual([]);
  expect(world.warnings).toEqual([
    'This machine becomes a container instance once its cluster has been created.',
  ]);
  const blue = aCluster({ name: 'blue' });
  expect(controller.keysOf({ kind: 'cluster', key: blue.arn })).toHaveLength(1);
  expect(controller.keysOf({ kind: 'cluster', key: aCluster().arn })).toEqual([]);
  world.state.transact((tx) => tx.clusters.put(blue));
  controller.reconcile();
  expect(world.instances('blue')).toHaveLength(1);
});

test('while a machine cannot be reached its instance is disconnected, and then connected again', async () => {
  const world = await aWorld();
  const controller = world.start('default');
  controller.reconcile();
  const arn = world.instances()[0]?.arn;
  world.machines = [];
  controller.reconcile();
  expect(world.instances()).toMatchObject([
    { arn, status: 'ACTIVE', agentConnected: false, healthCheck: { status: 'IMPAIRED' } },
  ]);
  world.clock.advance(1000);
  world.machines = [{ ...laptop, memoryMiB: 8192 }];
  controller.reconcile();
  expect(world.instances()).toMatchObject([
    {
      arn,
      agentConnected: true,
      connectedAt: 2000,
      healthCheck: { status: 'OK' },
      registeredResources: { memoryMiB: 8192 },
    },
  ]);
});

test('a machine is the same instance after a restart, and still DRAINING', async () => {
  const world = await aWorld();
  world.start('default').reconcile();
  const [before] = world.instances();
  world.state.transact((tx) => {
    if (before) tx.containerInstances.put({ ...before, agentConnected: false, status: 'DRAINING' });
  });
  world.start('default').reconcile();
  expect(world.instances()).toMatchObject([
    { arn: before?.arn, status: 'DRAINING', agentConnected: true },
  ]);
});

test.each([undefined, 'blue'])(
  'a server that is told of the cluster %s no longer keeps the instance of another connected',
  async (clusterName) => {
    const world = await aWorld();
    world.start('default').reconcile();
    world.state.transact((tx) => tx.clusters.put(aCluster({ name: 'blue' })));
    world.start(clusterName).reconcile();
    expect(world.instances()).toMatchObject([
      { agentConnected: false, healthCheck: { status: 'INSUFFICIENT_DATA' } },
    ]);
    expect(world.instances('blue')).toHaveLength(clusterName === undefined ? 0 : 1);
  },
);

test('an instance that was deregistered stays so until the server starts again', async () => {
  const world = await aWorld();
  const controller = world.start('default');
  controller.reconcile();
  const [before] = world.instances();
  world.state.transact((tx) => {
    if (before) tx.containerInstances.put({ ...before, status: 'INACTIVE' });
  });
  world.machines = [];
  controller.reconcile();
  world.machines = [laptop];
  controller.reconcile();
  expect(world.instances()).toEqual([]);
  world.start('default').reconcile();
  expect(world.instances()).toHaveLength(1);
  expect(world.instances()[0]?.arn).not.toBe(before?.arn);
});
