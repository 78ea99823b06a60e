import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoInstant, isoSecond } from './iso-instant.ts';

const year = 31_556_952_000;

test('an instant is written as the platform writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -70 * year, max: 400 * year }), (instant) => {
      const platform = Temporal.Instant.fromEpochMilliseconds(instant);
      expect(isoInstant(instant)).toBe(platform.toString({ fractionalSecondDigits: 3 }));
    }),
  );
});

test.for(['2024-02-29', '2000-02-29', '1999-12-31', '2100-03-01', '2026-01-01'])(
  'the %s is a day like any other',
  (day) => {
    const instant = Temporal.Instant.from(`${day}T00:00:00Z`);
    expect(isoInstant(instant.epochMilliseconds)).toBe(`${day}T00:00:00.000Z`);
  },
);

test('the envelope of an event has whole seconds', () => {
  expect(isoSecond(1_999)).toBe('1970-01-01T00:00:01Z');
});
