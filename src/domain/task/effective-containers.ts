import type { KeyValuePair, ResourceRequirement } from '@aws-sdk/client-ecs';
import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../task-definition/task-definition.ts';
import type { NamedContainerOverride, TaskOverrides } from './task.ts';

/** The containers of a task as they run: what was registered, with the task's overrides applied. */
export function effectiveContainers(
  definition: TaskDefinitionContent,
  overrides: TaskOverrides,
): readonly ContainerDefinition[] {
  const byName = new Map(overrides.containerOverrides.map((o) => [o.name, o]));
  return definition.containerDefinitions.map((container) =>
    effectiveContainer(container, byName.get(container.name)),
  );
}

/**
 * A command that is overridden replaces the image's CMD and keeps the entry point (API reference,
 * ContainerOverride). No memory is not given, as at registration.
 */
function effectiveContainer(
  container: ContainerDefinition,
  override: NamedContainerOverride | undefined,
): ContainerDefinition {
  if (!override) return container;
  const { command, cpu, memory, memoryReservation } = override;
  return {
    ...container,
    ...(command?.length ? { command } : {}),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory ? { memory } : {}),
    ...(memoryReservation ? { memoryReservation } : {}),
    environment: mergedEnvironment(container.environment, override.environment),
    ...(override.environmentFiles ? { environmentFiles: override.environmentFiles } : {}),
    resourceRequirements: mergedRequirements(
      container.resourceRequirements,
      override.resourceRequirements,
    ),
  };
}

/** By name: a value of the override takes the place of the registered one, new names go last. */
function mergedEnvironment(
  registered: readonly KeyValuePair[] = [],
  overriding: readonly KeyValuePair[] = [],
): KeyValuePair[] {
  const byName = new Map<string, KeyValuePair>();
  for (const pair of [...registered, ...overriding]) byName.set(pair.name ?? '', pair);
  return [...byName.values()];
}

function mergedRequirements(
  registered: readonly ResourceRequirement[] = [],
  overriding: readonly ResourceRequirement[] = [],
): ResourceRequirement[] {
  const overridden = new Set(overriding.map((requirement) => requirement.type));
  return [...registered.filter((r) => !overridden.has(r.type)), ...overriding];
}
