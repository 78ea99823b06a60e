import { EcsError } from '../errors.ts';
import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../task-definition/task-definition.ts';

/** What of a request for a task depends on the platform version. */
export interface PlatformDemand {
  readonly platformVersion: string | undefined;
  readonly content: TaskDefinitionContent;
  readonly ephemeralStorageGiB: number | undefined;
  readonly enableExecuteCommand: boolean;
}

/** What every platform version gives; more of it came with 1.4.0. */
const basicStorageGiB = 20;

/**
 * Refuses what came to Fargate's Linux platform with version 1.4.0, where an older one is asked for
 * (Developer Guide, "Fargate platform versions").
 * @throws EcsError PlatformTaskDefinitionIncompatibilityException
 */
export function checkPlatform(demand: PlatformDemand): void {
  const { platformVersion, content, ephemeralStorageGiB = 0, enableExecuteCommand } = demand;
  if (platformVersion !== '1.3.0') return;
  const needsNewer =
    enableExecuteCommand ||
    ephemeralStorageGiB > basicStorageGiB ||
    content.pidMode !== undefined ||
    content.volumes.some((volume) => volume.efsVolumeConfiguration) ||
    content.containerDefinitions.some(needsNewerPlatform);
  if (!needsNewer) return;
  throw new EcsError(
    'PlatformTaskDefinitionIncompatibilityException',
    'One or more of the requested capabilities are not supported.',
  );
}

function needsNewerPlatform(container: ContainerDefinition): boolean {
  return (
    container.systemControls.length > 0 ||
    [
      container.environmentFiles,
      container.linuxParameters?.capabilities?.add,
      container.logConfiguration?.secretOptions,
    ].some((list) => list !== undefined && list.length > 0)
  );
}
