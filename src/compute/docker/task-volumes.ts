import { mkdir } from 'node:fs/promises';
import { EngineError } from './engine.ts';
import { labelKeys } from './names.ts';
import type { TaskHost } from './task-host.ts';
import type { TaskOrder } from '../compute.ts';
import { volumeSources, type VolumeSource } from './volume-source.ts';

/** A volume cannot be had; the message is the reason in the form of the official agent. */
export class VolumeUnavailable extends Error {
  constructor(words: string) {
    super(`CannotCreateVolumeError: ${words}`);
  }
}

/**
 * Brings about the volumes of a task; what is there already is taken as it is.
 * @throws VolumeUnavailable
 */
export async function createVolumes(host: TaskHost, order: TaskOrder): Promise<void> {
  for (const source of volumeSources(order, host).values()) {
    try {
      await createVolume(host, order, source);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw new VolumeUnavailable(`Error response from daemon: ${error.message}`);
    }
  }
}

async function createVolume(
  { engine, installationId }: TaskHost,
  order: TaskOrder,
  source: VolumeSource,
): Promise<void> {
  switch (source.kind) {
    case 'Own': {
      const own = {
        [labelKeys.installation]: installationId,
        [labelKeys.taskArn]: order.task.arn,
      };
      const { volume } = source;
      return engine.createVolume({ ...volume, Labels: { ...volume.Labels, ...own } });
    }
    case 'Shared': {
      const { Name } = source.volume;
      const found = await engine.findVolume(Name);
      // Whoever knows the name of another task's own volume must not get at it.
      if (found?.Labels?.[labelKeys.taskArn] !== undefined) throw belongsToTask(Name);
      if (found) return;
      if (!source.isProvisioned) throw noSuchVolume(Name);
      return engine.createVolume(source.volume);
    }
    case 'Folder':
      if (source.isMade && engine.isLocal) await makeFolder(source.path);
      return;
    case 'Refused':
      return;
  }
}

/** As the Engine does for the official agent. Elsewhere than on this machine it must be there. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'EEXIST') return; // A file may be mounted as well.
    throw new VolumeUnavailable(error.message);
  }
}

/** [inferred wording] */
function belongsToTask(name: string): VolumeUnavailable {
  return new VolumeUnavailable(`volume ${name} belongs to a task`);
}

/** [inferred wording] */
function noSuchVolume(name: string): VolumeUnavailable {
  return new VolumeUnavailable(`no such volume: ${name}`);
}
