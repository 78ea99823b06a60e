import { posix } from 'node:path';
import type {
  DockerVolumeConfiguration,
  EFSVolumeConfiguration,
  Volume,
} from '@aws-sdk/client-ecs';
import type { MountPoint } from '@aws-sdk/client-ecs';
import type { TaskOrder } from '../compute.ts';
import { taskIdOf } from './container-spec.ts';
import type { MountBody, VolumeBody } from './engine-types.ts';
import type { FileSystem, FileSystems } from '../file-systems.ts';
import type { ManagedVolumes } from './managed-volumes.ts';
import { labelPrefix, volumeName } from './names.ts';

/** What there is on the machine beside Docker's own volumes. */
export interface Storage {
  readonly fileSystems: FileSystems;
  readonly managedVolumes: Pick<ManagedVolumes, 'deviceOf'>;
}

/** What a volume of a task definition is on the Engine. */
export type VolumeSource =
  /** Made for the task, and removed with it. */
  | { readonly kind: 'Own'; readonly volume: VolumeBody }
  /** Any task may name it, and it stays; where it is not provisioned, it must be there. */
  | { readonly kind: 'Shared'; readonly volume: VolumeBody; readonly isProvisioned: boolean }
  /** A folder of the Engine's machine, which may be made where it is missing. */
  | { readonly kind: 'Folder'; readonly path: string; readonly isMade: boolean }
  | { readonly kind: 'Refused'; readonly reason: string };

export function volumeSource(
  order: TaskOrder,
  volume: Volume,
  { fileSystems, managedVolumes }: Storage,
): VolumeSource {
  const name = volumeName(taskIdOf(order), volume.name ?? '');
  const { dockerVolumeConfiguration, efsVolumeConfiguration, host } = volume;
  if (host?.sourcePath) return { kind: 'Folder', path: host.sourcePath, isMade: true };
  if (dockerVolumeConfiguration) {
    return dockerVolume(dockerVolumeConfiguration, { own: name, shared: volume.name ?? '' });
  }
  if (efsVolumeConfiguration) return efsVolume(efsVolumeConfiguration, name, fileSystems);
  if (volume.configuredAtLaunch) {
    const { managedVolume } = order.task;
    if (!managedVolume) return { kind: 'Refused', reason: 'nothing configures it' };
    const { filesystemType, volumeId } = managedVolume;
    const DriverOpts = { type: filesystemType, device: managedVolumes.deviceOf(volumeId) };
    return { kind: 'Own', volume: { Name: name, Driver: 'local', DriverOpts, Labels: {} } };
  }
  const refused = kindsNotHere.find(([kind]) => volume[kind]);
  if (refused) return { kind: 'Refused', reason: refused.join(' ') };
  return { kind: 'Own', volume: { Name: name, Driver: 'local', DriverOpts: {}, Labels: {} } };
}

const kindsNotHere = [
  [
    'fsxWindowsFileServerVolumeConfiguration',
    'is for Windows containers, and this machine runs Linux',
  ],
  ['s3filesVolumeConfiguration', 'is not to be had here'],
] as const;

/** Labels of our own tell whose a volume is: none is taken from a task definition. */
function dockerVolume(
  given: DockerVolumeConfiguration,
  names: { readonly own: string; readonly shared: string },
): VolumeSource {
  const isShared = given.scope === 'shared';
  const labels = Object.entries(given.labels ?? {});
  const volume = {
    Name: isShared ? names.shared : names.own,
    Driver: given.driver ?? 'local',
    DriverOpts: given.driverOpts ?? {},
    Labels: Object.fromEntries(labels.filter(([name]) => !name.startsWith(labelPrefix))),
  };
  return isShared
    ? { kind: 'Shared', volume, isProvisioned: given.autoprovision ?? false }
    : { kind: 'Own', volume };
}

function efsVolume(
  efs: EFSVolumeConfiguration,
  name: string,
  fileSystems: FileSystems,
): VolumeSource {
  const { fileSystemId = '' } = efs;
  const fileSystem = fileSystems.get(fileSystemId);
  if (!fileSystem) {
    const reason = `no --file-system says what ${fileSystemId} is on this machine`;
    return { kind: 'Refused', reason };
  }
  const reason = efsRefusal(efs, fileSystem);
  if (reason !== undefined) return { kind: 'Refused', reason };
  if (fileSystem.kind === 'Folder') return { kind: 'Folder', path: fileSystem.path, isMade: false };
  const device = `:${posix.join(fileSystem.path, posix.join('/', efs.rootDirectory ?? '/'))}`;
  const DriverOpts = { type: 'nfs', device, o: `addr=${fileSystem.host},${nfsOptions}` };
  return { kind: 'Own', volume: { Name: name, Driver: 'local', DriverOpts, Labels: {} } };
}

/** Those of the official agent. */
const nfsOptions = 'nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport';

/**
 * A folder is mounted whole: in a folder of it that a task chooses, another task may have laid a
 * symbolic link to anywhere on the machine.
 */
function efsRefusal(efs: EFSVolumeConfiguration, { kind }: FileSystem): string | undefined {
  if (efs.authorizationConfig?.accessPointId) return 'access points are not to be had here';
  if (efs.authorizationConfig?.iam === 'ENABLED') return 'IAM authorization is not to be had here';
  if (kind === 'Folder') {
    const isWhole = posix.join('/', efs.rootDirectory ?? '/') === '/';
    return isWhole ? undefined : 'a folder of this machine is mounted whole, without rootDirectory';
  }
  return efs.transitEncryption === 'ENABLED' ? 'NFS is not encrypted here' : undefined;
}

/** Where a container has the volumes of its task. */
export function mountBodies(
  mountPoints: readonly MountPoint[],
  sources: ReadonlyMap<string, VolumeSource>,
): readonly MountBody[] {
  return mountPoints.flatMap(({ sourceVolume = '', containerPath = '', readOnly = false }) => {
    const source = sources.get(sourceVolume);
    if (!source || source.kind === 'Refused') return [];
    const place = { Target: containerPath, ReadOnly: readOnly };
    return source.kind === 'Folder'
      ? { Type: 'bind', Source: source.path, ...place }
      : { Type: 'volume', Source: source.volume.Name, ...place };
  });
}

/** What each volume of the task is, by its name. */
export function volumeSources(
  order: TaskOrder,
  storage: Storage,
): ReadonlyMap<string, VolumeSource> {
  const { volumes } = order.taskDefinition.content;
  return new Map(
    volumes.map((volume) => [volume.name ?? '', volumeSource(order, volume, storage)]),
  );
}
