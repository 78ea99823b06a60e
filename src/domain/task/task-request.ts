import type { AwsVpcConfiguration, RunTaskRequest, StartTaskRequest } from '@aws-sdk/client-ecs';
import { parseTags, type Tag } from '../tags.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { invalidParameter } from '../errors.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import { checkExecuteCommandRole } from './execute-command.ts';
import type { Launch } from './launch.ts';
import { parseNetwork } from './network-configuration.ts';
import { parseOverrides, sizeOf, type TaskSize } from './overrides.ts';
import { checkPlatform } from './platform-compatibility.ts';
import type { ServiceRegistry } from '../service-discovery/service-registry.ts';
import type { ServiceConnect } from '../service-connect/service-connect.ts';
import type { TaskOverrides } from './task.ts';
import { parseVolumeConfigurations, type ManagedVolumeSpec } from './managed-volume.ts';

/** What RunTask and StartTask can both be told of the tasks to be. */
type TaskRequest = Pick<RunTaskRequest, keyof RunTaskRequest & keyof StartTaskRequest>;

export interface TaskSpec {
  readonly network: AwsVpcConfiguration | undefined;
  readonly overrides: TaskOverrides;
  readonly size: TaskSize;
  readonly managedVolume?: ManagedVolumeSpec;
  /** Only services have it. */
  readonly serviceConnect?: ServiceConnect;
  readonly serviceRegistry?: ServiceRegistry;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly referenceId: string | undefined;
  readonly enableExecuteCommand: boolean;
  readonly tags: readonly Tag[];
}

/** @throws EcsError */
export function parseTaskRequest(
  input: TaskRequest,
  { launchType, platformVersion }: Pick<Launch, 'launchType' | 'platformVersion'>,
  cluster: Cluster,
  definition: TaskDefinition,
): TaskSpec {
  const network = parseNetwork(input, launchType, definition);
  const overrides = parseOverrides(input.overrides, definition);
  const size = sizeOf(definition, overrides, launchType);
  const enableExecuteCommand = input.enableExecuteCommand ?? false;
  if (enableExecuteCommand) checkExecuteCommandRole(definition, overrides);
  const { ephemeralStorageGiB } = size;
  const { content } = definition;
  checkPlatform({ platformVersion, content, ephemeralStorageGiB, enableExecuteCommand });
  const { volumeConfigurations } = input;
  const managedVolume = parseVolumeConfigurations(volumeConfigurations, definition);
  return {
    network,
    overrides,
    size,
    ...(managedVolume && { managedVolume }),
    group: parseGroup(input.group, definition),
    startedBy: parseStartedBy(input.startedBy),
    referenceId: parseReferenceId(input.referenceId),
    enableExecuteCommand,
    tags: taskTags(input, cluster, definition),
  };
}

/** `service:` and `daemon:` names belong to schedulers, `family:` names to the default. [inferred texts] */
function parseGroup(group: string | undefined, { family }: TaskDefinition): string {
  const byDefault = `family:${family}`;
  if (group === undefined || group === '' || group === byDefault) return byDefault;
  if (group.length > 255) throw invalidParameter('group longer than 255.');
  if (group.startsWith('daemon:')) {
    throw invalidParameter('Invalid namespace for group. Groups cannot start with daemon:.');
  }
  if (/^(service|family):/.test(group)) {
    throw invalidParameter(
      'Invalid namespace for group. Groups cannot start with family: or service:.',
    );
  }
  if (!/^[\p{L}\p{N}\-_./:]+$/u.test(group)) {
    throw invalidParameter('group contains invalid characters.');
  }
  return group;
}

/** Ids of deployments and revisions are what schedulers start their tasks by. [the text is inferred] */
function parseStartedBy(startedBy: string | undefined): string | undefined {
  if (startedBy === undefined || startedBy === '') return undefined;
  if (startedBy.length > 128) throw invalidParameter('startedBy longer than 128.');
  const [reserved] = /^ecs-(?:svc|daemon)\//.exec(startedBy) ?? [];
  if (reserved !== undefined) {
    throw invalidParameter(`Invalid namespace for startedBy. It cannot start with ${reserved}.`);
  }
  if (!/^[A-Za-z0-9/_.:-]+$/.test(startedBy)) {
    throw invalidParameter('startedBy contains invalid characters.');
  }
  return startedBy;
}

/** A limit, because it is kept with the task. [inferred] */
function parseReferenceId(referenceId: string | undefined): string | undefined {
  if (referenceId !== undefined && referenceId.length > 1024) {
    throw invalidParameter('referenceId longer than 1024.');
  }
  return referenceId;
}

/** Tags of the request win over those of the definition; managed tags come first. */
function taskTags(
  input: TaskRequest,
  cluster: Cluster,
  definition: TaskDefinition,
): readonly Tag[] {
  const given = parseTags(input.tags);
  const keys = new Set(given.map((tag) => tag.key));
  const managed = input.enableECSManagedTags
    ? [{ key: 'aws:ecs:clusterName', value: cluster.name }]
    : [];
  const propagated = propagatesFromDefinition(input.propagateTags)
    ? definition.tags.filter((tag) => !keys.has(tag.key))
    : [];
  return [...managed, ...propagated, ...given];
}

/** A standalone task has no service to take tags from. [inferred text] */
function propagatesFromDefinition(propagateTags: string | undefined): boolean {
  if (propagateTags === undefined || propagateTags === 'NONE') return false;
  if (propagateTags === 'TASK_DEFINITION') return true;
  throw invalidParameter('Propagate tags should be one of [NONE,TASK_DEFINITION]');
}
