import { effectiveContainers } from '../task/effective-containers.ts';
import type { Task, TaskOverrides } from '../task/task.ts';
import type { ContainerDefinition, TaskDefinition } from '../task-definition/task-definition.ts';
import type { InstanceResources } from './container-instance.ts';

/** What a task takes of its instance. */
export interface TaskDemand {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  /** Ports of the host: those that are asked for, and those that were chosen for it. */
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
  readonly gpus: number;
}

interface Sized {
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
  readonly overrides: TaskOverrides;
}

/** What a task asks for: its own size, else that of its containers; the soft memory limit counts before the hard one. */
export function demandOf(
  { content }: TaskDefinition,
  { cpu, memory, overrides }: Sized,
): TaskDemand {
  const containers = effectiveContainers(content, overrides);
  return {
    cpuUnits: cpu === undefined ? sum(containers, (c) => c.cpu) : Number(cpu),
    memoryMiB:
      memory === undefined
        ? sum(containers, (c) => c.memoryReservation ?? c.memory ?? 0)
        : Number(memory),
    tcpPorts: hostPorts(containers, content.networkMode, 'tcp'),
    udpPorts: hostPorts(containers, content.networkMode, 'udp'),
    gpus: sum(containers, gpusOf),
  };
}

function sum(
  containers: readonly ContainerDefinition[],
  measure: (container: ContainerDefinition) => number,
): number {
  return containers.reduce((total, container) => total + measure(container), 0);
}

export function gpusOf({
  resourceRequirements = [],
}: Pick<ContainerDefinition, 'resourceRequirements'>): number {
  const wanted = resourceRequirements.find(({ type }) => type === 'GPU');
  return Number(wanted?.value ?? 0);
}

/** Ports that the host chooses count only once it has chosen them. */
function hostPorts(
  containers: readonly ContainerDefinition[],
  networkMode: string | undefined,
  protocol: 'tcp' | 'udp',
): readonly number[] {
  if (networkMode === 'awsvpc' || networkMode === 'none') return [];
  return containers
    .flatMap(({ portMappings }) => portMappings)
    .filter((mapping) => (mapping.protocol ?? 'tcp') === protocol)
    .map(({ hostPort, containerPort }) =>
      networkMode === 'host' ? (hostPort ?? containerPort ?? 0) : (hostPort ?? 0),
    )
    .filter((port) => port > 0);
}

/** What is left of an instance, as ECS shows it. */
export interface RemainingResources {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  /** Those that are taken, despite the name that ECS gives it. */
  readonly takenPorts: readonly number[];
  readonly takenUdpPorts: readonly number[];
  /** Those that no task has. */
  readonly gpuIds: readonly string[];
}

export function remainingResources(
  registered: InstanceResources,
  tasks: readonly { readonly task: Task; readonly definition: TaskDefinition }[],
): RemainingResources {
  const takenPorts = new Set(registered.reservedPorts);
  const takenUdpPorts = new Set(registered.reservedUdpPorts);
  const gpuIds = new Set(registered.gpuIds);
  let { cpuUnits, memoryMiB } = registered;
  for (const { task, definition } of tasks) {
    const demand = demandOf(definition, task);
    cpuUnits -= demand.cpuUnits;
    memoryMiB -= demand.memoryMiB;
    for (const port of demand.tcpPorts) takenPorts.add(port);
    for (const port of demand.udpPorts) takenUdpPorts.add(port);
    for (const { gpuIds: taken = [], networkBindings } of task.containers) {
      for (const id of taken) gpuIds.delete(id);
      for (const binding of networkBindings) {
        const ports = binding.protocol === 'udp' ? takenUdpPorts : takenPorts;
        if ('hostPort' in binding) ports.add(binding.hostPort);
      }
    }
  }
  return {
    cpuUnits,
    memoryMiB,
    takenPorts: [...takenPorts],
    takenUdpPorts: [...takenUdpPorts],
    gpuIds: [...gpuIds],
  };
}

/** Why a task does not fit into what is left; undefined where it does. */
export function lackOf(remaining: RemainingResources, demand: TaskDemand): string | undefined {
  const isTaken = (ports: readonly number[]) => (port: number) => ports.includes(port);
  if (demand.tcpPorts.some(isTaken(remaining.takenPorts))) return 'RESOURCE:PORTS';
  if (demand.udpPorts.some(isTaken(remaining.takenUdpPorts))) return 'RESOURCE:PORTS';
  if (demand.cpuUnits > remaining.cpuUnits) return 'RESOURCE:CPU';
  if (demand.memoryMiB > remaining.memoryMiB) return 'RESOURCE:MEMORY';
  return demand.gpus > remaining.gpuIds.length ? 'RESOURCE:GPU' : undefined;
}
