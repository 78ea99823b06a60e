import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['0', 0],
  ['250ms', 250],
  ['2s', 2000],
  ['1.5s', 1500],
  ['3m', 180_000],
  ['1h', 3_600_000],
])('%s lasts %d ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', '5', 's', '-1s', '1 s', '1d', '1e3ms', 'soon'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
