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
  *after(key: string | undefined): IterableIterator<string> {
    let at = key === undefined ? 0 : this.#position(key);
    if (key !== undefined && this.#keys[at] === key) at += 1;
    for (; at < this.#keys.length; at += 1) yield this.#keys[at] ?? '';
  }

  /** The keys less than `key`, greatest first; all of them where it is undefined. */
  *before(key: string | undefined): IterableIterator<string> {
    let at = key === undefined ? this.#keys.length : this.#position(key);
    for (at -= 1; at >= 0; at -= 1) yield this.#keys[at] ?? '';
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
