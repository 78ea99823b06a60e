import { present } from '../present.ts';

interface Amounts {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

/** A running task: what it uses, as far as that is known, and what is reserved for it. */
export interface MeasuredTask {
  readonly used: Partial<Amounts>;
  readonly reserved: Amounts;
}

/** Of all that is reserved for the tasks of a service, so many percent are used; absent where nobody knows. */
export interface Utilization {
  readonly cpu?: number;
  readonly memory?: number;
}

/** Tasks that nothing is known of count neither way (Developer Guide, "Service utilization metrics"). */
export function utilizationOf(tasks: readonly MeasuredTask[]): Utilization {
  return present({ cpu: percentOf(tasks, 'cpuUnits'), memory: percentOf(tasks, 'memoryMiB') });
}

function percentOf(tasks: readonly MeasuredTask[], name: keyof Amounts): number | undefined {
  let used = 0;
  let reserved = 0;
  for (const task of tasks) {
    const amount = task.used[name];
    if (amount === undefined) continue;
    used += amount;
    reserved += task.reserved[name];
  }
  return reserved > 0 ? (used / reserved) * 100 : undefined;
}
