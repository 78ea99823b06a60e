import { assert } from '../support/assert.ts';
import { SortedKeys } from './sorted-keys.ts';

/** Where tables note what a transaction replaces, so that it can be undone. */
export interface Journal {
  readonly isOpen: boolean;
  /** `undo` puts back what was there before. */
  note(kind: string, key: string, undo: () => void): void;
}

/** Something derived from a table's records, told of each change of one. */
export interface Derivation<Row> {
  changed(key: string, before: Row | undefined, after: Row | undefined): void;
}

/** Keys by group, in order. */
class KeyGroups {
  readonly #groups = new Map<string, SortedKeys>();

  of(group: string): SortedKeys {
    return this.#groups.get(group) ?? nothing;
  }

  join(group: string, key: string): void {
    let keys = this.#groups.get(group);
    if (!keys) this.#groups.set(group, (keys = new SortedKeys()));
    keys.add(key);
  }

  leave(group: string, key: string): void {
    const keys = this.#groups.get(group);
    keys?.delete(key);
    if (keys?.size === 0) this.#groups.delete(group);
  }
}

const nothing = new SortedKeys();

/** Records by group, in the order of their sort keys. A record without a group is in none. */
export class GroupIndex<Row> implements Derivation<Row> {
  readonly #groups = new KeyGroups();
  readonly #groupOf: (row: Row) => string | undefined;

  constructor(groupOf: (row: Row) => string | undefined) {
    this.#groupOf = groupOf;
  }

  changed(key: string, before: Row | undefined, after: Row | undefined): void {
    const from = before && this.#groupOf(before);
    const to = after && this.#groupOf(after);
    if (from === to) return;
    if (from !== undefined) this.#groups.leave(from, key);
    if (to !== undefined) this.#groups.join(to, key);
  }

  of(group: string): SortedKeys {
    return this.#groups.of(group);
  }
}

/** The same for records that may be in several groups. */
export class MembershipIndex<Row> implements Derivation<Row> {
  readonly #groups = new KeyGroups();
  readonly #groupsOf: (row: Row) => readonly string[];

  constructor(groupsOf: (row: Row) => readonly string[]) {
    this.#groupsOf = groupsOf;
  }

  changed(key: string, before: Row | undefined, after: Row | undefined): void {
    const from = before ? this.#groupsOf(before) : [];
    const to = after ? this.#groupsOf(after) : [];
    if (from === to) return;
    for (const group of from) if (!to.includes(group)) this.#groups.leave(group, key);
    for (const group of to) if (!from.includes(group)) this.#groups.join(group, key);
  }

  of(group: string): SortedKeys {
    return this.#groups.of(group);
  }
}

/** The records of one kind. Reading is free; writing belongs inside `transact`. */
export class Table<Row extends object> {
  readonly kind: string;
  readonly keyOf: (row: Row) => string;
  readonly #rows = new Map<string, Row>();
  readonly #journal: Journal;
  readonly #derivations: Derivation<Row>[] = [];

  constructor(kind: string, keyOf: (row: Row) => string, journal: Journal) {
    this.kind = kind;
    this.keyOf = keyOf;
    this.#journal = journal;
  }

  get size(): number {
    return this.#rows.size;
  }

  find(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  values(): IterableIterator<Row> {
    return this.#rows.values();
  }

  put(row: Row): void {
    const key = this.keyOf(row);
    const before = this.#rows.get(key);
    if (before === row) return;
    this.#note(key, before);
    this.#replace(key, before, row);
  }

  delete(row: Row): void {
    const key = this.keyOf(row);
    const before = this.#rows.get(key);
    if (!before) return;
    this.#note(key, before);
    this.#replace(key, before, undefined);
  }

  /** The record as it is stored. */
  jsonOf(row: Row): string {
    return JSON.stringify(row);
  }

  /** Takes over a record that the store already has. */
  restore(row: Row): void {
    const key = this.keyOf(row);
    this.#replace(key, this.#rows.get(key), row);
  }

  /** Tells what is derived elsewhere of each change from now on, also of those that are undone. */
  observe(derivation: Derivation<Row>): void {
    this.#derivations.push(derivation);
  }

  protected derive<D extends Derivation<Row>>(derivation: D): D {
    this.#derivations.push(derivation);
    return derivation;
  }

  /** The rows of these keys, found as they are asked for. */
  protected rowsOf(keys: IterableIterator<string>): IterableIterator<Row> {
    return new Rows(this.#rows, keys);
  }

  #note(key: string, before: Row | undefined): void {
    assert(this.#journal.isOpen, 'Records change inside a transaction only.');
    this.#journal.note(this.kind, key, () => this.#replace(key, this.#rows.get(key), before));
  }

  #replace(key: string, before: Row | undefined, after: Row | undefined): void {
    if (after) this.#rows.set(key, after);
    else this.#rows.delete(key);
    for (const derivation of this.#derivations) derivation.changed(key, before, after);
  }
}

class Rows<Row> implements IterableIterator<Row> {
  readonly #rows: ReadonlyMap<string, Row>;
  readonly #keys: IterableIterator<string>;

  constructor(rows: ReadonlyMap<string, Row>, keys: IterableIterator<string>) {
    this.#rows = rows;
    this.#keys = keys;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Row, undefined> {
    for (;;) {
      const { done, value: key } = this.#keys.next();
      if (done) return { done, value: undefined };
      const value = this.#rows.get(key);
      if (value !== undefined) return { done: false, value };
    }
  }
}
