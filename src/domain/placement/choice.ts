import { noValue } from './attribute-column.ts';
import type { Group } from './group.ts';
import type { InstanceTable } from './instance-table.ts';
import type { Ordering } from './ordering.ts';
import type { PlacementPlan } from './placement-plan.ts';

/** What a place is chosen from, and for whom. */
export interface Choice {
  readonly plan: PlacementPlan;
  readonly ordering: Ordering;
  readonly group: Group;
  readonly table: InstanceTable;
  readonly random: () => number;
}

/** How many tasks a value has; instances that lack the attribute are the last choice. */
export function tasksOfValue(byValue: readonly number[], value: number): number {
  return value === noValue ? Infinity : (byValue[value] ?? 0);
}
