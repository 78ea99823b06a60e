import { expect, test } from 'vitest';
import { findRoute } from './find-route.ts';

const routes = new Map([
  ['/a', 'exact'],
  ['/a/', 'folder'],
  ['/a/b/', 'inner'],
]);

test.each([
  ['/a', 'exact'],
  ['/a?x=/a/b/', 'exact'],
  ['/a/', 'folder'],
  ['/a/c', 'folder'],
  ['/a/b/c/d?e', 'inner'],
  ['/b', undefined],
  ['/', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s is served by what is named so, or by the nearest folder', (url, route) => {
  expect(findRoute(routes, url)).toBe(route);
});
