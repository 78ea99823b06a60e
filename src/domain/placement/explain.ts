import type { ContainerInstanceArn } from '../arn.ts';
import { verdicts, type Eligibility } from './eligibility.ts';
import type { Group } from './group.ts';
import type { InstanceEntry } from './instance-entry.ts';
import type { InstanceTable } from './instance-table.ts';
import {
  emptyCapacityProvider,
  failureReasons,
  noActiveInstances,
  type PlacementFailure,
} from './placement-failure.ts';
import type { PlacementSpec } from './placement-spec.ts';

interface Question {
  readonly spec: PlacementSpec;
  readonly eligibility: Eligibility;
  readonly group: Group;
  readonly table: InstanceTable;
}

/**
 * Why a task has no place: an entry for each ACTIVE instance of its launch type and capacity
 * provider, in the order of their registration. Empty where the cluster has no such instance.
 */
export function explainFailure(question: Question): readonly PlacementFailure[] {
  const { spec, eligibility, table } = question;
  const inside = [...table.slots].filter((slot) => eligibility.verdict(slot) !== verdicts.outside);
  if (inside.length === 0) return spec.capacityProviderName ? [emptyCapacityProvider] : [];
  const active = inside.filter((slot) => eligibility.verdict(slot) !== verdicts.inactive);
  if (active.length === 0) return [noActiveInstances];
  return active.flatMap((slot) => failureOn(question, slot) ?? []);
}

/** The first filter that an instance does not pass; undefined if the task can go there. */
export function failureOn(question: Question, slot: number): PlacementFailure | undefined {
  const entry = question.table.entry(slot);
  if (!entry) return undefined;
  const { arn } = entry.instance;
  return ineligibility(question, slot, entry) ?? resourceFailure(question, slot, entry, arn);
}

function ineligibility(
  { spec, eligibility, group }: Question,
  slot: number,
  entry: InstanceEntry,
): PlacementFailure | undefined {
  const { arn } = entry.instance;
  const isTaken = spec.distinctInstance && group.has(slot);
  switch (eligibility.verdict(slot)) {
    case verdicts.inactive:
    case verdicts.agent:
      return { arn, reason: failureReasons.agent };
    case verdicts.outside:
    case verdicts.attribute: {
      const detail = eligibility.missingAttribute(entry);
      return { arn, reason: failureReasons.attribute, ...(detail && { detail }) };
    }
    case verdicts.memberOf:
      return { arn, reason: failureReasons.memberOf };
    case verdicts.location:
      return { arn, reason: isTaken ? failureReasons.distinctInstance : failureReasons.location };
    case verdicts.eligible:
      return isTaken ? { arn, reason: failureReasons.distinctInstance } : undefined;
  }
}

function resourceFailure(
  { spec, table }: Pick<Question, 'spec' | 'table'>,
  slot: number,
  entry: InstanceEntry,
  arn: ContainerInstanceArn,
): PlacementFailure | undefined {
  const { cpuUnits, memoryMiB, ports, udpPorts, gpuCount, networkInterfaces } = spec.requirements;
  const isShort = (column: Int32Array, amount: number): boolean => (column[slot] ?? 0) < amount;
  if (!entry.hasFree(ports)) return { arn, reason: failureReasons.ports };
  if (!entry.hasFreeUdp(udpPorts)) return { arn, reason: failureReasons.udpPorts };
  if (isShort(table.cpuUnits, cpuUnits)) return { arn, reason: failureReasons.cpu };
  if (isShort(table.memoryMiB, memoryMiB)) return { arn, reason: failureReasons.memory };
  const lacksGpu = gpuCount > 0 && isShort(table.gpus, gpuCount);
  if (lacksGpu) return { arn, reason: failureReasons.gpu };
  const lacksInterface =
    networkInterfaces > 0 && isShort(table.networkInterfaces, networkInterfaces);
  return lacksInterface ? { arn, reason: failureReasons.networkInterface } : undefined;
}
