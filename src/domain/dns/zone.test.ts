import { expect, test } from 'vitest';
import { isDnsName } from './dns-name.ts';
import { closestZones } from './zone.ts';

test('a name is in the namespace with the longest name that it ends in', () => {
  const zones = new Set(['local', 'shop.local', 'eu.shop.local']);
  const closest = (name: string) => closestZones(name, (one) => (zones.has(one) ? [one] : []));
  expect(closest('web.eu.shop.local')).toEqual(['eu.shop.local']);
  expect(closest('web.us.shop.local')).toEqual(['shop.local']);
  expect(closest('eu.shop.local')).toEqual(['eu.shop.local']);
  expect(closest('web.myshop.local')).toEqual(['local']);
  expect(closest('example.com')).toEqual([]);
});

test.each([
  ['web.shop.local', true],
  ['web.shop.local.', true],
  ['a:b/c@d', true],
  ['', false],
  ['a..b', false],
  ['.', false],
  ['a b', false],
  [`${'a'.repeat(63)}.local`, true],
  [`${'a'.repeat(64)}.local`, false],
  [Array.from({ length: 128 }, () => 'a').join('.'), false],
])('%j is a name of DNS: %j', (name, expected) => {
  expect(isDnsName(name)).toBe(expected);
});
