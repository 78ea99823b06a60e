import type { InstanceTable } from './instance-table.ts';

/** Of an instance without the attribute. */
export const noValue = -1;

/** The values that container instances have of an attribute, as numbers. */
export class AttributeColumn {
  readonly name: string;
  readonly #table: InstanceTable;
  readonly #numbers = new Map<string, number>();
  readonly #values: Int32Array;

  constructor(name: string, table: InstanceTable) {
    this.name = name;
    this.#table = table;
    this.#values = new Int32Array(table.capacity);
    for (const slot of table.slots) this.refresh(slot);
  }

  valueOf(slot: number): number {
    return this.#values[slot] ?? noValue;
  }

  /** Reads the instance's value anew; gives whether it has changed. */
  refresh(slot: number): boolean {
    const before = this.#values[slot];
    const value = this.#table.entry(slot)?.attributes.get(this.name);
    const number = value === undefined ? noValue : this.#numberOf(value);
    this.#values[slot] = number;
    return number !== before;
  }

  #numberOf(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}
