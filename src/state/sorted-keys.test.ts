import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedKeys } from './sorted-keys.ts';

const key = fc.string({ maxLength: 3 });
const change = fc.record({ add: fc.boolean(), key });

test('keys are what an array that is sorted after each change would be', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), key, (changes, place) => {
      const keys = new SortedKeys();
      const model = new Set<string>();
      for (const { add, key: changed } of changes) {
        if (add) {
          keys.add(changed);
          model.add(changed);
        } else {
          keys.delete(changed);
          model.delete(changed);
        }
        // Not toSorted() with a locale's order: keys are compared by their code units.
        const sorted = [...model].toSorted((a, b) => (a < b ? -1 : 1));
        expect(keys.size).toBe(sorted.length);
        expect([keys.first(), keys.last()]).toEqual([sorted[0], sorted.at(-1)]);
        expect([...keys.after(undefined)]).toEqual(sorted);
        expect([...keys.before(undefined)]).toEqual(sorted.toReversed());
        expect([...keys.after(place)]).toEqual(sorted.filter((k) => k > place));
        expect([...keys.before(place)]).toEqual(sorted.filter((k) => k < place).toReversed());
      }
    }),
  );
});

test('many keys stay in order through many changes', () => {
  const keys = new SortedKeys();
  const model = new Set<string>();
  let seed = 1;
  for (let change = 0; change < 40_000; change += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    const number = String(seed % 9_000).padStart(4, '0');
    // Grows at first, then shrinks again.
    if (seed % 10 < (change < 20_000 ? 8 : 2)) {
      keys.add(number);
      model.add(number);
    } else {
      keys.delete(number);
      model.delete(number);
    }
    if (change % 1000 > 0) continue;
    const sorted = [...model].toSorted((a, b) => (a < b ? -1 : 1));
    expect(keys.size).toBe(sorted.length);
    expect([keys.first(), keys.last()]).toEqual([sorted[0], sorted.at(-1)]);
    expect([...keys.after(undefined)]).toEqual(sorted);
    expect([...keys.before(undefined)]).toEqual(sorted.toReversed());
    expect([...keys.after(number)]).toEqual(sorted.filter((key) => key > number));
    expect([...keys.before(number)]).toEqual(sorted.filter((key) => key < number).toReversed());
  }
});
