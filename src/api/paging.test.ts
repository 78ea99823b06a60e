import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageOf, type Page } from './paging.ts';

function pageOfKeys(
  keys: readonly string[],
  maxResults: number,
  nextToken: string | undefined,
): Page<string> {
  return pageOf<string>({
    request: { maxResults, nextToken },
    list: ['ListThings', undefined],
    rowsAfter: (after) => keys.filter((key) => after === undefined || key > after),
    keyOf: (key) => key,
  });
}

const sortedKeys = fc
  .uniqueArray(fc.string({ unit: 'grapheme', maxLength: 4 }))
  .map((keys) => keys.toSorted((a, b) => (a < b ? -1 : 1)));
const size = fc.integer({ min: 1, max: 100 });

test('pages are full but for the last, and together the list', () => {
  fc.assert(
    fc.property(sortedKeys, size, (keys, maxResults) => {
      const pages: Page<string>[] = [];
      do pages.push(pageOfKeys(keys, maxResults, pages.at(-1)?.nextToken));
      while (pages.at(-1)?.nextToken !== undefined);
      expect(pages.flatMap(({ rows }) => rows)).toEqual(keys);
      expect(pages).toHaveLength(Math.max(1, Math.ceil(keys.length / maxResults)));
      for (const { rows } of pages.slice(0, -1)) expect(rows).toHaveLength(maxResults);
    }),
  );
});

test('what stays in the list is given once, whatever comes and goes between two pages', () => {
  fc.assert(
    fc.property(sortedKeys, sortedKeys, size, (before, after, maxResults) => {
      const first = pageOfKeys(before, maxResults, undefined);
      const rest =
        first.nextToken === undefined ? [] : pageOfKeys(after, 100, first.nextToken).rows;
      const given = [...first.rows, ...rest];
      expect(new Set(given).size).toBe(given.length);
      if (first.nextToken === undefined || after.length > 100) return;
      const stayed = before.filter((key) => after.includes(key));
      expect(given).toEqual(expect.arrayContaining(stayed));
    }),
  );
});

test('a token is refused by every other list, however alike', () => {
  const rows = ['a', 'b'];
  const page = (list: readonly (string | undefined)[], nextToken?: string) =>
    pageOf<string>({
      request: { maxResults: 1, nextToken },
      list,
      rowsAfter: () => rows,
      keyOf: (key) => key,
    });
  const { nextToken = '' } = page(['ListTasks', 'a', undefined]);
  for (const other of [
    ['ListTasks', 'a'],
    ['ListTasks', undefined, 'a'],
    ['ListTasks', 'a', ''],
  ]) {
    expect(() => page(other, nextToken)).toThrow(`Invalid token ${nextToken}`);
  }
});
