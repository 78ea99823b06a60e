import type { AttributeColumn } from './attribute-column.ts';
import type { Eligibility } from './eligibility.ts';
import type { Group } from './group.ts';
import type { InstanceTable } from './instance-table.ts';
import type { Ordering } from './ordering.ts';
import type { PlacementSpec } from './placement-spec.ts';
import type { StrategyForm } from './placement-strategy.ts';

/** A specification with what was worked out for it. */
export interface PlacementPlan {
  readonly spec: PlacementSpec;
  readonly form: StrategyForm;
  readonly eligibility: Eligibility;
  /** What the strategy spreads over first, and what else it names. */
  readonly attributes: readonly AttributeColumn[];
  readonly restAttributes: ReadonlyMap<string, AttributeColumn>;
  /** Whether it matters how many tasks of the group an instance has. */
  readonly countsTasks: boolean;
  /** Tests what a search does not; undefined where there is nothing left to test. */
  readonly fits: ((slot: number) => boolean) | undefined;
  /** The ordering that serves every group, and the one that follows this group's tasks. */
  ordering: Ordering | undefined;
  groupOrdering: Ordering | undefined;
}

/**
 * The test of the resources other than CPU and memory. Who takes no GPU or no network interface
 * fits also where more are taken than there are.
 */
export function otherResourcesTest(
  { requirements }: PlacementSpec,
  table: InstanceTable,
): PlacementPlan['fits'] {
  const { ports, udpPorts, gpuCount, networkInterfaces } = requirements;
  const asksPorts = ports.length > 0 || udpPorts.length > 0;
  if (!asksPorts && gpuCount === 0 && networkInterfaces === 0) return undefined;
  return (slot) => {
    if (gpuCount > 0 && (table.gpus[slot] ?? 0) < gpuCount) return false;
    const freeInterfaces = table.networkInterfaces[slot] ?? 0;
    if (networkInterfaces > 0 && freeInterfaces < networkInterfaces) return false;
    const entry = asksPorts ? table.entry(slot) : undefined;
    return !entry || (entry.hasFree(ports) && entry.hasFreeUdp(udpPorts));
  };
}

/** Narrows a test to the instances without a task of a group. */
export function withoutTasksOf(
  group: Group,
  fits: PlacementPlan['fits'],
): (slot: number) => boolean {
  return fits ? (slot) => !group.has(slot) && fits(slot) : (slot) => !group.has(slot);
}
