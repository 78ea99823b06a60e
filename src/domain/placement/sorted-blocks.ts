import type { InstanceTable } from './instance-table.ts';

/** What every candidate must have left; the rest of a task's needs is left to the caller. */
export interface Demand {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

/** Slots per block. Adding to a block, or looking through one, is a short run over an array. */
const blockCapacity = 128;
/** A block that has become smaller than this goes into its neighbour where that has room. */
const smallBlock = 32;

class Block {
  readonly slots = new Int32Array(blockCapacity);
  length = 0;
  /** No instance of the block has more left than this; it may be less in truth. */
  mostCpuUnits = -Infinity;
  mostMemoryMiB = -Infinity;
}

/**
 * Slots in the order of their keys, equal ones by number, in blocks that know the most that any of
 * their instances has left. A search passes over a block that cannot have what it looks for.
 */
export class SortedBlocks {
  readonly #table: InstanceTable;
  readonly #keys: Float64Array;
  readonly #blocks: Block[] = [];

  /** @param keys the key of each slot; it may not change while the slot is in the blocks */
  constructor(table: InstanceTable, keys: Float64Array) {
    this.#table = table;
    this.#keys = keys;
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  add(slot: number): void {
    const at = Math.max(0, this.#blockOf(this.#key(slot), slot));
    let block = this.#blocks[at];
    if (!block) {
      block = new Block();
      this.#blocks.push(block);
    } else if (block.length === blockCapacity) {
      block = this.#split(at, block, slot);
    }
    const place = this.#placeIn(block, this.#key(slot), slot);
    block.slots.copyWithin(place + 1, place, block.length);
    block.slots[place] = slot;
    block.length += 1;
    this.#raise(block, slot);
  }

  remove(slot: number): void {
    const at = this.#blockOf(this.#key(slot), slot);
    const block = this.#blocks[at];
    if (!block) return;
    const place = this.#placeIn(block, this.#key(slot), slot);
    block.slots.copyWithin(place, place + 1, block.length);
    block.length -= 1;
    if (block.length < smallBlock) this.#shrink(at, block);
  }

  /**
   * The first slot from a key on that fits the demand and that `accept`, if given, accepts.
   * Gives -1 if there is none.
   */
  first(from: number, demand: Demand, accept: ((slot: number) => boolean) | undefined): number {
    const start = Math.max(0, this.#blockOf(from, -1));
    for (let at = start; at < this.#blocks.length; at++) {
      const block = this.#blocks[at];
      if (!block || !mayFit(block, demand)) continue;
      const begin = at === start ? this.#placeIn(block, from, -1) : 0;
      const found = this.#look(block, begin, block.length, demand, accept);
      if (found >= 0) return found;
      if (begin === 0) this.#tighten(block);
    }
    return -1;
  }

  /** Some slot that fits, searched for from a random place on. */
  any(
    random: () => number,
    demand: Demand,
    accept: ((slot: number) => boolean) | undefined,
  ): number {
    const count = this.#blocks.length;
    const start = Math.floor(random() * count);
    const first = this.#blocks[start];
    if (!first) return -1;
    const begin = Math.floor(random() * first.length);
    for (let step = 0; step <= count; step++) {
      const block = this.#blocks[(start + step) % count];
      if (!block || !mayFit(block, demand)) continue;
      const from = step === 0 ? begin : 0;
      const to = step === count ? begin : block.length;
      const found = this.#look(block, from, to, demand, accept);
      if (found >= 0) return found;
      if (from === 0 && to === block.length) this.#tighten(block);
    }
    this.#tighten(first);
    return -1;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const block of this.#blocks) yield* block.slots.subarray(0, block.length);
  }

  #look(
    block: Block,
    from: number,
    to: number,
    { cpuUnits, memoryMiB }: Demand,
    accept: ((slot: number) => boolean) | undefined,
  ): number {
    const { cpuUnits: cpuLeft, memoryMiB: memoryLeft } = this.#table;
    const { slots } = block;
    for (let i = from; i < to; i++) {
      const slot = slots[i] ?? 0;
      if ((cpuLeft[slot] ?? 0) < cpuUnits || (memoryLeft[slot] ?? 0) < memoryMiB) continue;
      if (accept === undefined || accept(slot)) return slot;
    }
    return -1;
  }

  #key(slot: number): number {
    return this.#keys[slot] ?? 0;
  }

  #isBefore(slot: number, key: number, other: number): boolean {
    const own = this.#key(slot);
    return own < key || (own === key && slot < other);
  }

  /** The last block that begins no later than a place; -1 if there is none. */
  #blockOf(key: number, slot: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const first = this.#blocks[middle]?.slots[0] ?? 0;
      if (first === slot || this.#isBefore(first, key, slot)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Where in a block a place is. */
  #placeIn(block: Block, key: number, slot: number): number {
    let low = 0;
    let high = block.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(block.slots[middle] ?? 0, key, slot)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Moves the upper half of a full block into one of its own; gives the half that a slot goes to. */
  #split(at: number, block: Block, slot: number): Block {
    const upper = new Block();
    const half = block.length >>> 1;
    upper.slots.set(block.slots.subarray(half, block.length));
    upper.length = block.length - half;
    block.length = half;
    this.#blocks.splice(at + 1, 0, upper);
    this.#tighten(block);
    this.#tighten(upper);
    return this.#isBefore(upper.slots[0] ?? 0, this.#key(slot), slot) ? upper : block;
  }

  #shrink(at: number, block: Block): void {
    const next = this.#blocks[at + 1];
    if (block.length === 0) {
      this.#blocks.splice(at, 1);
    } else if (next && block.length + next.length <= blockCapacity - smallBlock) {
      block.slots.set(next.slots.subarray(0, next.length), block.length);
      block.length += next.length;
      block.mostCpuUnits = Math.max(block.mostCpuUnits, next.mostCpuUnits);
      block.mostMemoryMiB = Math.max(block.mostMemoryMiB, next.mostMemoryMiB);
      this.#blocks.splice(at + 1, 1);
    }
  }

  #tighten(block: Block): void {
    block.mostCpuUnits = -Infinity;
    block.mostMemoryMiB = -Infinity;
    for (let i = 0; i < block.length; i++) this.#raise(block, block.slots[i] ?? 0);
  }

  #raise(block: Block, slot: number): void {
    const cpuUnits = this.#table.cpuUnits[slot] ?? 0;
    const memoryMiB = this.#table.memoryMiB[slot] ?? 0;
    if (cpuUnits > block.mostCpuUnits) block.mostCpuUnits = cpuUnits;
    if (memoryMiB > block.mostMemoryMiB) block.mostMemoryMiB = memoryMiB;
  }
}

function mayFit(block: Block, { cpuUnits, memoryMiB }: Demand): boolean {
  return block.mostCpuUnits >= cpuUnits && block.mostMemoryMiB >= memoryMiB;
}
