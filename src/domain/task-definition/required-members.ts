import type { Volume } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

/**
 * Members that the API reference marks as required, and that no rule of their own asks for. Clients
 * other than the SDKs can leave them out.
 */
export function checkRequiredMembers(content: TaskDefinitionContent): void {
  for (const container of content.containerDefinitions) checkContainer(container);
  for (const volume of content.volumes) checkVolume(volume);
  requireMembers('EphemeralStorage', content.ephemeralStorage, ['sizeInGiB']);
}

function checkContainer(container: ContainerDefinition): void {
  const { linuxParameters, firelensConfiguration, repositoryCredentials, restartPolicy } =
    container;
  requireMembersOfAll('ContainerDependency', container.dependsOn, ['condition']);
  requireMembersOfAll('HostEntry', container.extraHosts, ['hostname', 'ipAddress']);
  requireMembersOfAll('EnvironmentFile', container.environmentFiles, ['type']);
  requireMembersOfAll('Device', linuxParameters?.devices, ['hostPath']);
  requireMembersOfAll('SystemControl', container.systemControls, ['value']);
  requireMembersOfAll('Ulimit', container.ulimits, ['softLimit', 'hardLimit']);
  requireMembers('FirelensConfiguration', firelensConfiguration, ['type']);
  requireMembers('RepositoryCredentials', repositoryCredentials, ['credentialsParameter']);
  requireMembers('ContainerRestartPolicy', restartPolicy, ['enabled']);
}

function checkVolume(volume: Volume): void {
  const { efsVolumeConfiguration: efs, s3filesVolumeConfiguration: s3files } = volume;
  const { fsxWindowsFileServerVolumeConfiguration: fsx } = volume;
  requireMembers('EFSVolumeConfiguration', efs, ['fileSystemId']);
  requireMembers('S3FilesVolumeConfiguration', s3files, ['fileSystemArn']);
  requireMembers('FSxWindowsFileServerVolumeConfiguration', fsx, [
    'fileSystemId',
    'rootDirectory',
    'authorizationConfig',
  ]);
  requireMembers('FSxWindowsFileServerAuthorizationConfig', fsx?.authorizationConfig, [
    'credentialsParameter',
    'domain',
  ]);
}

function requireMembersOfAll<Shape extends object>(
  name: string,
  shapes: readonly Shape[] = [],
  members: readonly (keyof Shape & string)[],
): void {
  for (const shape of shapes) requireMembers(name, shape, members);
}

/** [inferred wording, after that of containers] */
function requireMembers<Shape extends object>(
  name: string,
  shape: Shape | undefined,
  members: readonly (keyof Shape & string)[],
): void {
  const missing = shape && members.find((member) => (shape[member] ?? '') === '');
  if (missing === undefined) return;
  throw clientError(`${name}.${missing} should not be null or empty.`);
}
