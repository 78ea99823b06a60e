import { tasksOfValue, type Choice } from './choice.ts';
import type { PackedResource, PlacementStrategy } from './placement-strategy.ts';

type Rank = (slot: number) => number;

/** The best of some instances by what a strategy says of single ones; -1 if none fits. */
export function chooseByLooking(choice: Choice, slots: Iterable<number>): number {
  const ranks = ranksOf(choice);
  let best = -1;
  let equals = 0;
  for (const slot of slots) {
    if (!fits(choice, slot)) continue;
    const difference = best < 0 ? -1 : compare(ranks, slot, best);
    if (difference > 0) continue;
    equals = difference < 0 ? 1 : equals + 1;
    // Every one of the equals has the same chance to be the last that is taken.
    if (difference < 0 || choice.random() * equals < 1) best = slot;
  }
  return best;
}

function fits({ plan, group, table }: Choice, slot: number): boolean {
  const { requirements, distinctInstance } = plan.spec;
  if ((table.cpuUnits[slot] ?? 0) < requirements.cpuUnits) return false;
  if ((table.memoryMiB[slot] ?? 0) < requirements.memoryMiB) return false;
  if (distinctInstance && group.has(slot)) return false;
  return plan.fits === undefined || plan.fits(slot);
}

function compare(ranks: readonly Rank[], a: number, b: number): number {
  for (const rank of ranks) {
    const [left, right] = [rank(a), rank(b)];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function ranksOf(choice: Choice): readonly Rank[] {
  const { spreadsInstances, packed, rest } = choice.plan.form;
  const tasksOn: Rank = (slot) => choice.group.countOn(slot);
  return [
    ...(spreadsInstances ? [tasksOn] : []),
    ...packed.map((field) => remaining(choice, field)),
    ...rest.map((rule) => rankOf(choice, rule, tasksOn)),
  ];
}

function rankOf(choice: Choice, rule: PlacementStrategy, tasksOn: Rank): Rank {
  switch (rule.type) {
    case 'random':
      return () => 0;
    case 'binpack':
      return remaining(choice, rule.field);
    case 'spread': {
      if (rule.attribute === undefined) return tasksOn;
      const attribute = choice.plan.restAttributes.get(rule.attribute);
      if (!attribute) throw new Error(`attribute ${rule.attribute} is not in the plan`);
      const counts = choice.group.countsOf(attribute);
      return (slot) => tasksOfValue(counts, attribute.valueOf(slot));
    }
  }
}

function remaining({ table }: Choice, field: PackedResource): Rank {
  const column = field === 'cpu' ? table.cpuUnits : table.memoryMiB;
  return (slot) => column[slot] ?? 0;
}
