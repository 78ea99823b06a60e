import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TaskOrder } from '../../../src/compute/compute.ts';
import type { ManagedVolume } from '../../../src/domain/task/managed-volume.ts';
import { firstLine } from '../compute-suite.ts';
import { canLoop } from './can-loop.ts';
import { aDockerStage } from './docker-stage.ts';
import { shell } from './docker-world.ts';
import { outputOf } from './output-of.ts';

const stage = aDockerStage();
const folder = join(stage.world.dataDirectory, 'managed-volumes');

function aVolume(volumeId: string, given: Partial<ManagedVolume> = {}): ManagedVolume {
  return {
    attachmentId: volumeId,
    volumeId,
    volumeName: 'data',
    roleArn: 'arn:aws:iam::012345678910:role/ecsInfrastructureRole',
    sizeGiB: 1,
    filesystemType: 'ext4',
    deletesOnTermination: true,
    ...given,
  };
}

function start(script: string, managedVolume: ManagedVolume): TaskOrder {
  const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
  return stage.start([{ ...shell(script), mountPoints, stopTimeout: 1 }], {
    task: { managedVolume },
    content: { volumes: [{ name: 'data', configuredAtLaunch: true }] },
  });
}

async function left(path = folder): Promise<readonly string[]> {
  return (await readdir(path)).toSorted();
}

describe.runIf(canLoop)('a managed EBS volume', () => {
  test('has the size and file system that it was asked for, and is gone with its task', async () => {
    const order = start(
      'grep " /data " /proc/mounts | cut -d" " -f3; df -m /data | tail -1 | tr -s " " | cut -d" " -f2',
      aVolume('vol-0a'),
    );
    await stage.reports.first(order, 'ContainerStopped');
    const [filesystemType, mebibytes] = await outputOf(stage.compute, order);
    expect(filesystemType).toBe('ext4');
    expect(Number(mebibytes)).toBeGreaterThan(900);
    expect(Number(mebibytes)).toBeLessThan(1024);
    await stage.stopped(order);
    expect(await left()).toEqual(['kept']);
  });

  test('that is not deleted on termination stays as a file', async () => {
    const volume = aVolume('vol-0b', { deletesOnTermination: false });
    const order = start('echo kept >/data/file', volume);
    await stage.reports.first(order, 'ContainerStopped');
    await stage.stopped(order);
    expect(await left()).toEqual(['kept']);
    await access(join(folder, 'kept', 'vol-0b.img'));
  });

  test('outlives a restart of the server, and is removed when nobody knows its task', async () => {
    const order = start('echo up; sleep 60', aVolume('vol-0c'));
    await firstLine(stage.compute, order);
    await stage.compute.close();
    await stage.open([stage.reports.applied(order)]);
    expect(await left()).toContain('vol-0c.img');
    await stage.compute.close();
    await stage.open([]);
    expect(await left()).toEqual(['kept']);
  });
});

test('a managed EBS volume that cannot be made fails the start before the task is connected', async () => {
  const order = start('true', aVolume('vol-0d', { sizeGiB: 16_384 * 1024 }));
  const { reason } = await stage.reports.first(order, 'StartFailed');
  expect(reason).toMatch(/^ResourceInitializationError: failed to attach the EBS volume: /);
  expect(stage.reports.kinds(order.task.arn)).not.toContain('Connected');
  await stage.stopped(order);
  expect(await left()).toEqual(['kept']);
});
