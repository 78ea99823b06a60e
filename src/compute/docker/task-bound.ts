import type { TaskOrder } from '../compute.ts';
import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import type { EngineInfo, HostConfigBody, ResourcesBody } from './engine-types.ts';

export const bytesPerMiB = 1024 * 1024;
const cpuPeriodMicroseconds = 100_000;
const unitsPerCpu = 1024;
/** The kernel's own bounds of a share. */
const leastCpuShares = 2;
const mostCpuShares = 262_144;

/** The cgroup of the pause containers: the one in which Engines put all by default. */
export const pauseCgroupParent = '/docker';

/**
 * Whether a container's cgroup can hold those of others, so that the bounds of the pause container
 * are those of the whole task. With systemd a parent must be a slice, and in cgroup v2 one that has
 * processes of its own cannot share out memory and cpu (docs/decisions/0005).
 */
export function canNestContainers({ CgroupDriver, CgroupVersion = '1' }: EngineInfo): boolean {
  return CgroupDriver === 'cgroupfs' && CgroupVersion === '1';
}

/**
 * Whether a task needs a bound beyond that of its containers: that of a single one is the same.
 */
export function needsBoundOfItsOwn({ task, taskDefinition }: TaskOrder): boolean {
  const isBounded = Number(task.cpu ?? 0) > 0 || Number(task.memory ?? 0) > 0;
  const { length } = taskDefinition.content.containerDefinitions;
  return isBounded && (length > 1 || task.serviceConnect !== undefined);
}

/** The cgroup of a pause container, which holds those of its task's containers. */
export function cgroupOfPause(pauseId: string): string {
  return `${pauseCgroupParent}/${pauseId}`;
}

/** What a task of this size has of its host. */
export function taskResources({ task }: TaskOrder): ResourcesBody {
  const cpuUnits = Number(task.cpu ?? 0);
  const memoryMiB = Number(task.memory ?? 0);
  return {
    CpuShares: cpuShares(cpuUnits),
    ...(memoryMiB > 0 ? memoryLimit(memoryMiB) : {}),
    ...(cpuUnits > 0
      ? {
          CpuPeriod: cpuPeriodMicroseconds,
          CpuQuota: Math.round((cpuUnits / unitsPerCpu) * cpuPeriodMicroseconds),
        }
      : {}),
  };
}

/** The bounds of a whole task, whose containers may swap as much as all of them may. */
export function taskBound(order: TaskOrder): ResourcesBody {
  const bound = taskResources(order);
  const { containerDefinitions } = order.taskDefinition.content;
  const swaps = containerDefinitions.map(({ linuxParameters }) => linuxParameters?.maxSwap ?? 0);
  const swapMiB = swaps.reduce((sum, swap) => sum + swap, 0);
  if (bound.Memory === undefined) return bound;
  return { ...bound, MemorySwap: bound.Memory + swapMiB * bytesPerMiB };
}

/** With maxSwap, a container has so much swap beyond its memory; without, ECS hears no swappiness. */
export function swapOf(
  { memory, linuxParameters: { maxSwap, swappiness } = {} }: ContainerDefinition,
  { task }: TaskOrder,
): Pick<HostConfigBody, 'MemorySwap' | 'MemorySwappiness'> {
  if (maxSwap === undefined) return {};
  const memoryMiB = memory ?? Number(task.memory ?? 0);
  return {
    MemorySwap: (memoryMiB + maxSwap) * bytesPerMiB,
    ...(swappiness === undefined ? {} : { MemorySwappiness: swappiness }),
  };
}

/** A limit of memory and swap that equals that of memory leaves no swap, as on Fargate. */
export function memoryLimit(memoryMiB: number): ResourcesBody {
  const bytes = memoryMiB * bytesPerMiB;
  return { Memory: bytes, MemorySwap: bytes };
}

export function cpuShares(cpuUnits: number): number {
  return Math.min(Math.max(cpuUnits, leastCpuShares), mostCpuShares);
}
