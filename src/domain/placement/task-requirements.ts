import type { ResourceRequirement } from '@aws-sdk/client-ecs';
import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../task-definition/task-definition.ts';
import { effectiveContainers } from '../task/effective-containers.ts';
import type { TaskOverrides } from '../task/task.ts';

/** What a task takes of a container instance. */
export interface TaskRequirements {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
  readonly udpPorts: readonly number[];
  /** How many GPUs must be free. */
  readonly gpuCount: number;
  /** Whether it gets all that are free, however many it needs. */
  readonly takesAllGpus: boolean;
  readonly networkInterfaces: number;
}

/** The task's own size where it has one, else the sum over its containers. */
export function requirementsOf(
  content: TaskDefinitionContent,
  overrides: TaskOverrides,
): TaskRequirements {
  const containers = effectiveContainers(content, overrides);
  const cpu = overrides.cpu ?? content.cpu;
  const memory = overrides.memory ?? content.memory;
  const isAwsvpc = content.networkMode === 'awsvpc';
  return {
    cpuUnits: cpu === undefined ? sum(containers, ({ cpu: own }) => own) : Number(cpu),
    memoryMiB: memory === undefined ? sum(containers, containerMemory) : Number(memory),
    ports: isAwsvpc ? [] : staticPorts(containers, 'tcp'),
    udpPorts: isAwsvpc ? [] : staticPorts(containers, 'udp'),
    gpuCount: sum(containers, gpuCount),
    takesAllGpus: containers.some(takesAllGpus),
    networkInterfaces: isAwsvpc ? 1 : 0,
  };
}

function containerMemory({ memory, memoryReservation }: ContainerDefinition): number {
  return memoryReservation ?? memory ?? 0;
}

type OfResources = Pick<ContainerDefinition, 'resourceRequirements'>;

/** How many GPUs a container needs: one at least where it asks for ALL. */
export function gpuCount({ resourceRequirements = [] }: OfResources): number {
  return sum(resourceRequirements, gpusOf);
}

function gpusOf({ type, value, sharingStrategy }: ResourceRequirement): number {
  if (type !== 'GPU') return 0;
  // No instance offers GPUs to be shared, so that it can have no more than it lacks here.
  if (sharingStrategy) return Infinity;
  return value === 'ALL' ? 1 : Number(value);
}

/** Whether a container asks for all GPUs of its instance that are free (API reference, "ResourceRequirement"). */
export function takesAllGpus({ resourceRequirements = [] }: OfResources): boolean {
  return resourceRequirements.some(({ type, value }) => type === 'GPU' && value === 'ALL');
}

/** Ports of the host that the definition names. One that Docker picks takes no part in placement. */
function staticPorts(
  containers: readonly ContainerDefinition[],
  protocol: 'tcp' | 'udp',
): readonly number[] {
  const mappings = containers.flatMap(({ portMappings }) => portMappings);
  const ports = mappings.map((mapping) => (mapping.protocol === protocol ? mapping.hostPort : 0));
  return [...new Set(ports.flatMap((port) => (port ? [port] : [])))];
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
