import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { LogFields, Logger } from '../../../src/support/logger.ts';
import { RecordedReports } from '../recorded-reports.ts';
import { anOrder } from '../../fixtures/an-order.ts';
import { DockerWorld, shell, testImage } from './docker-world.ts';
import { outputOf } from './output-of.ts';
import { OwnEngine, canStartEngine } from './own-engine.ts';

/** Makes a file system of which quotas are a part, and mounts it. */
const mount =
  'file=$(mktemp) && truncate -s 1G "$file" && mkfs.btrfs -q "$file" && ' +
  'mount -o loop "$file" "$1"; code=$?; rm -f "$file"; exit $code';

function isMounted(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync('sh', ['-c', mount, 'sh', folder]).status === 0;
}

const canBound =
  canStartEngine &&
  spawnSync('sh', ['-c', 'command -v mkfs.btrfs && grep -q btrfs /proc/filesystems']).status === 0;

let opened: { readonly engine: OwnEngine; readonly world: DockerWorld } | undefined;

afterEach(async () => {
  await opened?.world.close();
  await opened?.engine.close();
  opened = undefined;
});

async function open(engine: OwnEngine) {
  await engine.start();
  const world = new DockerWorld(engine.url);
  opened = { engine, world };
  const told: { readonly fields: LogFields; readonly message: string }[] = [];
  const take: Logger['info'] = (fields, message) => void told.push({ fields, message });
  const log = { info: take, warn: take, error: take };
  const compute = world.compute({ log, fewestWarmPauses: 0 });
  const reports = new RecordedReports();
  return { compute, reports, told, world };
}

const isNoLimit = expect.objectContaining({
  message: 'The storage driver of the Engine bounds no containers: ephemeralStorage is no limit.',
});

describe.runIf(canBound)('where the storage driver has quotas', () => {
  test('a container cannot write more into its own layer than the ephemeral storage', async () => {
    const engine = new OwnEngine('--storage-driver=btrfs');
    expect(isMounted(engine.dataRoot)).toBe(true);
    const { compute, reports, told } = await open(engine);
    await engine.copyImage(testImage);
    await compute.open([], reports.report);
    expect(told).not.toContainEqual(isNoLimit);
    const order = anOrder(
      [shell('dd if=/dev/zero of=/big bs=1M count=200; du -m /big >&2; exit 7')],
      {
        task: { ephemeralStorageGiB: 0.1 },
      },
    );
    compute.start(order);
    await reports.first(order, 'ContainerStopped');
    const output = (await outputOf(compute, order)).join('\n');
    expect(output).toMatch(/Disk quota exceeded|No space left on device/);
    const [, writtenMiB] = /^(\d+)\t/m.exec(output) ?? [];
    expect(Number(writtenMiB)).toBeLessThan(103);
    compute.stop(order);
    await reports.first(order, 'Released');
    await compute.close();
  });
});

describe.runIf(canStartEngine)('where it has none', () => {
  test('the server says once that ephemeral storage is no limit', async () => {
    const { compute, reports, told } = await open(new OwnEngine('--storage-driver=vfs'));
    await compute.open([], reports.report);
    expect(told.filter((one) => isNoLimit.asymmetricMatch(one))).toEqual([
      expect.objectContaining({ fields: { driver: 'vfs' } }),
    ]);
    await compute.close();
  });
});
