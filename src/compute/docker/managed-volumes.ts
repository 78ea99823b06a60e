import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ManagedVolume } from '../../domain/task/managed-volume.ts';
import type { Logger } from '../../support/logger.ts';
import { Gate } from '../../support/gate.ts';

/** A managed volume cannot be had; the message is ECS's reason. */
export class ManagedVolumeFailure extends Error {
  /** [inferred wording] */
  constructor(cause: unknown) {
    const words = cause instanceof Error ? cause.message.trim() : String(cause);
    super(`ResourceInitializationError: failed to attach the EBS volume: ${words}`, { cause });
  }
}

const run = promisify(execFile);
const bytesPerGiB = 1024 ** 3;
const longestCommandMs = 60_000;
const makers = {
  ext3: ['mkfs.ext3', '-q', '-F'],
  ext4: ['mkfs.ext4', '-q', '-F'],
  xfs: ['mkfs.xfs', '-q', '-f'],
} as const;
const image = '.img';

/**
 * Managed EBS volumes as files of this machine that are attached as loop devices: a volume has its size, and a
 * file system of its own. Docker mounts it by a link, because another device may be free after a restart of the machine.
 */
export class ManagedVolumes {
  readonly #folder: string;
  readonly #log: Logger;
  readonly #works = new Gate(1);

  constructor(dataDirectory: string, log: Logger) {
    this.#folder = join(dataDirectory, 'managed-volumes');
    this.#log = log;
  }

  /** Where Docker finds the device of an attached volume. */
  deviceOf(volumeId: string): string {
    return join(this.#folder, `${volumeId}.device`);
  }

  /**
   * Makes the volume where it is not there yet, and attaches it. Can be done again at any point.
   * @throws ManagedVolumeFailure
   */
  async attach(volume: ManagedVolume): Promise<void> {
    try {
      await this.#works.run(() => this.#attach(volume));
    } catch (error) {
      throw new ManagedVolumeFailure(error);
    }
  }

  async #attach(volume: ManagedVolume): Promise<void> {
    const { volumeId } = volume;
    await mkdir(join(this.#folder, 'kept'), { recursive: true, mode: 0o700 });
    const path = this.#pathOf(volume);
    if (!(await exists(path))) await make(volume, path);
    const [attached] = await loopDevices(path);
    const device = attached ?? (await losetup('--find', '--show', path));
    const link = this.deviceOf(volumeId);
    await rm(`${link}.new`, { force: true });
    await symlink(device, `${link}.new`);
    await rename(`${link}.new`, link);
  }

  /** A volume that stays lies apart, so that no later look takes it for a leftover. */
  #pathOf({ deletesOnTermination, volumeId }: ManagedVolume): string {
    return join(this.#folder, deletesOnTermination ? '' : 'kept', `${volumeId}${image}`);
  }

  /** After its last user is gone. Also deletes it, unless it is to stay. */
  async release(volume: ManagedVolume): Promise<void> {
    const path = this.#pathOf(volume);
    await this.#orLeave(path, async () => {
      await detach(path);
      await rm(this.deviceOf(volume.volumeId), { force: true });
      await rm(`${path}.new`, { force: true });
      if (volume.deletesOnTermination) await rm(path, { force: true });
    });
  }

  /** Removes what belongs to no known volume, such as after a crash. */
  async sweep(known: ReadonlySet<string>): Promise<void> {
    for (const folder of [this.#folder, join(this.#folder, 'kept')]) {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      for (const name of names.filter((other) => !known.has(other.split('.', 1)[0] ?? ''))) {
        const path = join(folder, name);
        await this.#orLeave(path, async () => {
          if (name.endsWith(image)) await detach(path);
          if (folder === this.#folder && name !== 'kept') await rm(path);
        });
      }
    }
  }

  /** What cannot be removed must not hold up everything else: it is left until the next look. */
  async #orLeave(path: string, remove: () => Promise<void>): Promise<void> {
    try {
      await this.#works.run(remove);
    } catch (error) {
      this.#log.warn({ error, path }, 'A managed volume cannot be removed.');
    }
  }
}

/** The file system is made under another name, so that what has the right one is whole. */
async function make({ filesystemType, sizeGiB }: ManagedVolume, path: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.truncate(sizeGiB * bytesPerGiB);
  } finally {
    await file.close();
  }
  const [command, ...options] = makers[filesystemType];
  await execute(command, [...options, `${path}.new`]);
  await rename(`${path}.new`, path);
}

async function detach(path: string): Promise<void> {
  for (const device of await loopDevices(path)) await losetup('--detach', device);
}

async function loopDevices(path: string): Promise<readonly string[]> {
  const listed = await losetup('--associated', path, '--noheadings', '--output', 'NAME');
  return listed.split('\n').filter(Boolean);
}

async function losetup(...args: readonly string[]): Promise<string> {
  return execute('losetup', args);
}

/** Programs of the administrator are not always on the path of a service. */
async function execute(name: string, args: readonly string[]): Promise<string> {
  const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  const options = { timeout: longestCommandMs, env: { ...process.env, PATH } };
  try {
    return (await run(name, args, options)).stdout.trim();
  } catch (error) {
    if (isMissing(error)) throw new Error(`${name} is not installed`, { cause: error });
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
