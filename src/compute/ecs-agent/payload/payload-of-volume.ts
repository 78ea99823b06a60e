import type { Volume } from '@aws-sdk/client-ecs';
import { present } from '../../../domain/present.ts';
import type { PayloadVolume } from '../frames/payload-message.ts';

/** A volume of a task. One that says nothing more is scratch space of the task's own. */
export function payloadOfVolume(volume: Volume): PayloadVolume {
  const { name = '', dockerVolumeConfiguration, efsVolumeConfiguration } = volume;
  const { fsxWindowsFileServerVolumeConfiguration: fsx } = volume;
  if (dockerVolumeConfiguration) {
    const { scope, autoprovision, driver, driverOpts, labels } = dockerVolumeConfiguration;
    const given = present({ scope, autoprovision, driver, driverOpts, labels });
    return { name, type: 'docker', dockerVolumeConfiguration: given };
  }
  if (efsVolumeConfiguration) {
    const { fileSystemId = '', authorizationConfig, ...others } = efsVolumeConfiguration;
    return {
      name,
      type: 'efs',
      efsVolumeConfiguration: {
        fileSystemId,
        ...present(others),
        ...(authorizationConfig && { authorizationConfig: present(authorizationConfig) }),
      },
    };
  }
  if (fsx) return payloadOfFsx(name, fsx);
  // These come as attachments, and their entries here have a name alone.
  if (volume.configuredAtLaunch || volume.s3filesVolumeConfiguration) return { name };
  const { sourcePath } = volume.host ?? {};
  return { name, host: sourcePath ? { sourcePath } : {} };
}

function payloadOfFsx(
  name: string,
  given: NonNullable<Volume['fsxWindowsFileServerVolumeConfiguration']>,
): PayloadVolume {
  const { fileSystemId = '', rootDirectory, authorizationConfig } = given;
  return {
    name,
    type: 'fsxWindowsFileServer',
    fsxWindowsFileServerVolumeConfiguration: {
      fileSystemId,
      ...present({ rootDirectory }),
      ...(authorizationConfig && { authorizationConfig: present(authorizationConfig) }),
    },
  };
}
