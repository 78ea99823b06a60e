import { noValue, type AttributeColumn } from './attribute-column.ts';

interface AttributeCounts {
  readonly attribute: AttributeColumn;
  /** Tasks by the number of the value. */
  readonly counts: number[];
}

/** The tasks of a group that are wanted RUNNING: what spread and distinctInstance count. */
export class Group {
  readonly name: string;
  readonly #bySlot = new Map<number, number>();
  #byAttribute: readonly AttributeCounts[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get instanceCount(): number {
    return this.#bySlot.size;
  }

  /** The instances that have tasks of the group. */
  get slots(): Iterable<number> {
    return this.#bySlot.keys();
  }

  has(slot: number): boolean {
    return this.#bySlot.has(slot);
  }

  countOn(slot: number): number {
    return this.#bySlot.get(slot) ?? 0;
  }

  /** Tasks on the instances of each value of an attribute, by the value's number. */
  countsOf(attribute: AttributeColumn): readonly number[] {
    for (const known of this.#byAttribute) if (known.attribute === attribute) return known.counts;
    const counts: number[] = [];
    for (const [slot, count] of this.#bySlot) addAt(counts, attribute.valueOf(slot), count);
    this.#byAttribute = [...this.#byAttribute, { attribute, counts }];
    return counts;
  }

  count(slot: number, change: 1 | -1): void {
    const count = this.countOn(slot) + change;
    if (count === 0) this.#bySlot.delete(slot);
    else this.#bySlot.set(slot, count);
    for (const { attribute, counts } of this.#byAttribute) {
      addAt(counts, attribute.valueOf(slot), change);
    }
  }

  /** An instance that is gone takes its tasks with it. */
  drop(slot: number): void {
    this.#bySlot.delete(slot);
    this.recount();
  }

  /** Attributes of instances have changed: their values are counted anew when asked for. */
  recount(): void {
    this.#byAttribute = [];
  }
}

function addAt(counts: number[], value: number, change: number): void {
  if (value === noValue) return;
  while (counts.length <= value) counts.push(0);
  counts[value] = (counts[value] ?? 0) + change;
}
