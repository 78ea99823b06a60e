import type { Volume } from '@aws-sdk/client-ecs';
import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import type { TaskOrder } from '../compute.ts';
import type { ContainerSpec } from './container-spec.ts';
import { networkOf } from './network/task-network.ts';

/**
 * Why a task cannot be started here, where its definition asks for something that is not built yet:
 * that is never passed over in silence.
 */
export function unsupportedReason(
  order: TaskOrder,
  specs: readonly ContainerSpec[],
): string | undefined {
  const { content } = order.taskDefinition;
  const found = [
    ...specs.flatMap(({ name, definition }) =>
      containerFeatures(definition).map((feature) => `${feature} of container ${name}`),
    ),
    ...content.volumes.flatMap((volume) =>
      volumeKinds(volume).map((kind) => `${kind} of volume ${volume.name ?? ''}`),
    ),
    ...(content.proxyConfiguration ? ['proxyConfiguration'] : []),
    ...(content.pidMode === 'host' || (content.pidMode && !networkOf(order).isShared)
      ? [`pidMode ${content.pidMode}`]
      : []),
    ...(content.ipcMode ? [`ipcMode ${content.ipcMode}`] : []),
  ];
  return found.length === 0
    ? undefined
    : `ResourceInitializationError: not built yet in Longshore: ${found.join(', ')}`;
}

function containerFeatures(definition: ContainerDefinition): string[] {
  const { logConfiguration } = definition;
  const features: readonly (readonly [string, boolean])[] = [
    ['repositoryCredentials', definition.repositoryCredentials !== undefined],
    ['resourceRequirements', isFilled(definition.resourceRequirements)],
    ['firelensConfiguration', definition.firelensConfiguration !== undefined],
    ['credentialSpecs', isFilled(definition.credentialSpecs)],
    ['linuxParameters.maxSwap', definition.linuxParameters?.maxSwap !== undefined],
    ['log driver awsfirelens', logConfiguration?.logDriver === 'awsfirelens'],
  ];
  return features.filter(([, used]) => used).map(([name]) => name);
}

function volumeKinds(volume: Volume): string[] {
  const kinds: readonly (readonly [string, boolean])[] = [
    ['host.sourcePath', volume.host?.sourcePath !== undefined],
    ['dockerVolumeConfiguration', volume.dockerVolumeConfiguration !== undefined],
    ['efsVolumeConfiguration', volume.efsVolumeConfiguration !== undefined],
    [
      'fsxWindowsFileServerVolumeConfiguration',
      volume.fsxWindowsFileServerVolumeConfiguration !== undefined,
    ],
    ['s3filesVolumeConfiguration', volume.s3filesVolumeConfiguration !== undefined],
    ['configuredAtLaunch', volume.configuredAtLaunch === true],
  ];
  return kinds.filter(([, used]) => used).map(([name]) => name);
}

function isFilled(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}
