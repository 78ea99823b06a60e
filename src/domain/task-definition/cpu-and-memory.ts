import { clientError, invalidParameter } from '../errors.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const cpuUnitsPerVcpu = 1024;
const mibPerGib = 1024;
const greatestInt = 2_147_483_647;

/** What a task may state outside Fargate: 0.125 to 192 vCPU. */
const leastTaskCpuUnits = 128;
const mostTaskCpuUnits = 196_608;

const vcpus = /^(\d+|\d*\.\d+)\s*vcpu$/i;
const gigabytes = /^(\d+|\d*\.\d+)\s*gb$/i;

/**
 * Reads a task's CPU as units: `256`, `.25 vCPU`.
 * @throws EcsError InvalidParameterException
 */
export function parseTaskCpu(text: string): number {
  const units = parseQuantity(text, vcpus, cpuUnitsPerVcpu);
  if (units === undefined) throw invalidParameter("Invalid 'cpu' setting for task.");
  return units;
}

/**
 * Reads a task's memory as MiB: `512`, `.5 GB`.
 * @throws EcsError InvalidParameterException [inferred from the refusal of a malformed CPU]
 */
export function parseTaskMemory(text: string): number {
  const mib = parseQuantity(text, gigabytes, mibPerGib);
  if (!mib) throw invalidParameter("Invalid 'memory' setting for task.");
  return mib;
}

function parseQuantity(text: string, withUnit: RegExp, factor: number): number | undefined {
  const amount = withUnit.exec(text)?.[1];
  if (amount === undefined && !/^\d+$/.test(text)) return undefined;
  const quantity = amount === undefined ? Number(text) : Math.trunc(Number(amount) * factor);
  return quantity <= greatestInt ? quantity : undefined;
}

const sizeSettings: readonly ('cpu' | 'memory' | 'memoryReservation')[] = [
  'cpu',
  'memory',
  'memoryReservation',
];

/** What containers ask for, each by itself. */
export function checkContainerSizes(content: TaskDefinitionContent): void {
  for (const container of content.containerDefinitions) {
    checkNotNegative(container);
    checkMemory(container, content.memory !== undefined);
  }
}

/** [inferred wording, ECS's grammar] */
function checkNotNegative(container: ContainerDefinition): void {
  for (const setting of sizeSettings) {
    if ((container[setting] ?? 0) >= 0) continue;
    throw clientError(`Invalid '${setting}' setting for container '${container.name}'.`);
  }
}

function checkMemory(container: ContainerDefinition, taskHasMemory: boolean): void {
  const { name, memory, memoryReservation } = container;
  if (memory === undefined && memoryReservation === undefined && !taskHasMemory) {
    throw invalidContainer(
      name,
      "At least one of 'memory' or 'memoryReservation' must be specified.",
    );
  }
  // The documentation says "greater"; the service accepts equal ones.
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation) {
    throw invalidContainer(name, "'memory' must be greater than or equal to 'memoryReservation'.");
  }
}

function invalidContainer(name: string, why: string): Error {
  return clientError(`Invalid setting for container '${name}'. ${why}`);
}

/** What containers ask for together, against what the task has. Hard limits may exceed it. */
export function checkTaskSize(content: TaskDefinitionContent): void {
  const { containerDefinitions, cpu, memory } = content;
  if (memory !== undefined) checkTaskMemory(containerDefinitions, Number(memory));
  if (cpu === undefined) return;
  if (total(containerDefinitions, 'cpu') > Number(cpu)) throw sumTooGreat('cpu', 'cpu');
  // Fargate has a table of its own instead.
  if (!content.requiresCompatibilities?.includes('FARGATE')) checkTaskCpuRange(Number(cpu));
}

function checkTaskMemory(containers: readonly ContainerDefinition[], taskMemoryMiB: number): void {
  for (const { name, memory = 0 } of containers) {
    if (memory <= taskMemoryMiB) continue;
    throw clientError(`The 'memory' setting for container '${name}' is greater than for the task`);
  }
  if (total(containers, 'memoryReservation') > taskMemoryMiB) {
    throw sumTooGreat('memoryReservation', 'memory');
  }
}

function total(
  containers: readonly ContainerDefinition[],
  setting: 'cpu' | 'memoryReservation',
): number {
  return containers.reduce((sum, container) => sum + (container[setting] ?? 0), 0);
}

/** [inferred wording for memory] */
function sumTooGreat(ofContainers: string, ofTask: string): Error {
  return clientError(
    `The sum of all container '${ofContainers}' values cannot be greater than ` +
      `the value of the task '${ofTask}'.`,
  );
}

function checkTaskCpuRange(cpuUnits: number): void {
  if (cpuUnits >= leastTaskCpuUnits && cpuUnits <= mostTaskCpuUnits) return;
  throw clientError(
    "Invalid 'cpu' setting for task. For more information, see the Troubleshooting section " +
      'of the Amazon ECS Developer Guide.',
  );
}
