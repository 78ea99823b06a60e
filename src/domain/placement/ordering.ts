import type { AttributeColumn } from './attribute-column.ts';
import { verdicts, type Eligibility } from './eligibility.ts';
import type { Group } from './group.ts';
import type { InstanceTable } from './instance-table.ts';
import type { PackedResource } from './placement-strategy.ts';
import { SortedBlocks, type Demand } from './sorted-blocks.ts';

/** The eligible instances that have the same values of all attributes that are spread over. */
export interface Part {
  /** By the order of the attributes; `noValue` for one that the instances lack. */
  readonly values: readonly number[];
  readonly blocks: SortedBlocks;
}

export interface OrderingForm {
  readonly eligibility: Eligibility;
  readonly attributes: readonly AttributeColumn[];
  readonly packed: readonly PackedResource[];
  /** Where instances are ordered by their tasks of a group first. */
  readonly group: Group | undefined;
}

/** Keys put the most important number into the highest digits. Remaining amounts are smaller. */
const keyBase = 2 ** 26;

const untouched = 0;
const rekey = 1;
const requalify = 2;

/**
 * The eligible instances in the order in which a strategy takes them, in parts. Changes are only
 * noted as they come, and carried out before the next search.
 */
export class Ordering {
  readonly form: OrderingForm;
  /** Whether taking resources moves an instance to another place. */
  readonly followsResources: boolean;
  /** Whether it matters which of the instances that fit comes first. */
  readonly isOrdered: boolean;
  /** Once given up, an ordering does not learn of changes any more. */
  isGivenUp = false;
  lastUse = 0;
  readonly #table: InstanceTable;
  readonly #keys: Float64Array;
  /** The part that each slot is in, from 1 on; 0 for none. */
  readonly #partOf: Int32Array;
  readonly #parts: Part[] = [];
  readonly #partsByValues = new Map<string, number>();
  readonly #touched: Uint8Array;
  readonly #waiting: number[] = [];
  #size = 0;

  constructor(form: OrderingForm, table: InstanceTable) {
    this.form = form;
    this.followsResources = form.packed.length > 0;
    this.isOrdered = this.followsResources || form.group !== undefined;
    this.#table = table;
    this.#keys = new Float64Array(table.capacity);
    this.#partOf = new Int32Array(table.capacity);
    this.#touched = new Uint8Array(table.capacity);
    for (const slot of table.slots) this.requalify(slot);
  }

  /** How many instances are eligible. */
  get size(): number {
    return this.#size;
  }

  get parts(): readonly Part[] {
    return this.#parts;
  }

  /** The instance's part, as an index of `parts`; -1 if it is not eligible. */
  partOf(slot: number): number {
    return (this.#partOf[slot] ?? 0) - 1;
  }

  keyOf(slot: number): number {
    return this.#keys[slot] ?? 0;
  }

  /** The lowest key of an instance that has enough left of the resources that are packed. */
  lowestKey({ cpuUnits, memoryMiB }: Demand): number {
    const { group, packed } = this.form;
    if (group) return -Infinity;
    let key = 0;
    for (const resource of packed) {
      key = key * keyBase + (resource === 'cpu' ? cpuUnits : memoryMiB);
    }
    return key;
  }

  /** What is left of the instance's resources, or the tasks that it has, are not what they were. */
  rekey(slot: number): void {
    if (this.form.eligibility.dependsOnTasks) this.#touch(slot, requalify);
    else if (this.#partOf[slot] !== 0) this.#touch(slot, rekey);
  }

  /** The instance itself has changed. */
  requalify(slot: number): void {
    this.#touch(slot, requalify);
  }

  /** Brings every instance to its place. */
  settle(): void {
    for (const slot of this.#waiting) {
      const how = this.#touched[slot] ?? untouched;
      this.#touched[slot] = untouched;
      this.#place(slot, how);
    }
    this.#waiting.length = 0;
  }

  #touch(slot: number, how: number): void {
    const before = this.#touched[slot] ?? untouched;
    if (before === untouched) this.#waiting.push(slot);
    if (how > before) this.#touched[slot] = how;
  }

  #place(slot: number, how: number): void {
    const before = this.#partOf[slot] ?? 0;
    const after = how === requalify ? this.#qualify(slot) : before;
    if (before > 0) {
      this.#parts[before - 1]?.blocks.remove(slot);
      this.#size -= 1;
    }
    this.#partOf[slot] = after;
    if (after > 0) {
      this.#keys[slot] = this.#computeKey(slot);
      this.#parts[after - 1]?.blocks.add(slot);
      this.#size += 1;
    }
  }

  #qualify(slot: number): number {
    if (this.form.eligibility.verdict(slot) !== verdicts.eligible) return 0;
    const values = this.form.attributes.map((attribute) => attribute.valueOf(slot));
    const known = this.#partsByValues.get(values.join());
    if (known !== undefined) return known;
    this.#parts.push({ values, blocks: new SortedBlocks(this.#table, this.#keys) });
    this.#partsByValues.set(values.join(), this.#parts.length);
    return this.#parts.length;
  }

  #computeKey(slot: number): number {
    const { group, packed } = this.form;
    let key = group === undefined ? 0 : group.countOn(slot);
    for (const resource of packed) key = key * keyBase + this.#remaining(resource, slot);
    return key;
  }

  #remaining(resource: PackedResource, slot: number): number {
    const { cpuUnits, memoryMiB } = this.#table;
    return (resource === 'cpu' ? cpuUnits[slot] : memoryMiB[slot]) ?? 0;
  }
}
