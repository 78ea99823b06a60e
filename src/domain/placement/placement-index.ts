import type { ContainerInstanceArn } from '../arn.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import { choose } from './choose.ts';
import { takesTasks } from './eligibility.ts';
import { explainFailure, failureOn } from './explain.ts';
import { Group } from './group.ts';
import type { InstanceEntry } from './instance-entry.ts';
import { change, InstanceTable } from './instance-table.ts';
import type { PlacementFailure } from './placement-failure.ts';
import type { PlacementSpec } from './placement-spec.ts';
import { Plans } from './plans.ts';
import { Reservation, type BoundPorts, type Place, type TaskShare } from './reservation.ts';
import type { TaskRequirements } from './task-requirements.ts';

export type Placement =
  | { readonly kind: 'Placed'; readonly reservation: Reservation }
  | { readonly kind: 'Refused'; readonly failures: readonly PlacementFailure[] };

/** What tasks have left of a container instance. */
export interface RemainingResources {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  /** Ports that are taken: ECS calls them remaining all the same. */
  readonly ports: readonly number[];
  readonly udpPorts: readonly number[];
  readonly gpuIds: readonly string[];
}

/**
 * Places the tasks of one cluster on its container instances, and keeps count of what they take.
 * Neither placing nor releasing a task looks at every instance.
 */
export class PlacementIndex {
  readonly #random: () => number;
  readonly #table = new InstanceTable();
  readonly #groups = new Map<string, Group>();
  readonly #plans = new Plans(this.#table, () => this.#recountGroups());

  /** @param random a number from 0 to below 1, as Math.random gives */
  constructor(random: () => number) {
    this.#random = random;
  }

  get size(): number {
    return this.#table.size;
  }

  /** Takes in a container instance that is new. */
  add(instance: ContainerInstance): void {
    if (this.#table.isFull) {
      this.#table.grow();
      this.#plans.reset();
    }
    this.#plans.instanceChanged(this.#table.add(instance));
  }

  /** Takes in a new record of an instance: drained, disconnected, with other attributes. */
  update(instance: ContainerInstance): void {
    const slot = this.#table.slotOf(instance.arn);
    const entry = slot === undefined ? undefined : this.#table.entry(slot);
    if (slot === undefined || !entry) return;
    this.#table.replace(slot, entry, instance);
    if (this.#plans.instanceChanged(slot)) this.#recountGroups();
  }

  /** Forgets an instance, and with it the tasks that are on it. */
  remove(arn: ContainerInstanceArn): void {
    const slot = this.#table.slotOf(arn);
    if (slot === undefined) return;
    this.#table.remove(arn, slot);
    for (const group of this.#groups.values()) {
      if (group.has(slot)) group.drop(slot);
      this.#endIfEmpty(group);
    }
    this.#plans.instanceChanged(slot);
  }

  /** Finds the best place for a task, and takes it. */
  place(spec: PlacementSpec): Placement {
    const plan = this.#plans.plan(spec);
    const group = this.#group(spec.group);
    const slot = choose({
      plan,
      group,
      ordering: this.#plans.ordering(plan, group),
      table: this.#table,
      random: this.#random,
    });
    const entry = this.#table.entry(slot);
    if (entry) return this.#takeNew({ slot, entry }, group, spec);
    const { eligibility } = plan;
    const failures = explainFailure({ spec, eligibility, group, table: this.#table });
    this.#endIfEmpty(group);
    return { kind: 'Refused', failures };
  }

  /** Takes a place on the instance that StartTask names, which is not asked for constraints. */
  placeOn(arn: ContainerInstanceArn, given: PlacementSpec): Placement {
    const slot = this.#table.slotOf(arn) ?? -1;
    const entry = this.#table.entry(slot);
    if (!entry) return refused({ arn, reason: 'MISSING' });
    if (!takesTasks(entry.instance, given)) return refused({ arn, reason: 'INACTIVE' });
    const spec = { ...given, memberOf: [], distinctInstance: false };
    const { eligibility } = this.#plans.plan(spec);
    const group = this.#group(spec.group);
    const failure = failureOn({ spec, eligibility, group, table: this.#table }, slot);
    if (!failure) return this.#takeNew({ slot, entry }, group, spec);
    this.#endIfEmpty(group);
    return refused(failure);
  }

  /** Takes what a task has that is already on an instance; undefined if there is no such instance. */
  take(arn: ContainerInstanceArn, share: TaskShare): Reservation | undefined {
    const slot = this.#table.slotOf(arn) ?? -1;
    const entry = this.#table.entry(slot);
    if (!entry) return undefined;
    const reservation = new Reservation({ slot, entry }, share, share.gpuIds);
    this.#hold(reservation, this.#group(share.group));
    return reservation;
  }

  /** The task has been bound to ports that Docker picked; replaces what it was bound to before. */
  bindPorts(reservation: Reservation, ports: BoundPorts): void {
    if (reservation.isReleased) return;
    changePorts(reservation.entry, reservation.boundPorts, 'delete');
    reservation.boundPorts = ports;
    changePorts(reservation.entry, ports, 'add');
  }

  /** The task is no longer wanted RUNNING: others of its group may take its place. */
  retire(reservation: Reservation): void {
    if (!reservation.isWanted) return;
    reservation.isWanted = false;
    if (!this.#isThere(reservation)) return;
    const group = this.#group(reservation.group);
    group.count(reservation.slot, -1);
    this.#plans.tasksChanged(reservation.slot, group);
    this.#endIfEmpty(group);
  }

  /** The task has STOPPED: what it had is free again. */
  release(reservation: Reservation): void {
    this.retire(reservation);
    if (reservation.isReleased) return;
    reservation.isReleased = true;
    if (!this.#isThere(reservation)) return;
    const { slot, entry } = reservation;
    this.#changeResources(slot, reservation, 1);
    changePorts(entry, portsOf(reservation), 'delete');
    changePorts(entry, reservation.boundPorts, 'delete');
    for (const id of reservation.gpuIds) entry.usedGpuIds.delete(id);
    entry.removeTask(reservation.group);
    this.#plans.released(slot);
  }

  /** The instances that would do for tasks, if only their agents were connected and they had room. */
  suited(spec: PlacementSpec): readonly ContainerInstance[] {
    const { eligibility } = this.#plans.plan(spec);
    return [...this.#table.slots].flatMap((slot) => {
      const entry = eligibility.isSuited(slot) ? this.#table.entry(slot) : undefined;
      return entry ? [entry.instance] : [];
    });
  }

  setRunningTasksCount(arn: ContainerInstanceArn, count: number): void {
    const slot = this.#table.slotOf(arn) ?? -1;
    const entry = this.#table.entry(slot);
    if (!entry || entry.runningTasksCount === count) return;
    entry.runningTasksCount = count;
    this.#plans.tasksChanged(slot, undefined);
  }

  remaining(arn: ContainerInstanceArn): RemainingResources | undefined {
    const slot = this.#table.slotOf(arn) ?? -1;
    const entry = this.#table.entry(slot);
    if (!entry) return undefined;
    const { reservedPorts, reservedUdpPorts } = entry.instance.registeredResources;
    return {
      cpuUnits: this.#table.cpuUnits[slot] ?? 0,
      memoryMiB: this.#table.memoryMiB[slot] ?? 0,
      ports: [...new Set([...reservedPorts, ...entry.usedPorts])],
      udpPorts: [...new Set([...reservedUdpPorts, ...entry.usedUdpPorts])],
      gpuIds: entry.freeGpuIds(),
    };
  }

  #takeNew(place: Place, group: Group, spec: PlacementSpec): Placement {
    const reservation = new Reservation(place, spec, gpusFor(spec.requirements, place.entry));
    this.#hold(reservation, group);
    return { kind: 'Placed', reservation };
  }

  #hold(reservation: Reservation, group: Group): void {
    const { entry, slot } = reservation;
    this.#changeResources(slot, reservation, -1);
    changePorts(entry, portsOf(reservation), 'add');
    for (const id of reservation.gpuIds) entry.usedGpuIds.add(id);
    entry.taskGroups.push(reservation.group);
    group.count(slot, 1);
    this.#plans.tasksChanged(slot, group);
  }

  #changeResources(slot: number, { requirements, gpuIds }: TaskShare, sign: 1 | -1): void {
    change(this.#table.cpuUnits, slot, sign * requirements.cpuUnits);
    change(this.#table.memoryMiB, slot, sign * requirements.memoryMiB);
    change(this.#table.gpus, slot, sign * gpuIds.length);
    change(this.#table.networkInterfaces, slot, sign * requirements.networkInterfaces);
  }

  #isThere({ slot, entry }: Reservation): boolean {
    return this.#table.entry(slot) === entry;
  }

  #group(name: string): Group {
    const known = this.#groups.get(name);
    if (known) return known;
    const group = new Group(name);
    this.#groups.set(name, group);
    return group;
  }

  #endIfEmpty(group: Group): void {
    if (group.instanceCount > 0) return;
    this.#groups.delete(group.name);
    this.#plans.groupEnded(group);
  }

  #recountGroups(): void {
    for (const group of this.#groups.values()) group.recount();
  }
}

const noGpus: readonly string[] = [];

function gpusFor(
  { gpuCount, takesAllGpus }: TaskRequirements,
  entry: InstanceEntry,
): readonly string[] {
  if (gpuCount === 0) return noGpus;
  const free = entry.freeGpuIds();
  return takesAllGpus ? free : free.slice(0, gpuCount);
}

function refused(failure: PlacementFailure): Placement {
  return { kind: 'Refused', failures: [failure] };
}

function portsOf({ requirements }: Reservation): BoundPorts {
  return { tcp: requirements.ports, udp: requirements.udpPorts };
}

function changePorts(entry: InstanceEntry, { tcp, udp }: BoundPorts, how: 'add' | 'delete'): void {
  for (const port of tcp) entry.usedPorts[how](port);
  for (const port of udp) entry.usedUdpPorts[how](port);
}
