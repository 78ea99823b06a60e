import { expect, test } from 'vitest';
import { canonicalUrl, signedForms } from './canonical-url.ts';

test.each([
  ['/', '/\n'],
  ['/ws?', '/ws\n'],
  ['/ws?b=2&a=1', '/ws\na=1&b=2'],
  ['/ws?v=Docker+20%2E10&w', '/ws\nv=Docker%2020.10&w='],
  ['/ws?a=%2B%20%27*', '/ws\na=%2B%20%27%2A'],
  ['/ws?a=%zz', '/ws\na=%25zz'],
])('%s is signed as %j', (url, canonical) => {
  expect(canonicalUrl(url)).toBe(canonical);
});

test.each([
  ['/', ['/\n']],
  ['/ws?a=1', ['/ws\na=1']],
  ['/ws?a=x:y', ['/ws\na=x%3Ay', '/ws\na=x:y']],
  ['/ws?a=x%3ay', ['/ws\na=x%3Ay', '/ws\na=x%3ay']],
])('%s may have been signed as any of %j', (url, forms) => {
  expect(signedForms(url)).toEqual(forms);
});
