import type {
  EFSAuthorizationConfigIAM,
  EFSTransitEncryption,
  EFSVolumeConfiguration,
  S3FilesVolumeConfiguration,
  Scope as DockerVolumeScope,
  Volume,
} from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import { isWellFormedName } from './family.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const dockerVolumeScopes = valuesOf<DockerVolumeScope>({ task: true, shared: true });
const transitEncryptions = valuesOf<EFSTransitEncryption>({ ENABLED: true, DISABLED: true });
const iamAuthorizations = valuesOf<EFSAuthorizationConfigIAM>({ ENABLED: true, DISABLED: true });

/** The ways in which a volume says what it is; ECS takes one at most, and none for a host volume. */
export function volumeTypesOf(volume: Volume): readonly string[] {
  const types = {
    host: volume.host !== undefined,
    docker: volume.dockerVolumeConfiguration !== undefined,
    efs: volume.efsVolumeConfiguration !== undefined,
    s3files: volume.s3filesVolumeConfiguration !== undefined,
    fsx: volume.fsxWindowsFileServerVolumeConfiguration !== undefined,
    configuredAtLaunch: volume.configuredAtLaunch === true,
  };
  return Object.entries(types).flatMap(([type, isGiven]) => (isGiven ? [type] : []));
}

export function checkVolumes(content: TaskDefinitionContent): void {
  const names = new Set<string>();
  for (const volume of content.volumes) {
    checkName(volume.name ?? '', names);
    checkVolume(volume);
  }
  checkMountPoints(content, names);
  checkVolumesFrom(content);
  checkConfiguredAtLaunch(content);
}

/** [inferred wording, after that of containers] */
function checkName(name: string, names: Set<string>): void {
  if (name === '') throw clientError('Volume.name should not be null or empty.');
  if (!isWellFormedName(name)) throw clientError('Volume.name contains invalid characters.');
  if (names.has(name)) throw clientError('Volume names must be unique within a task definition');
  names.add(name);
}

function checkVolume(volume: Volume): void {
  if (volumeTypesOf(volume).length > 1) {
    throw clientError(
      'When the volume parameter is specified, ' +
        'only one volume configuration type should be used.',
    );
  }
  checkOneOf('Docker volume scope', volume.dockerVolumeConfiguration?.scope, dockerVolumeScopes);
  if (volume.efsVolumeConfiguration) checkEfs(volume.efsVolumeConfiguration);
  if (volume.s3filesVolumeConfiguration) checkS3Files(volume.s3filesVolumeConfiguration);
}

function checkEfs(efs: EFSVolumeConfiguration): void {
  const { authorizationConfig, rootDirectory, transitEncryption, transitEncryptionPort } = efs;
  checkOneOf('Transit encryption', transitEncryption, transitEncryptions);
  checkOneOf('EFS IAM authorization', authorizationConfig?.iam, iamAuthorizations);
  if (authorizationConfig?.accessPointId && rootDirectory !== '/') throw rootOfAccessPoint('EFS');
  if (transitEncryption === 'ENABLED') return;
  if (authorizationConfig?.iam === 'ENABLED') {
    throw clientError('EFS IAM authorization requires TransitEncryption to be enabled.');
  }
  if (transitEncryptionPort !== undefined) {
    throw clientError('TransitEncryptionPort requires that TransitEncryption is enabled.');
  }
  if (authorizationConfig?.accessPointId) {
    // [inferred from the refusal of IAM]
    throw clientError('EFS access points require TransitEncryption to be enabled.');
  }
}

function checkS3Files({ accessPointArn, rootDirectory = '/' }: S3FilesVolumeConfiguration): void {
  if (accessPointArn && rootDirectory !== '/') throw rootOfAccessPoint('S3 Files');
}

/** [inferred for S3 Files] */
function rootOfAccessPoint(fileSystem: string): Error {
  return clientError(
    `When using an ${fileSystem} access point, the root directory must either be set to "/" ` +
      'or be omitted.',
  );
}

function checkMountPoints(content: TaskDefinitionContent, names: ReadonlySet<string>): void {
  const mountPoints = content.containerDefinitions.flatMap((container) => container.mountPoints);
  for (const { sourceVolume = '', containerPath } of mountPoints) {
    if (!names.has(sourceVolume)) throw clientError(`Unknown volume '${sourceVolume}'.`);
    if (containerPath) continue;
    // [inferred wording, ECS's grammar]
    throw clientError('MountPoint.containerPath should not be null or empty.');
  }
}

function checkVolumesFrom({ containerDefinitions }: TaskDefinitionContent): void {
  const names = new Set(containerDefinitions.map((container) => container.name));
  for (const { sourceContainer = '' } of containerDefinitions.flatMap((c) => c.volumesFrom)) {
    if (names.has(sourceContainer)) continue;
    throw clientError(`Invalid 'volumesFrom' setting. Unknown container: '${sourceContainer}'.`);
  }
}

/** A volume whose kind RunTask or CreateService decides must be there for somebody. */
function checkConfiguredAtLaunch({ containerDefinitions, volumes }: TaskDefinitionContent): void {
  const configured = volumes.filter((volume) => volume.configuredAtLaunch);
  if (configured.length === 0) return;
  if (configured.length > 1) {
    // [inferred wording]
    throw clientError('Only one volume in a task definition can be configured at launch.');
  }
  const mountPoints = containerDefinitions.flatMap((container) => container.mountPoints);
  const mounted = new Set(mountPoints.map((mountPoint) => mountPoint.sourceVolume));
  const unused = configured.filter((volume) => !mounted.has(volume.name)).map(({ name }) => name);
  if (unused.length === 0) return;
  throw clientError(`Volumes [${unused.join(', ')}] are not referenced by any of the containers`);
}
