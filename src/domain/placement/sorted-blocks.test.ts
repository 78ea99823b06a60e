import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aContainerInstance } from '../../../test/fixtures/container-instances.ts';
import { randomNumbers } from '../../../test/fixtures/placement-lives.ts';
import { InstanceTable } from './instance-table.ts';
import { SortedBlocks } from './sorted-blocks.ts';

const slotCount = 1000;

/** Blocks of numbered slots, and what must be in them. */
class TwinBlocks {
  readonly table = new InstanceTable();
  readonly keys = new Float64Array(slotCount);
  readonly blocks = new SortedBlocks(this.table, this.keys);
  readonly #present = new Set<number>();

  constructor() {
    for (let slot = 0; slot < slotCount; slot++) {
      if (this.table.isFull) this.table.grow();
      this.table.add(aContainerInstance({ id: slot }));
    }
  }

  get sorted(): readonly number[] {
    const key = (slot: number): number => this.keys[slot] ?? 0;
    return [...this.#present].toSorted((a, b) => key(a) - key(b) || a - b);
  }

  /** Adds a slot, or removes one that is there. */
  toggle(slot: number, key: number, cpuUnits: number): void {
    if (this.#present.delete(slot)) {
      this.blocks.remove(slot);
    } else {
      this.keys[slot] = key;
      this.table.cpuUnits[slot] = cpuUnits;
      this.#present.add(slot);
      this.blocks.add(slot);
    }
  }

  /** An instance may lose what it has left while it stays where it is. */
  drain(slot: number, cpuUnits: number): void {
    this.table.cpuUnits[slot] = Math.min(this.table.cpuUnits[slot] ?? 0, cpuUnits);
  }

  fitting(from: number, cpuUnits: number, accept: (slot: number) => boolean): readonly number[] {
    return this.sorted.filter(
      (slot) =>
        (this.keys[slot] ?? 0) >= from &&
        (this.table.cpuUnits[slot] ?? 0) >= cpuUnits &&
        accept(slot),
    );
  }
}

const anyMove = fc.record({
  first: fc.nat(slotCount - 1),
  count: fc.integer({ min: 1, max: 300 }),
  stride: fc.constantFrom(1, 3, 7),
  key: fc.constantFrom(0, 1, 5, 2 ** 40),
  keyStep: fc.constantFrom(0, 0, 1, -1),
  cpuUnits: fc.constantFrom(0, 100, 200),
  isDrained: fc.boolean(),
});

test('a search finds the first instance in order that fits, and any one only if it fits', () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 20 }), fc.nat(), (moves, seed) => {
      const twin = new TwinBlocks();
      const random = randomNumbers(seed);
      for (const move of moves) {
        for (let i = 0; i < move.count; i++) {
          const slot = (move.first + i * move.stride) % slotCount;
          if (move.isDrained) twin.drain(slot, move.cpuUnits);
          else twin.toggle(slot, move.key + i * move.keyStep, move.cpuUnits);
        }
        expect([...twin.blocks]).toEqual(twin.sorted);
        for (const cpuUnits of [0, 100, 200, 300]) {
          const demand = { cpuUnits, memoryMiB: 0 };
          const accept = (slot: number): boolean => slot % 5 !== seed % 5;
          const from = random() < 0.5 ? -Infinity : move.key;
          const fitting = twin.fitting(from, cpuUnits, accept);
          expect(twin.blocks.first(from, demand, accept)).toBe(fitting[0] ?? -1);
          const anywhere = twin.fitting(-Infinity, cpuUnits, accept);
          const found = twin.blocks.any(random, demand, accept);
          expect(anywhere.length > 0 ? anywhere : [-1]).toContain(found);
        }
      }
    }),
    { numRuns: 60 },
  );
});
