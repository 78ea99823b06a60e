import type { TaskOrder } from '../compute.ts';
import { EngineError, type Engine } from './engine.ts';
import type { EngineInfo, HostConfigBody } from './engine-types.ts';
import { labelKeys } from './names.ts';

/** Storage drivers that can bound the layer of a container; whether one does depends on how its file system is set up. */
const boundingDrivers = new Set(['overlay2', 'btrfs', 'zfs']);
/** Beneath overlay2. */
const boundingFileSystem = 'xfs';

/** Tells whether it is worth trying: a try makes and removes a container. */
export function mayBoundLayers({ Driver, DriverStatus }: EngineInfo): boolean {
  if (Driver === undefined || !boundingDrivers.has(Driver)) return false;
  if (Driver !== 'overlay2') return true;
  const status = DriverStatus ?? [];
  return status.some(
    ([name, value]) => name === 'Backing Filesystem' && value === boundingFileSystem,
  );
}

/**
 * Tells whether the Engine bounds what a container writes into its own layer. Only a try tells: of overlay2 on XFS the
 * Engine does not say whether project quotas are on. What an interrupted try leaves is removed as a stray.
 */
export async function canBoundLayers(
  engine: Engine,
  info: EngineInfo,
  { image, installationId }: { readonly image: string; readonly installationId: string },
): Promise<boolean> {
  if (!mayBoundLayers(info)) return false;
  const name = `longshore-${installationId}-layer`;
  try {
    const id = await engine.createContainer(name, {
      Image: image,
      // It is never started.
      Entrypoint: ['none'],
      Labels: { [labelKeys.installation]: installationId },
      Healthcheck: { Test: ['NONE'] },
      HostConfig: {
        NetworkMode: 'none',
        LogConfig: { Type: 'none', Config: {} },
        StorageOpt: { size: '1G' },
      },
    });
    await engine.removeContainer(id);
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

/** Bounds the layer of each container of a task by what the task may take together. */
export function layerBound(
  { task: { ephemeralStorageGiB } }: TaskOrder,
  boundsLayers: boolean,
): Partial<HostConfigBody> {
  if (!boundsLayers || ephemeralStorageGiB === undefined) return {};
  return { StorageOpt: { size: `${ephemeralStorageGiB}G` } };
}
