import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeBlock } from './host-ranges.ts';

const anyPort = fc.integer({ min: 49_152, max: 65_535 });

test('ports side by side are free, and ports that nobody has by name', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.array(anyPort, { maxLength: 50 }),
      anyPort,
      (size, ports, from) => {
        const taken = new Set(ports);
        const first = freeBlock(size, taken, from) ?? 0;
        expect(first).toBeGreaterThanOrEqual(49_152);
        expect(first + size - 1).toBeLessThanOrEqual(65_535);
        expect(ports.filter((port) => port >= first && port < first + size)).toEqual([]);
      },
    ),
  );
});

test('ports before the one that is looked at first are found, too', () => {
  expect(freeBlock(10, new Set(), 65_530)).toBe(49_152);
});

test('there are no more ports than there are', () => {
  expect(freeBlock(16_384, new Set(), 60_000)).toBe(49_152);
  expect(freeBlock(16_384, new Set([50_000]), 60_000)).toBeUndefined();
});
