import type { ClusterArn, ContainerInstanceArn, TaskArn } from '../domain/arn.ts';
import {
  attributeValue,
  availabilityZoneAttribute,
  externalCapability,
  type ContainerInstance,
} from '../domain/container-instance/container-instance.ts';
import type { PlacementFailure } from '../domain/placement/placement-failure.ts';
import {
  PlacementIndex,
  type Placement,
  type RemainingResources,
} from '../domain/placement/placement-index.ts';
import type { PlacementSpec } from '../domain/placement/placement-spec.ts';
import type { Reservation } from '../domain/placement/reservation.ts';
import { requirementsOf } from '../domain/placement/task-requirements.ts';
import type { Task } from '../domain/task/task.ts';
import type { ContainerInstanceTable } from './container-instance-table.ts';
import type { DaemonTaskDefinitionTable } from './daemon-task-definition-table.ts';
import { definitionOfTask } from './definition-of-task.ts';
import type { TaskDefinitionTable } from './task-definition-table.ts';
import type { TaskTable } from './task-table.ts';

/** A place for a task: the task holds it once its record is put. */
export type Place =
  | {
      readonly kind: 'Placed';
      readonly instance: ContainerInstance;
      readonly gpuIds: readonly string[];
    }
  | { readonly kind: 'Refused'; readonly failures: readonly PlacementFailure[] };

interface PlacementTables {
  readonly containerInstances: ContainerInstanceTable;
  readonly tasks: TaskTable;
  readonly taskDefinitions: TaskDefinitionTable;
  readonly daemonTaskDefinitions: DaemonTaskDefinitionTable;
}

/**
 * Where tasks can go, by cluster. All of it follows from the records of instances and tasks, also where a transaction is
 * undone; a cluster's part is made when it is first asked for.
 */
export class Placements {
  readonly #tables: PlacementTables;
  readonly #clusters = new Map<ClusterArn, ClusterPlacements>();

  constructor(tables: PlacementTables) {
    this.#tables = tables;
    tables.containerInstances.observe({
      changed: (_, before, after) => {
        const record = after ?? before;
        if (record) this.#clusters.get(record.clusterArn)?.instanceChanged(before, after);
      },
    });
    tables.tasks.observe({
      changed: (_, before, after) => {
        const record = after ?? before;
        if (record) this.#clusters.get(record.clusterArn)?.taskChanged(before, after);
      },
    });
  }

  /** Finds the best place in a cluster. */
  find(clusterArn: ClusterArn, spec: PlacementSpec): Place {
    return this.#of(clusterArn).tried((index) => index.place(spec));
  }

  /** Finds whether a task can go to that instance. */
  findOn(clusterArn: ClusterArn, arn: ContainerInstanceArn, spec: PlacementSpec): Place {
    return this.#of(clusterArn).tried((index) => index.placeOn(arn, spec));
  }

  /** The instances of a cluster that would do for tasks, if only their agents were connected and they had room. */
  suited(clusterArn: ClusterArn, spec: PlacementSpec): readonly ContainerInstance[] {
    return this.#of(clusterArn).index.suited(spec);
  }

  /** The Availability Zones in which a cluster has EC2 instances that take tasks. */
  zones(clusterArn: ClusterArn): readonly string[] {
    return [...this.#of(clusterArn).zones.keys()];
  }

  /** Whether an instance alone makes its Availability Zone one of the cluster's. */
  isAloneInZone(instance: ContainerInstance): boolean {
    const zone = attributeValue(instance, availabilityZoneAttribute) ?? '';
    return this.#of(instance.clusterArn).zones.get(zone) === 1;
  }

  /** What tasks have left of an instance; undefined once it is INACTIVE. */
  remaining({ clusterArn, arn }: ContainerInstance): RemainingResources | undefined {
    return this.#of(clusterArn).index.remaining(arn);
  }

  #of(clusterArn: ClusterArn): ClusterPlacements {
    let cluster = this.#clusters.get(clusterArn);
    if (!cluster) {
      cluster = new ClusterPlacements(this.#tables, clusterArn);
      this.#clusters.set(clusterArn, cluster);
    }
    return cluster;
  }
}

class ClusterPlacements {
  readonly index = new PlacementIndex(Math.random);
  /** How many EC2 instances take tasks, by zone. */
  readonly zones = new Map<string, number>();
  readonly #tables: PlacementTables;
  readonly #held = new Map<TaskArn, Reservation>();
  readonly #running = new Map<ContainerInstanceArn, number>();

  constructor(tables: PlacementTables, clusterArn: ClusterArn) {
    this.#tables = tables;
    for (const instance of tables.containerInstances.list(clusterArn, undefined)) {
      this.#add(instance);
      this.#countZone(instance, 1);
    }
  }

  /** The place is free again at once: it is the task's record that takes it. */
  tried(place: (index: PlacementIndex) => Placement): Place {
    const placement = place(this.index);
    if (placement.kind === 'Refused') return placement;
    const { reservation } = placement;
    this.index.release(reservation);
    const { entry, gpuIds } = reservation;
    return { kind: 'Placed', instance: entry.instance, gpuIds };
  }

  instanceChanged(
    before: ContainerInstance | undefined,
    after: ContainerInstance | undefined,
  ): void {
    this.#countZone(before, -1);
    this.#countZone(after, 1);
    const wasThere = before !== undefined && before.status !== 'INACTIVE';
    const isThere = after !== undefined && after.status !== 'INACTIVE';
    if (wasThere && isThere) this.index.update(after);
    else if (isThere) this.#add(after);
    else if (wasThere) this.index.remove(before.arn);
  }

  taskChanged(before: Task | undefined, after: Task | undefined): void {
    const from = holdOf(before);
    const to = holdOf(after);
    if (after && from !== to) this.#move(after, from, to);
    if (before && !after) this.#release(before.arn);
    if (after && to !== 'none' && before?.containers !== after.containers) this.#bind(after);
    this.#count(before, -1);
    this.#count(after, 1);
  }

  #countZone(instance: ContainerInstance | undefined, by: 1 | -1): void {
    if (instance?.status !== 'ACTIVE' || !instance.agentConnected) return;
    const zone = attributeValue(instance, availabilityZoneAttribute);
    const isExternal = attributeValue(instance, externalCapability) !== undefined;
    if (zone === undefined || isExternal) return;
    const count = (this.zones.get(zone) ?? 0) + by;
    if (count > 0) this.zones.set(zone, count);
    else this.zones.delete(zone);
  }

  #add(instance: ContainerInstance): void {
    this.index.add(instance);
    this.#running.delete(instance.arn);
    for (const task of this.#tables.tasks.onInstance(instance.arn)) {
      this.#take(task);
      if (holdOf(task) === 'leaving') this.#retire(task.arn);
      this.#count(task, 1);
    }
  }

  /** A task goes from wanted to leaving to none; any other way is a transaction that is undone. */
  #move(task: Task, from: Hold, to: Hold): void {
    if (from === 'leaving' && to === 'wanted') this.#release(task.arn);
    if (to === 'none') this.#release(task.arn);
    else if (!this.#held.has(task.arn)) this.#take(task);
    if (to === 'leaving') this.#retire(task.arn);
  }

  #take(task: Task): void {
    const { containerInstanceArn, group, overrides, containers } = task;
    const definition = definitionOfTask(this.#tables, task);
    if (!containerInstanceArn || !definition) return;
    const requirements = requirementsOf(definition.content, overrides);
    const gpuIds = containers.flatMap((container) => container.gpuIds ?? []);
    const share = { group, requirements, gpuIds };
    const reservation = this.index.take(containerInstanceArn, share);
    if (reservation) this.#held.set(task.arn, reservation);
    this.#bind(task);
  }

  #retire(arn: TaskArn): void {
    const reservation = this.#held.get(arn);
    if (reservation) this.index.retire(reservation);
  }

  #release(arn: TaskArn): void {
    const reservation = this.#held.get(arn);
    if (reservation) this.index.release(reservation);
    this.#held.delete(arn);
  }

  /** Takes the ports that the host chose for a task, once they are known. */
  #bind(task: Task): void {
    const reservation = this.#held.get(task.arn);
    if (!reservation) return;
    const { ports, udpPorts } = reservation.requirements;
    this.index.bindPorts(reservation, {
      tcp: boundTo(task, 'tcp').filter((port) => !ports.includes(port)),
      udp: boundTo(task, 'udp').filter((port) => !udpPorts.includes(port)),
    });
  }

  #count(task: Task | undefined, by: 1 | -1): void {
    if (!task?.containerInstanceArn || task.lastStatus !== 'RUNNING') return;
    const count = (this.#running.get(task.containerInstanceArn) ?? 0) + by;
    this.#running.set(task.containerInstanceArn, count);
    this.index.setRunningTasksCount(task.containerInstanceArn, count);
  }
}

function boundTo({ containers }: Task, protocol: 'tcp' | 'udp'): number[] {
  return containers
    .flatMap(({ networkBindings }) => networkBindings)
    .flatMap((one) => (one.protocol === protocol && 'hostPort' in one ? [one.hostPort] : []));
}

/** What a task has of its instance: it counts in its group while it is wanted, and takes resources until it has STOPPED. */
type Hold = 'none' | 'wanted' | 'leaving';

function holdOf(task: Task | undefined): Hold {
  if (!task?.containerInstanceArn || task.lastStatus === 'STOPPED') return 'none';
  return task.desiredStatus === 'RUNNING' ? 'wanted' : 'leaving';
}
