import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileEncoder } from './compile-encoder.ts';
import { Fragment, PlainFragment, type Encodable } from './fragment.ts';

interface Shown {
  readonly name: string;
  readonly count: number;
}

const shownSchema = [3, 'test', 'Shown', 0, ['name', 'count'], [0, 1]];
const listSchema = [1, 'test', 'Shows', 0, shownSchema];
const encode = compileEncoder([3, 'test', 'Answer', 0, ['shown'], [listSchema]]);

const fragmentOf = (record: Shown, variant = '', count = record.count): Fragment<Shown> =>
  new Fragment({ record, variant, view: () => ({ ...record, count }) });
const shownIn = (...shown: Encodable<Shown>[]): string => encode({ shown });

test('a fragment is answered as the value that it stands for', () => {
  const anyShown = fc.record({ name: fc.string({ unit: 'grapheme' }), count: fc.nat() });
  fc.assert(
    fc.property(fc.array(anyShown), (records) => {
      const plain = shownIn(...records);
      const mixed = records.map((record, at) => (at % 2 === 0 ? fragmentOf(record) : record));
      expect(shownIn(...mixed)).toBe(plain);
      expect(shownIn(...mixed)).toBe(plain);
    }),
  );
});

test('a record is shown once, for as long as it is the same one', () => {
  const record = { name: 'web', count: 1 };
  expect(shownIn(fragmentOf(record))).toBe('{"shown":[{"name":"web","count":1}]}');
  // Nobody gives the same variant another view; this one would give itself away.
  expect(shownIn(fragmentOf(record, '', 2))).toBe('{"shown":[{"name":"web","count":1}]}');
  expect(shownIn(fragmentOf({ ...record }, '', 2))).toBe('{"shown":[{"name":"web","count":2}]}');
});

test('a record is shown anew in each variant, of which there may be any number', () => {
  const record = { name: 'web', count: 0 };
  for (let round = 0; round < 3; round += 1) {
    for (let count = 0; count < 20; count += 1) {
      const json = shownIn(fragmentOf(record, `variant ${count}`, count));
      expect(json).toBe(`{"shown":[{"name":"web","count":${count}}]}`);
    }
  }
});

test('more than is kept is shown as well', () => {
  const name = 'x'.repeat(1024 * 1024);
  const records = Array.from({ length: 40 }, (_, count) => ({ name, count }));
  for (const record of [...records, ...records]) {
    expect(shownIn(fragmentOf(record))).toBe(shownIn(record));
  }
});

test('a view that is not as the schema has it is a failure each time', () => {
  const record = { name: 'web' };
  const view = () => ({ name: 1 });
  const wrong = new Fragment({ record, variant: '', view });
  expect(() => encode({ shown: [wrong] })).toThrow(TypeError);
  expect(() => encode({ shown: [wrong] })).toThrow(TypeError);
});

test('a fragment of plain data is answered as the value that it stands for', () => {
  const anyShown = fc.record({ name: fc.string({ unit: 'grapheme' }), count: fc.nat() });
  fc.assert(
    fc.property(anyShown, (record) => {
      const fragment = new PlainFragment<Shown>(record);
      expect(shownIn(fragment, record, fragment)).toBe(shownIn(record, record, record));
    }),
  );
});
