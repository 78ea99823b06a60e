import type { ContainerOverride, TaskOverride } from '@aws-sdk/client-ecs';
import { clientError, invalidParameter } from '../errors.ts';
import {
  checkContainerSizes,
  parseTaskCpu,
  parseTaskMemory,
} from '../task-definition/cpu-and-memory.ts';
import { checkEnvironment } from '../task-definition/environment.ts';
import {
  isFargateSize,
  isFargateWindowsSize,
  noFargateSize,
} from '../task-definition/fargate-sizes.ts';
import { present } from '../present.ts';
import { isWindows } from '../task-definition/runtime-platform.ts';
import { sharedSecretName } from '../task-definition/secrets.ts';
import { isRole } from '../task-definition/task-settings.ts';
import type { TaskDefinition, TaskDefinitionContent } from '../task-definition/task-definition.ts';
import { effectiveContainers } from './effective-containers.ts';
import type { LaunchType, NamedContainerOverride, TaskOverrides } from './task.ts';

/** Characters of the JSON of a call's overrides, punctuation included. */
const maximumOverridesLength = 8192;

/** The size of a task: what its definition says, unless it is overridden. */
export interface TaskSize {
  /** CPU units, as a decimal string. */
  readonly cpu: string | undefined;
  /** MiB, as a decimal string. */
  readonly memory: string | undefined;
  readonly ephemeralStorageGiB: number | undefined;
}

/**
 * Checks overrides against the definition; gives one entry for every container, in its order.
 * @throws EcsError
 */
export function parseOverrides(
  given: TaskOverride | undefined,
  definition: TaskDefinition,
): TaskOverrides {
  if (given && JSON.stringify(given).length > maximumOverridesLength) {
    throw invalidParameter(`Container Overrides length must be at most ${maximumOverridesLength}`);
  }
  const { cpu, memory, taskRoleArn, executionRoleArn, ephemeralStorage } = given ?? {};
  checkEphemeralStorage(ephemeralStorage?.sizeInGiB);
  for (const role of [taskRoleArn, executionRoleArn]) checkRole(role);
  const overrides = {
    containerOverrides: parseContainerOverrides(given?.containerOverrides ?? [], definition),
    ...present({
      cpu: cpu === undefined ? undefined : String(parseTaskCpu(cpu)),
      memory: memory === undefined ? undefined : String(parseTaskMemory(memory)),
      taskRoleArn,
      executionRoleArn,
      ephemeralStorage,
    }),
  };
  if (given) checkContainers(definition.content, overrides);
  return overrides;
}

/** [inferred] What containers come to is held against the rules of their registration. */
function checkContainers(content: TaskDefinitionContent, overrides: TaskOverrides): void {
  const containerDefinitions = effectiveContainers(content, overrides);
  checkContainerSizes({ ...content, containerDefinitions });
  checkEnvironment({ ...content, containerDefinitions });
}

/** An empty text takes the definition's role away. */
function checkRole(role: string | undefined): void {
  if (!role || isRole(role)) return;
  throw clientError(
    `ECS was unable to assume the role '${role}' that was provided for this task. ` +
      'Please verify that the role being passed has the proper trust relationship and ' +
      'permissions and that your IAM user has permissions to pass this role.',
  );
}

function checkEphemeralStorage(sizeInGiB: number | undefined): void {
  if (sizeInGiB === undefined) return;
  if (sizeInGiB < 21) throw clientError('EphemeralStorage size should be at least 21');
  if (sizeInGiB > 200) throw clientError('EphemeralStorage size should be at most 200');
}

function parseContainerOverrides(
  given: readonly (ContainerOverride | null | undefined)[],
  { content }: TaskDefinition,
): readonly NamedContainerOverride[] {
  const byName = new Map<string, NamedContainerOverride>();
  for (const override of given) {
    if (!override) throw invalidParameter('Override argument cannot be null');
    const container = content.containerDefinitions.find(({ name }) => name === override.name);
    if (!container) {
      throw invalidParameter(
        `Override for container named ${override.name ?? 'null'} is not a container in the TaskDefinition.`,
      );
    }
    checkSecretNames(override, new Set(container.secrets?.map(({ name }) => name)));
    byName.set(container.name, { ...override, name: container.name });
  }
  return content.containerDefinitions.map(({ name }) => byName.get(name) ?? { name });
}

function checkSecretNames(
  { environment = [] }: ContainerOverride,
  secretNames: ReadonlySet<string | undefined>,
): void {
  const clash = environment.find(({ name }) => secretNames.has(name));
  if (!clash) return;
  throw clientError(sharedSecretName(clash.name ?? ''));
}

/** @throws EcsError ClientException for a size that Fargate does not have */
export function sizeOf(
  { content }: TaskDefinition,
  overrides: TaskOverrides,
  launchType: LaunchType,
): TaskSize {
  const cpu = overrides.cpu ?? content.cpu;
  const memory = overrides.memory ?? content.memory;
  if (launchType !== 'FARGATE') return { cpu, memory, ephemeralStorageGiB: undefined };
  const exists = isWindows(content) ? isFargateWindowsSize : isFargateSize;
  if (!exists(Number(cpu), Number(memory))) {
    throw clientError(noFargateSize(Number(cpu ?? 0), Number(memory ?? 0)));
  }
  checkContainerMemory(content, overrides, Number(memory));
  const storage = overrides.ephemeralStorage ?? content.ephemeralStorage;
  return { cpu, memory, ephemeralStorageGiB: storage?.sizeInGiB ?? defaultEphemeralStorageGiB };
}

const defaultEphemeralStorageGiB = 20;

function checkContainerMemory(
  content: TaskDefinitionContent,
  overrides: TaskOverrides,
  taskMemoryMiB: number,
): void {
  const tooBig = effectiveContainers(content, overrides).find(
    ({ memory = 0 }) => memory > taskMemoryMiB,
  );
  if (!tooBig) return;
  throw clientError(
    `The 'memory' setting for container '${tooBig.name}' is greater than for the task`,
  );
}
