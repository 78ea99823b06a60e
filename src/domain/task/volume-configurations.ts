import type { TaskVolumeConfiguration } from '@aws-sdk/client-ecs';
import { clientError, EcsError } from '../errors.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';

/** @throws EcsError for a volume that the definition does not leave open, and for managed EBS volumes */
export function checkVolumeConfigurations(
  given: readonly TaskVolumeConfiguration[] | undefined,
  { content }: TaskDefinition,
): void {
  const open = content.volumes.filter((volume) => volume.configuredAtLaunch);
  for (const { name = '' } of given ?? []) {
    if (!open.some((volume) => volume.name === name)) {
      throw clientError(
        `The volume name '${name}' in your request does not have a matching volume in your Task ` +
          'Definition that is configurable at launch.',
      );
    }
  }
  if (open.length > 0) {
    throw new EcsError(
      'UnsupportedFeatureException',
      'This release of Longshore does not attach managed EBS volumes (volumes that are configured at launch).',
    );
  }
}
