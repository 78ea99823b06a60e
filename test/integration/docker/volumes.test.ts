import { mkdtempSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Volume } from '@aws-sdk/client-ecs';
import { afterAll, describe, expect, test } from 'vitest';
import type { TaskOrder } from '../../../src/compute/compute.ts';
import { installationLabel } from '../../../src/compute/docker/names.ts';
import { anOrder, type GivenContainer } from '../../fixtures/an-order.ts';
import { aDockerStage } from './docker-stage.ts';
import { shell } from './docker-world.ts';
import { outputOf } from './output-of.ts';

const stage = aDockerStage();
const { engine, installationId } = stage.world;
const folder = mkdtempSync(join(tmpdir(), 'longshore-volumes-'));
afterAll(() => rm(folder, { recursive: true }));

const mount = { sourceVolume: 'data', containerPath: '/data' };
const at = (script: string, readOnly = false): GivenContainer => ({
  ...shell(script),
  mountPoints: [{ ...mount, readOnly }],
  stopTimeout: 1,
});

/** Runs a task with one volume to the end of its first container. */
async function run(volume: Omit<Volume, 'name'>, ...containers: GivenContainer[]) {
  const named = { name: 'data', ...volume };
  return end(stage.start(containers, { content: { volumes: [named] } }));
}

async function end(order: TaskOrder): Promise<readonly string[]> {
  await stage.reports.first(order, 'ContainerStopped', 'main');
  const lines = await outputOf(stage.compute, order);
  await stage.stopped(order);
  return lines;
}

async function startFailure(volume: Omit<Volume, 'name'>): Promise<string> {
  const volumes = [{ name: 'data', ...volume }];
  const order = stage.start([at('sleep 60')], { content: { volumes } });
  const { reason } = await stage.reports.first(order, 'StartFailed');
  await stage.stopped(order);
  return reason;
}

async function ownVolumes(): Promise<readonly string[]> {
  return engine.listVolumes(installationLabel(installationId));
}

test('containers of a task share its volumes, also read-only and by volumesFrom', async () => {
  const writer = { ...at('echo shared >/data/file; sleep 60'), name: 'writer' };
  const seen = 'until [ -s /data/file ]; do sleep 0.1; done; cat /data/file; touch /data/x';
  const reader: GivenContainer = {
    ...shell(`${seen} 2>/dev/null || echo refused`),
    volumesFrom: [{ sourceContainer: 'writer', readOnly: true }],
  };
  expect(await run({}, reader, writer)).toEqual(['shared', 'refused']);
  expect(await ownVolumes()).toEqual([]);
});

test('a path of the host is made where it is missing, and stays', async () => {
  const sourcePath = join(folder, 'new, with=comma', 'data:rw');
  await run({ host: { sourcePath } }, at('echo kept >/data/file'));
  expect(await readFile(join(sourcePath, 'file'), 'utf8')).toBe('kept\n');
  const written = await run({ host: { sourcePath } }, at('echo x >/data/file || echo no', true));
  expect(written).toContain('no');
});

describe('a Docker volume', () => {
  const options = { driver: 'local', driverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' } };

  test('of a task has its driver and options, and goes with it', async () => {
    const dockerVolumeConfiguration = { scope: 'task', ...options } as const;
    const seen = await run({ dockerVolumeConfiguration }, at('grep " /data " /proc/mounts'));
    expect(seen.join()).toMatch(/^tmpfs \/data tmpfs .*size=1024k/);
    expect(await ownVolumes()).toEqual([]);
  });

  const name = `longshore-test-${installationId}`;
  const shared = (autoprovision: boolean) => ({
    name,
    dockerVolumeConfiguration: {
      scope: 'shared' as const,
      autoprovision,
      labels: { team: 'blue', 'longshore.installation': installationId },
    },
  });
  const runShared = (script: string, autoprovision: boolean) => {
    const container = { ...shell(script), mountPoints: [{ ...mount, sourceVolume: name }] };
    return stage.start([container], { content: { volumes: [shared(autoprovision)] } });
  };

  test('that is shared outlives its tasks, and must be there unless it is provisioned', async () => {
    const missing = runShared('true', false);
    const { reason } = await stage.reports.first(missing, 'StartFailed');
    expect(reason).toBe(`CannotCreateVolumeError: no such volume: ${name}`);
    await stage.stopped(missing);

    await end(runShared('echo one >/data/file', true));
    await stage.compute.close();
    await stage.open();
    expect((await engine.findVolume(name))?.Labels).toEqual({ team: 'blue' });
    expect(await end(runShared('cat /data/file', false))).toEqual(['one']);
    await engine.removeVolume(name);
  });

  test("that is another task's own cannot be had by its name", async () => {
    const victim = stage.start([at('sleep 60')], { content: { volumes: [{ name: 'data' }] } });
    await stage.reports.first(victim, 'ContainerStarted');
    const [stolen = ''] = await ownVolumes();
    const volumes = [{ name: stolen, dockerVolumeConfiguration: { scope: 'shared' } }] as const;
    const thief = stage.start([shell('true')], { content: { volumes } });
    const { reason } = await stage.reports.first(thief, 'StartFailed');
    expect(reason).toBe(`CannotCreateVolumeError: volume ${stolen} belongs to a task`);
    await Promise.all([stage.stopped(victim), stage.stopped(thief)]);
  });
});

describe('an EFS file system', () => {
  const fileSystems = new Map([['fs-1', { kind: 'Folder', path: folder } as const]]);

  test('is the folder that stands in for it', async () => {
    await stage.compute.close();
    await stage.open([], { fileSystems });
    await writeFile(join(folder, 'file'), 'from outside\n');
    const efsVolumeConfiguration = { fileSystemId: 'fs-1' };
    expect(await run({ efsVolumeConfiguration }, at('cat /data/file'))).toEqual(['from outside']);
  });

  test('that nothing stands in for is refused', async () => {
    const reason = await startFailure({ efsVolumeConfiguration: { fileSystemId: 'fs-2' } });
    expect(reason).toMatch(/volume data: no --file-system says what fs-2 is on this machine$/);
  });
});

test('volumes of tasks that nobody knows any more are removed, and nothing else', async () => {
  const order = anOrder([at('sleep 60')], { content: { volumes: [{ name: 'data' }] } });
  stage.compute.start(order);
  await stage.reports.first(order, 'ContainerStarted');
  await stage.compute.close();
  expect(await ownVolumes()).toHaveLength(1);
  await stage.open([]);
  expect(await ownVolumes()).toEqual([]);
});
