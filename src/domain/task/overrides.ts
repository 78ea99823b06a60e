import type { ContainerOverride, TaskOverride } from '@aws-sdk/client-ecs';
import { clientError, invalidParameter, type EcsError } from '../errors.ts';
import { checkResourceRequirements } from '../task-definition/container-settings.ts';
import {
  checkContainerSizes,
  checkTaskSize,
  parseTaskCpu,
  parseTaskMemory,
} from '../task-definition/cpu-and-memory.ts';
import { checkEnvironment } from '../task-definition/environment.ts';
import { resourceRefusal } from '../task-definition/fargate.ts';
import {
  isFargateSize,
  isFargateWindowsSize,
  noFargateSize,
} from '../task-definition/fargate-sizes.ts';
import { present } from '../present.ts';
import { isWindows } from '../task-definition/runtime-platform.ts';
import { sharedSecretName } from '../task-definition/secrets.ts';
import { checkEphemeralStorage, isRole } from '../task-definition/task-settings.ts';
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
  if (!given) return { containerOverrides: parseContainerOverrides([], definition) };
  if (JSON.stringify(given).length > maximumOverridesLength) {
    throw invalidParameter(`Container Overrides length must be at most ${maximumOverridesLength}`);
  }
  if (given.inferenceAcceleratorOverrides?.length) throw noAccelerators();
  checkEphemeralStorage(given.ephemeralStorage?.sizeInGiB);
  const { cpu, memory, taskRoleArn, executionRoleArn, ephemeralStorage } = given;
  for (const role of [taskRoleArn, executionRoleArn]) checkRole(role);
  const overrides = {
    containerOverrides: parseContainerOverrides(given.containerOverrides ?? [], definition),
    ...present({
      cpu: cpu === undefined ? undefined : String(parseTaskCpu(cpu)),
      memory: memory === undefined ? undefined : String(parseTaskMemory(memory)),
      taskRoleArn,
      executionRoleArn,
      ephemeralStorage,
    }),
  };
  checkOverridden(definition.content, overrides);
  return overrides;
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

/** Elastic Inference has ended; definitions that ask for it are refused in like words. [inferred] */
function noAccelerators(): EcsError {
  return invalidParameter("Unsupported field 'inferenceAcceleratorOverrides'.");
}

/** What overrides make of a definition is subject to its rules, in the same words. [inferred] */
function checkOverridden(registered: TaskDefinitionContent, overrides: TaskOverrides): void {
  const { cpu, memory } = overrides;
  const content = {
    ...registered,
    ...present({ cpu, memory }),
    containerDefinitions: effectiveContainers(registered, overrides),
  };
  checkContainerSizes(content);
  checkEnvironment(content);
  checkResourceRequirements(content);
  checkTaskSize(content);
}

function parseContainerOverrides(
  given: readonly (ContainerOverride | null | undefined)[],
  { content }: TaskDefinition,
): readonly NamedContainerOverride[] {
  const byName = new Map<string, NamedContainerOverride>();
  for (const override of given) {
    if (!override) throw nullArgument();
    const container = content.containerDefinitions.find(({ name }) => name === override.name);
    if (!container) {
      throw invalidParameter(
        `Override for container named ${override.name ?? 'null'} is not a container in the TaskDefinition.`,
      );
    }
    checkVariables(override, new Set(container.secrets?.map(({ name }) => name)));
    byName.set(container.name, { ...override, name: container.name });
  }
  return content.containerDefinitions.map(({ name }) => byName.get(name) ?? { name });
}

function checkVariables(
  { environment = [] }: ContainerOverride,
  secretNames: ReadonlySet<string | undefined>,
): void {
  if (environment.some(({ name, value }) => name === undefined || value === undefined)) {
    throw nullArgument();
  }
  const clash = environment.find(({ name }) => secretNames.has(name));
  if (!clash) return;
  throw clientError(sharedSecretName(clash.name ?? ''));
}

function nullArgument(): EcsError {
  return invalidParameter('Override argument cannot be null');
}

/** @throws EcsError ClientException for a size that Fargate does not have, or resources that it has not */
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
  checkFargateResources(overrides);
  const storage = overrides.ephemeralStorage ?? content.ephemeralStorage;
  return { cpu, memory, ephemeralStorageGiB: storage?.sizeInGiB ?? defaultEphemeralStorageGiB };
}

const defaultEphemeralStorageGiB = 20;

function checkFargateResources({ containerOverrides }: TaskOverrides): void {
  for (const { resourceRequirements } of containerOverrides) {
    const refusal = resourceRefusal(resourceRequirements);
    if (refusal !== undefined) throw clientError(refusal);
  }
}
