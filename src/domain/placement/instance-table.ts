import type { ContainerInstanceArn } from '../arn.ts';
import type {
  ContainerInstance,
  InstanceResources,
} from '../container-instance/container-instance.ts';
import { InstanceEntry } from './instance-entry.ts';

const initialCapacity = 64;

/**
 * The container instances of a cluster, each in a slot, and what is left of their resources in a
 * column each. Slots of instances that are gone are used again.
 */
export class InstanceTable {
  readonly #slots = new Map<ContainerInstanceArn, number>();
  readonly #free: number[] = [];
  readonly #entries: (InstanceEntry | undefined)[] = [];
  cpuUnits = new Int32Array(initialCapacity);
  memoryMiB = new Int32Array(initialCapacity);
  gpus = new Int32Array(initialCapacity);
  networkInterfaces = new Int32Array(initialCapacity);

  get capacity(): number {
    return this.cpuUnits.length;
  }

  get isFull(): boolean {
    return this.#free.length === 0 && this.#entries.length === this.capacity;
  }

  /** Slots of all instances, in the order in which they were added. */
  get slots(): Iterable<number> {
    return this.#slots.values();
  }

  get size(): number {
    return this.#slots.size;
  }

  slotOf(arn: ContainerInstanceArn): number | undefined {
    return this.#slots.get(arn);
  }

  entry(slot: number): InstanceEntry | undefined {
    return this.#entries[slot];
  }

  /** Doubles the columns: whatever holds one of them must be made anew. */
  grow(): void {
    this.cpuUnits = twice(this.cpuUnits);
    this.memoryMiB = twice(this.memoryMiB);
    this.gpus = twice(this.gpus);
    this.networkInterfaces = twice(this.networkInterfaces);
  }

  add(instance: ContainerInstance): number {
    const slot = this.#free.pop() ?? this.#entries.length;
    this.#entries[slot] = new InstanceEntry(instance);
    this.#slots.set(instance.arn, slot);
    this.cpuUnits[slot] = 0;
    this.memoryMiB[slot] = 0;
    this.gpus[slot] = 0;
    this.networkInterfaces[slot] = 0;
    this.#count(slot, instance.registeredResources, 1);
    return slot;
  }

  /** Takes the instance's new record; what its tasks have is theirs still. */
  replace(slot: number, entry: InstanceEntry, instance: ContainerInstance): void {
    this.#count(slot, entry.instance.registeredResources, -1);
    entry.instance = instance;
    this.#count(slot, instance.registeredResources, 1);
  }

  remove(arn: ContainerInstanceArn, slot: number): void {
    this.#slots.delete(arn);
    this.#entries[slot] = undefined;
    this.#free.push(slot);
  }

  #count(slot: number, resources: InstanceResources, sign: 1 | -1): void {
    change(this.cpuUnits, slot, sign * resources.cpuUnits);
    change(this.memoryMiB, slot, sign * resources.memoryMiB);
    change(this.gpus, slot, sign * resources.gpuIds.length);
    change(this.networkInterfaces, slot, sign * resources.networkInterfaces);
  }
}

export function change(column: Int32Array, slot: number, amount: number): void {
  column[slot] = (column[slot] ?? 0) + amount;
}

function twice(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
