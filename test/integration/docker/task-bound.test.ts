import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { TaskOrder } from '../../../src/compute/compute.ts';
import { installationLabel } from '../../../src/compute/docker/names.ts';
import { canNestContainers } from '../../../src/compute/docker/task-bound.ts';
import { canMakeSlices } from '../../../src/compute/docker/task-slices.ts';
import { firstLine } from '../compute-suite.ts';
import type { GivenContainer } from '../../fixtures/an-order.ts';
import { aDockerStage } from './docker-stage.ts';
import { shell } from './docker-world.ts';

const stage = aDockerStage();
const { world } = stage;
const { engine } = world;
/** Where it cannot be, each container is bounded by itself (docs/decisions/0005). */
const info = await engine.info();
const isTaskBounded = canNestContainers(info) || (await canMakeSlices(info, engine.url));
/** Holds so much memory, and writes a line once it does. It heeds no SIGTERM. */
function holding(mebibytes: number): GivenContainer {
  const fill = `exec dd if=/dev/zero of=/fifo bs=${mebibytes}M count=2`;
  const told = '(head -c 1 >/dev/null; echo held; sleep 60) </fifo';
  return { ...shell(`mkfifo /fifo; ${told} & ${fill}`), stopTimeout: 2 };
}

const small = { task: { memory: '64' } };
const sidecar = { ...world.container({ onStop: { exitCode: 0 } }), name: 'sidecar' };
const outOfMemory = {
  exitCode: 137,
  reason: 'OutOfMemoryError: Container killed due to memory usage',
};

test('containers that use more memory than their task has are not all left to run', async () => {
  const first = holding(isTaskBounded ? 40 : 80);
  const order = stage.start([first, { ...holding(40), name: 'second' }], small);
  const ended = await stage.reports.first(order, 'ContainerStopped');
  expect(ended).toMatchObject(outOfMemory);
  await stage.stopped(order);
  const ends = stage.reports.of(order.task.arn).filter(({ kind }) => kind === 'ContainerStopped');
  // The other was told of the shortage too, but what killed it was its stop.
  expect(ends).toEqual([ended, expect.objectContaining({ exitCode: 137 })]);
  expect(ends[1]).not.toHaveProperty('reason');
});

test('a container may use what the others of its task leave', async () => {
  const order = stage.start([holding(40), sidecar], small);
  await firstLine(stage.compute, order);
  await stage.stopped(order);
  for (const name of ['main', 'sidecar']) {
    expect(await stage.reports.first(order, 'ContainerStopped', name)).not.toHaveProperty('reason');
  }
});

async function isBoundedByItsPause(order: TaskOrder, cgroup: string) {
  const pauseId = cgroup.replace('/docker/', '');
  expect((await engine.inspectContainer(pauseId)).HostConfig).toMatchObject({
    Memory: 512 * 1024 * 1024,
    MemorySwap: 512 * 1024 * 1024,
    CpuShares: 256,
    CpuQuota: 25_000,
    CpuPeriod: 100_000,
  });
  await stage.stopped(order);
  const left = () => engine.listContainers(installationLabel(world.installationId));
  await expect.poll(async () => (await left()).map(({ Id }) => Id)).not.toContain(pauseId);
}

function sliceProperty(slice: string, property: string): string {
  const given = ['show', slice, '--property', property, '--value'];
  return execFileSync('systemctl', given, { encoding: 'utf8' }).trim();
}

async function isBoundedByItsSlice(order: TaskOrder, slice: string) {
  expect(sliceProperty(slice, 'MemoryMax')).toBe(String(512 * 1024 * 1024));
  expect(sliceProperty(slice, 'MemorySwapMax')).toBe('0');
  expect(sliceProperty(slice, 'CPUQuotaPerSecUSec')).toBe('250ms');
  await stage.stopped(order);
  expect(sliceProperty(slice, 'ActiveState')).toBe('inactive');
}

test('a task of several containers has the bounds of its size, for as long as it is there', async () => {
  const order = stage.start([world.container({ onStop: { exitCode: 0 } }), sidecar]);
  await stage.reports.first(order, 'ContainerStarted', 'main');
  const { runtimeId } = await stage.reports.first(order, 'ContainerCreated', 'main');
  const { CgroupParent } = (await engine.inspectContainer(runtimeId)).HostConfig;
  if (CgroupParent.endsWith('.slice')) return isBoundedByItsSlice(order, CgroupParent);
  if (isTaskBounded) return isBoundedByItsPause(order, CgroupParent);
  expect(CgroupParent).toBe('');
  await stage.stopped(order);
});
