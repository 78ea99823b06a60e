import { flag, integer, mapOf, named, object, oneOf, optional, text } from './frame.ts';

/** A volume of a task. `host` must be there for a bind mount and for scratch space, if only empty. */
export const payloadVolume = object({
  name: named,
  type: optional(oneOf('host', 'docker', 'efs', 'fsxWindowsFileServer')),
  host: optional(object({ sourcePath: optional(text) })),
  dockerVolumeConfiguration: optional(
    object({
      scope: optional(oneOf('task', 'shared')),
      autoprovision: optional(flag),
      driver: optional(text),
      driverOpts: optional(mapOf(text)),
      labels: optional(mapOf(text)),
    }),
  ),
  efsVolumeConfiguration: optional(
    object({
      fileSystemId: named,
      rootDirectory: optional(text),
      transitEncryption: optional(text),
      transitEncryptionPort: optional(integer),
      authorizationConfig: optional(object({ accessPointId: optional(text), iam: optional(text) })),
    }),
  ),
  fsxWindowsFileServerVolumeConfiguration: optional(
    object({
      fileSystemId: named,
      rootDirectory: optional(text),
      authorizationConfig: optional(
        object({ credentialsParameter: optional(text), domain: optional(text) }),
      ),
    }),
  ),
});
