import type { PlacementSpec } from '../src/domain/placement/placement-spec.ts';

/** A container instance as a first implementation would hold it. */
export interface PlainInstance {
  readonly zone: string;
  readonly type: string;
  readonly capabilities: ReadonlySet<string>;
  cpuUnits: number;
  memoryMiB: number;
  readonly tasksByGroup: Map<string, number>;
}

/** What one kind of task asks: the specification, and the same for the scan. */
export interface Workload {
  readonly name: string;
  readonly spec: Pick<PlacementSpec, 'strategy' | 'memberOf' | 'distinctInstance'>;
  readonly isMember: (instance: PlainInstance) => boolean;
  /** The lower the better. */
  readonly rank: (instance: PlainInstance, tasks: GroupTasks) => number;
}

export interface GroupTasks {
  readonly group: string;
  readonly byZone: ReadonlyMap<string, number>;
}

/** Places each task by looking at every instance: the peer, and the judge of what ours chose. */
export class PlainScan {
  readonly instances: readonly PlainInstance[];
  readonly #workload: Workload;
  readonly #zones = new Map<string, Map<string, number>>();

  constructor(instances: readonly PlainInstance[], workload: Workload) {
    this.instances = instances;
    this.#workload = workload;
  }

  /** The best instance for a task; undefined if none fits. */
  best(spec: PlacementSpec): PlainInstance | undefined {
    const tasks = this.#tasksOf(spec.group);
    let best: PlainInstance | undefined;
    let lowest = Infinity;
    for (const instance of this.instances) {
      if (!this.#fits(instance, spec)) continue;
      const rank = this.#workload.rank(instance, tasks);
      if (rank >= lowest) continue;
      lowest = rank;
      best = instance;
    }
    return best;
  }

  /** Whether an instance fits, and none that does is better. */
  isBest(instance: PlainInstance | undefined, spec: PlacementSpec): boolean {
    const best = this.best(spec);
    if (!instance || !best || !this.#fits(instance, spec)) return instance === best;
    const tasks = this.#tasksOf(spec.group);
    return this.#workload.rank(instance, tasks) === this.#workload.rank(best, tasks);
  }

  take(instance: PlainInstance, { group, requirements }: PlacementSpec): void {
    instance.cpuUnits -= requirements.cpuUnits;
    instance.memoryMiB -= requirements.memoryMiB;
    instance.tasksByGroup.set(group, (instance.tasksByGroup.get(group) ?? 0) + 1);
    const { byZone } = this.#tasksOf(group);
    byZone.set(instance.zone, (byZone.get(instance.zone) ?? 0) + 1);
  }

  #tasksOf(group: string): { group: string; byZone: Map<string, number> } {
    const byZone = this.#zones.get(group) ?? new Map<string, number>();
    this.#zones.set(group, byZone);
    return { group, byZone };
  }

  #fits(instance: PlainInstance, spec: PlacementSpec): boolean {
    if (instance.cpuUnits < spec.requirements.cpuUnits) return false;
    if (instance.memoryMiB < spec.requirements.memoryMiB) return false;
    if (spec.distinctInstance && instance.tasksByGroup.has(spec.group)) return false;
    if (!this.#workload.isMember(instance)) return false;
    return spec.requiredAttributes.every((name) => instance.capabilities.has(name));
  }
}
