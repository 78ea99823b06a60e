import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonOfPart } from './part-json.ts';

test('a part is written as JSON writes it, each time', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (part) => {
      expect(jsonOfPart(part)).toBe(JSON.stringify(part));
      expect(jsonOfPart(part)).toBe(JSON.stringify(part));
    }),
  );
});

test('more parts than are kept are written as well', () => {
  const parts = Array.from({ length: 12 }, (_, index) => ({
    index,
    text: 'x'.repeat(1024 * 1024),
  }));
  for (const part of [...parts, ...parts]) expect(jsonOfPart(part)).toBe(JSON.stringify(part));
});
