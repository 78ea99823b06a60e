import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import { isHealthy, isRunning, isServing } from './service-tasks.ts';

/**
 * Chooses the tasks to stop: those that serve least first, among equals in the Availability Zone that
 * has the most tasks, the newest first.
 */
export function chooseForScaleIn(
  tasks: readonly Task[],
  count: number,
  now: Instant,
): readonly Task[] {
  const inZones = new Map<string, number>();
  for (const { availabilityZone: zone } of tasks) {
    inZones.set(zone, (inZones.get(zone) ?? 0) + 1);
  }
  const chosen: Task[] = [];
  for (const worth of [0, 1, 2, 3]) {
    const equals = tasks.filter((task) => worthOf(task, now) === worth);
    const zones = Map.groupBy(equals.toSorted(byAge), ({ availabilityZone }) => availabilityZone);
    while (chosen.length < count) {
      const zone = fullestOf(zones, inZones);
      const newest = zone === undefined ? undefined : zones.get(zone)?.pop();
      if (zone === undefined || !newest) break;
      inZones.set(zone, (inZones.get(zone) ?? 0) - 1);
      chosen.push(newest);
    }
  }
  return chosen;
}

function byAge(a: Task, b: Task): number {
  if (a.createdAt !== b.createdAt) return a.createdAt - b.createdAt;
  return a.arn < b.arn ? -1 : 1;
}

function worthOf(task: Task, now: Instant): number {
  if (!isRunning(task)) return 0;
  if (!isServing(task)) return 1;
  return isHealthy(task, now) ? 3 : 2;
}

function fullestOf(
  zones: ReadonlyMap<string, readonly Task[]>,
  inZones: ReadonlyMap<string, number>,
): string | undefined {
  let fullest: string | undefined;
  let most = 0;
  for (const [zone, tasks] of zones) {
    const count = inZones.get(zone) ?? 0;
    if (tasks.length === 0 || count <= most) continue;
    fullest = zone;
    most = count;
  }
  return fullest;
}
