import type { InstanceRequirementsRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';

const inclusion = ['excluded', 'included', 'required'];

/** The values that the API reference has for "InstanceRequirementsRequest". */
const values = {
  acceleratorManufacturers: ['amazon-web-services', 'amd', 'habana', 'nvidia', 'xilinx'],
  acceleratorNames: [
    'a100',
    'a10g',
    'h100',
    'inferentia',
    'k520',
    'k80',
    'm60',
    'radeon-pro-v520',
    't4',
    't4g',
    'v100',
    'vu9p',
  ],
  acceleratorTypes: ['fpga', 'gpu', 'inference'],
  bareMetal: inclusion,
  burstablePerformance: inclusion,
  cpuManufacturers: ['amazon-web-services', 'amd', 'intel'],
  instanceGenerations: ['current', 'previous'],
  localStorage: inclusion,
  localStorageTypes: ['hdd', 'ssd'],
} satisfies Partial<Record<keyof InstanceRequirementsRequest, readonly string[]>>;

/**
 * Longshore has no list of instance types: it knows only what no type can satisfy.
 * @throws EcsError InvalidParameterException
 */
export function checkInstanceRequirements(
  requirements: InstanceRequirementsRequest,
  noneSatisfies: () => Error,
): void {
  const { vCpuCount, memoryMiB } = requirements;
  if (vCpuCount?.min === undefined || memoryMiB?.min === undefined) {
    // [inferred text]
    throw invalidParameter('instanceRequirements must specify vCpuCount and memoryMiB.');
  }
  for (const [member, value] of Object.entries(requirements)) {
    if (isEmptyRange(value)) throw noneSatisfies();
    checkValues(member, [value].flat());
  }
}

/** Whether a value is a range that nothing can be within. */
function isEmptyRange(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { min = 0, max = Infinity }: { readonly min?: number; readonly max?: number } = value;
  return min > max;
}

/** [inferred text] */
function checkValues(member: string, given: readonly unknown[]): void {
  const known: readonly unknown[] | undefined = Object.entries(values).find(
    ([name]) => name === member,
  )?.[1];
  if (!known || given.every((value) => known.includes(value))) return;
  throw invalidParameter(`${member} should be one of [${known.join(',')}]`);
}
