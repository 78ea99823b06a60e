/**
 * A set of strings in order. Keys that grow with time are appended in constant time; others cost a
 * binary search and a move of what follows, which is memmove-fast up to some 100,000 keys.
 */
export class SortedKeys {
  readonly #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  add(key: string): void {
    const last = this.#keys.at(-1);
    if (last === undefined || last < key) {
      this.#keys.push(key);
      return;
    }
    const at = this.#position(key);
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key);
  }

  delete(key: string): void {
    const at = this.#position(key);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  first(): string | undefined {
    return this.#keys[0];
  }

  last(): string | undefined {
    return this.#keys.at(-1);
  }

  /** The keys greater than `key`, in order; all of them where it is undefined. */
  after(key: string | undefined): IterableIterator<string> {
    let at = key === undefined ? 0 : this.#position(key);
    if (key !== undefined && this.#keys[at] === key) at += 1;
    return new Walk(this.#keys, at, 1);
  }

  /** The keys less than `key`, greatest first; all of them where it is undefined. */
  before(key: string | undefined): IterableIterator<string> {
    const end = key === undefined ? this.#keys.length : this.#position(key);
    return new Walk(this.#keys, end - 1, -1);
  }

  /** Where the key is, or where it would have to go. */
  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Goes from key to key. Lists are read a hundred rows at a time, where a generator costs several times as much. */
class Walk implements IterableIterator<string> {
  readonly #keys: readonly string[];
  readonly #step: 1 | -1;
  #at: number;

  constructor(keys: readonly string[], at: number, step: 1 | -1) {
    this.#keys = keys;
    this.#at = at;
    this.#step = step;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<string, undefined> {
    const value = this.#at < 0 ? undefined : this.#keys[this.#at];
    if (value === undefined) return { done: true, value };
    this.#at += this.#step;
    return { done: false, value };
  }
}
