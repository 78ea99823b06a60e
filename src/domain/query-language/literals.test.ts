import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateText } from '../../../test/fixtures/plainly-selects.ts';
import { compareVersions, parseDate, parseVersion } from './literals.ts';

test('versions are ordered by their parts as numbers', () => {
  const ascending = ['0.9', '1', '1.0.1', '1.9.0', '1.10.0', '1.10.0.1', '2'];
  const shuffled = ascending.toReversed().map((text) => ({ text, version: parseVersion(text) }));
  shuffled.sort((a, b) => compareVersions(a.version ?? [], b.version ?? []));
  expect(shuffled.map(({ text }) => text)).toEqual(ascending);
});

test('parts that a version leaves out are zero', () => {
  expect(compareVersions([1, 14], [1, 14, 0])).toBe(0);
});

test.each(['', 'v1.0', '1.', '.1', '1..2', '1.0-beta', '9999999999'])(
  '%j is no version',
  (text) => {
    expect(parseVersion(text)).toBeUndefined();
  },
);

test.each([
  ['2018-06-18T22:28:28+00:00', 1_529_360_908_000],
  ['2018-06-18T22:28:28Z', 1_529_360_908_000],
  ['2018-06-18T22:28:28', 1_529_360_908_000],
  ['2018-06-18', 1_529_280_000_000],
  ['2018-06-18T22:28:28-07:30', 1_529_387_908_000],
  ['2024-02-29', 1_709_164_800_000],
  ['1969-12-31T23:59:59Z', -1000],
])('%s is %i ms after the epoch', (text, instant) => {
  expect(parseDate(text)).toBe(instant);
});

test.each([
  '2018-06-31',
  '2018-13-01',
  '2018-00-10',
  '2018-06-00',
  '2023-02-29',
  '1900-02-29',
  '2018-06-18T24:00:00',
  '2018-06-18T22:60:00',
  '2018-06-18T22:28:60',
  '2018-06-18T22:28',
  '2018-06-18T22:28:28+19:00',
  '2018-06-18Z',
  '18-06-2018',
])('%s is no date', (text) => {
  expect(parseDate(text)).toBeUndefined();
});

test('every second of the calendar is the moment that it names', () => {
  const seconds = fc.integer({ min: -62_000_000_000, max: 250_000_000_000 });
  fc.assert(
    fc.property(seconds, (second) => {
      expect(parseDate(dateText(second))).toBe(second * 1000);
    }),
  );
});
