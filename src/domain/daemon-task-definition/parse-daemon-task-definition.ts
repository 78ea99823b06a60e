import type {
  DaemonIpcMode,
  DaemonPidMode,
  DaemonVolume,
  RegisterDaemonTaskDefinitionRequest,
  Volume,
} from '@aws-sdk/client-ecs';
import { daemonTaskDefinitionArn, type Scope } from '../arn.ts';
import { clientError } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import { parseTags, type Tag } from '../tags.ts';
import { checkContainerSettings } from '../task-definition/container-settings.ts';
import {
  checkContainerCount,
  checkContainers,
  checkEssentialContainer,
} from '../task-definition/containers.ts';
import { checkContainerSizes, checkTaskSize } from '../task-definition/cpu-and-memory.ts';
import { checkLength } from '../task-definition/definition-length.ts';
import { checkDependencies } from '../task-definition/dependencies.ts';
import { checkOneOf, valuesOf } from '../task-definition/enumerations.ts';
import { checkEnvironment } from '../task-definition/environment.ts';
import { parseFamily } from '../task-definition/family.ts';
import { fillInDefaults } from '../task-definition/fill-in-defaults.ts';
import { checkFirelens } from '../task-definition/firelens.ts';
import { checkHealthChecks } from '../task-definition/health-check.ts';
import { checkLinuxParameters } from '../task-definition/linux-parameters.ts';
import { checkLogConfigurations, invalidLogDriver } from '../task-definition/log-configuration.ts';
import { plainCopy } from '../task-definition/plain-copy.ts';
import { checkRequiredMembers } from '../task-definition/required-members.ts';
import { requiresAttributesOf } from '../task-definition/requires-attributes.ts';
import { checkSecrets } from '../task-definition/secrets.ts';
import type { TaskDefinitionContent } from '../task-definition/task-definition.ts';
import { checkRoles } from '../task-definition/task-settings.ts';
import { checkVolumes } from '../task-definition/volumes.ts';
import type { DaemonSettings, DaemonTaskDefinition } from './daemon-task-definition.ts';

const namespaceModes = valuesOf<DaemonPidMode & DaemonIpcMode>({ none: true, shared: true });

/** Developer Guide, "Daemon task definitions". */
const logDrivers = ['awslogs', 'splunk', 'awsfirelens'];

/** Where an Engine keeps what `json-file` writes: a folder a container, as the API has it. */
const jsonFileFolder = '/var/lib/docker/containers';

/** What RegisterDaemonTaskDefinition asks to be made a revision of a family. */
export interface ParsedDaemonTaskDefinition {
  readonly family: string;
  readonly content: TaskDefinitionContent;
  readonly settings: DaemonSettings;
  readonly tags: readonly Tag[];
}

/** The rules of task definitions that daemons have as well, in the same order. */
const checks: readonly ((content: TaskDefinitionContent) => void)[] = [
  checkContainers,
  checkContainerSizes,
  checkEssentialContainer,
  checkRequiredMembers,
  checkDependencies,
  checkHealthChecks,
  checkLogDrivers,
  checkLogConfigurations,
  checkFirelens,
  checkEnvironment,
  checkSecrets,
  checkLinuxParameters,
  checkContainerSettings,
  checkVolumes,
  checkTaskSize,
  checkRoles,
  checkLength,
];

/**
 * Checks a request, and says in the words of task definitions what it comes to: no container instance
 * knows of `daemon_bridge`, so that a daemon is a task in `bridge` mode.
 * @throws EcsError mostly ClientException
 */
export function parseDaemonTaskDefinition(
  input: RegisterDaemonTaskDefinitionRequest,
): ParsedDaemonTaskDefinition {
  const family = parseFamily(input.family);
  const { cpu, memory, taskRoleArn, executionRoleArn } = input;
  const containerDefinitions = input.containerDefinitions ?? [];
  checkContainerCount(containerDefinitions.length);
  const settings = parseSettings(input);
  const content = fillInDefaults({
    containerDefinitions,
    volumes: settings.volumes.map(volumeOf),
    networkMode: 'bridge',
    ...(settings.pidMode === 'shared' && { pidMode: 'host' }),
    ...(settings.ipcMode === 'shared' && { ipcMode: 'host' }),
    cpu,
    memory,
    taskRoleArn,
    executionRoleArn,
  });
  for (const check of checks) check(content);
  return { family, content, settings, tags: parseTags(input.tags) };
}

function parseSettings(input: RegisterDaemonTaskDefinitionRequest): DaemonSettings {
  const { pidMode, ipcMode, volumes = [] } = plainCopy(input);
  checkOneOf('Pid mode', pidMode, namespaceModes);
  checkOneOf('Ipc mode', ipcMode, namespaceModes);
  for (const volume of volumes) checkLogVolume(volume);
  return { volumes, ...present({ pidMode, ipcMode }) };
}

/** [inferred texts] */
function checkLogVolume({ host, logDriverVolumeConfiguration: logs }: DaemonVolume): void {
  if (!logs) return;
  if (host) {
    throw clientError(
      'When the volume parameter is specified, only one volume configuration type should be used.',
    );
  }
  if (logs.driver === 'json-file') return;
  throw clientError('logDriverVolumeConfiguration.driver should be one of [json-file]');
}

function volumeOf({ name, host, logDriverVolumeConfiguration: logs }: DaemonVolume): Volume {
  return present({ name, host: logs ? { sourcePath: jsonFileFolder } : host });
}

function checkLogDrivers({ containerDefinitions }: TaskDefinitionContent): void {
  for (const { logConfiguration } of containerDefinitions) {
    const driver = logConfiguration?.logDriver;
    if (driver !== undefined && !logDrivers.includes(driver)) {
      throw clientError(invalidLogDriver(driver, logDrivers));
    }
  }
}

export interface DaemonRegistration {
  readonly scope: Scope;
  readonly parsed: ParsedDaemonTaskDefinition;
  /** One more than the family ever had. */
  readonly revision: number;
  readonly now: Instant;
  readonly registeredBy: string;
}

export function newDaemonTaskDefinition({
  scope,
  parsed: { family, content, settings, tags },
  revision,
  now,
  registeredBy,
}: DaemonRegistration): DaemonTaskDefinition {
  return {
    arn: daemonTaskDefinitionArn(scope, family, revision),
    family,
    revision,
    status: 'ACTIVE',
    content,
    settings,
    compatibilities: ['MANAGED_INSTANCES'],
    requiresAttributes: requiresAttributesOf(content),
    registeredAt: now,
    registeredBy,
    tags,
  };
}
