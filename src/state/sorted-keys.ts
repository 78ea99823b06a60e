/** Keys per block. To add to a block, or to take from it, moves what follows in it. */
const blockCapacity = 512;
/** A block that has become smaller than this goes into its neighbour where that has room. */
const smallBlock = 128;

/**
 * A set of strings in order, in blocks, so that a change costs two short searches and a short move however many there
 * are. Keys that grow with time fill one block after the other.
 */
export class SortedKeys {
  /** None of them is empty. */
  readonly #blocks: string[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(key: string): void {
    const at = this.#blockOf(key);
    const block = this.#blocks[at] ?? [];
    const place = placeIn(block, key);
    if (block[place] === key) return;
    this.#size += 1;
    const isBehindAll = place === block.length;
    if (block.length === 0 || (isBehindAll && block.length === blockCapacity)) {
      this.#blocks.push([key]);
      return;
    }
    if (isBehindAll) block.push(key);
    else block.splice(place, 0, key);
    if (block.length > blockCapacity) {
      this.#blocks.splice(at + 1, 0, block.splice(blockCapacity / 2));
    }
  }

  delete(key: string): void {
    const at = this.#blockOf(key);
    const block = this.#blocks[at];
    if (!block) return;
    const place = placeIn(block, key);
    if (block[place] !== key) return;
    this.#size -= 1;
    block.splice(place, 1);
    if (block.length < smallBlock) this.#merge(at, block);
  }

  first(): string | undefined {
    return this.#blocks[0]?.[0];
  }

  last(): string | undefined {
    return this.#blocks.at(-1)?.at(-1);
  }

  /** The keys greater than `key`, in order; all of them where it is undefined. */
  after(key: string | undefined): IterableIterator<string> {
    if (key === undefined) return new Walk(this.#blocks, { block: 0, place: 0, step: 1 });
    const at = this.#blockOf(key);
    const block = this.#blocks[at] ?? [];
    const place = placeIn(block, key);
    const start = block[place] === key ? place + 1 : place;
    return new Walk(this.#blocks, { block: at, place: start, step: 1 });
  }

  /** The keys less than `key`, greatest first; all of them where it is undefined. */
  before(key: string | undefined): IterableIterator<string> {
    const at = key === undefined ? this.#blocks.length - 1 : this.#blockOf(key);
    const block = this.#blocks[at] ?? [];
    const end = key === undefined ? block.length : placeIn(block, key);
    return new Walk(this.#blocks, { block: at, place: end - 1, step: -1 });
  }

  /** The block that holds the key, or would have to; the last one for a key behind all. */
  #blockOf(key: string): number {
    let low = 0;
    let high = Math.max(0, this.#blocks.length - 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle]?.at(-1) ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #merge(at: number, block: readonly string[]): void {
    const next = this.#blocks[at + 1];
    if (block.length === 0) this.#blocks.splice(at, 1);
    else if (next && next.length + block.length <= blockCapacity) {
      this.#blocks.splice(at, 2, [...block, ...next]);
    }
  }
}

/** Where the key is, or where it would have to go. */
function placeIn(block: readonly string[], key: string): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((block[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Start {
  readonly block: number;
  readonly place: number;
  readonly step: 1 | -1;
}

/** Goes from key to key. Lists are read a hundred rows at a time, where a generator costs several times as much. */
class Walk implements IterableIterator<string> {
  readonly #blocks: readonly (readonly string[])[];
  readonly #step: 1 | -1;
  #block: number;
  #place: number;

  constructor(blocks: readonly (readonly string[])[], { block, place, step }: Start) {
    this.#blocks = blocks;
    this.#step = step;
    this.#block = block;
    this.#place = place;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<string, undefined> {
    const block = this.#blocks[this.#block];
    if (block === undefined) return { done: true, value: undefined };
    const value = this.#place < 0 ? undefined : block[this.#place];
    if (value === undefined) return this.#goOn();
    this.#place += this.#step;
    return { done: false, value };
  }

  #goOn(): IteratorResult<string, undefined> {
    this.#block += this.#step;
    const block = this.#block < 0 ? undefined : this.#blocks[this.#block];
    if (block === undefined) return { done: true, value: undefined };
    this.#place = this.#step === 1 ? 0 : block.length - 1;
    return this.next();
  }
}
