import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { EventPlace } from '../domain/log/event-place.ts';
import type { EventQuery, LogBatch } from './log-store.ts';
import { SqliteLogStore } from './sqlite/sqlite-log-store.ts';

const scope = { accountId: '012345678910', region: 'us-east-1' };
const group = { scope, group: 'web' };
const hourMs = 3_600_000;

async function openStore(streams = ['a', 'b']): Promise<SqliteLogStore> {
  const store = new SqliteLogStore(undefined);
  onTestFinished(() => store.close());
  await store.createGroup({ ...group, createdAt: 1, logGroupClass: 'STANDARD', tags: {} });
  for (const stream of streams) await store.createStream({ ...group, stream }, 1);
  return store;
}

function batch(stream: string, times: readonly number[], text = 'line'): LogBatch {
  const messages = times.map((at) => `${text} ${at}`);
  return { ...group, stream, events: { times, messages }, ingestedAt: 10 };
}

const all: EventQuery = { ...group, direction: 'forward', limit: 10_000, maximumBytes: 1 << 20 };

/** Reads page after page. */
async function readAll(store: SqliteLogStore, query: EventQuery) {
  const found: { stream: string; at: number; message: string }[] = [];
  let from: EventPlace | undefined;
  do {
    const page = await store.read({ ...query, ...(from && { from }) });
    if (typeof page === 'string') throw new Error(page);
    for (const { stream, place, message } of page.events) {
      found.push({ stream, at: place.at, message });
    }
    from = page.more;
  } while (from);
  return found;
}

test('events of all streams come in the order of their times, page by page, both ways', async () => {
  const times = fc.array(fc.nat(3 * hourMs), { minLength: 1, maxLength: 20 });
  const batches = fc.array(fc.record({ stream: fc.constantFrom('a', 'b'), times }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(batches, fc.integer({ min: 1, max: 7 }), async (given, limit) => {
      const store = new SqliteLogStore(undefined);
      await store.createGroup({ ...group, createdAt: 1, logGroupClass: 'STANDARD', tags: {} });
      for (const stream of ['a', 'b']) await store.createStream({ ...group, stream }, 1);
      for (const { stream, times: unsorted } of given) {
        await store.append(
          batch(
            stream,
            unsorted.toSorted((a, b) => a - b),
          ),
        );
      }
      const expected = given.flatMap((one) => one.times).toSorted((a, b) => a - b);
      const forward = await readAll(store, { ...all, limit });
      expect(forward.map(({ at }) => at)).toEqual(expected);
      const backward = await readAll(store, { ...all, limit, direction: 'backward' });
      expect(backward).toEqual(forward.toReversed());
      const ofOne = await readAll(store, { ...all, limit, streams: ['a'] });
      expect(ofOne).toEqual(forward.filter(({ stream }) => stream === 'a'));
      const part = await readAll(store, { ...all, since: hourMs, before: 2 * hourMs });
      expect(part).toEqual(forward.filter(({ at }) => at >= hourMs && at < 2 * hourMs));
      await store.close();
    }),
    { numRuns: 25 },
  );
});

test('calls that come together share one thread, also the first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = new SqliteLogStore(folder);
  const made = { ...group, createdAt: 1, logGroupClass: 'STANDARD', tags: {} };
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.createGroup(made)));
  expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
  await store.close();
  await expect(store.createGroup(made)).rejects.toThrow('The log store is closed.');
});

test('events of one time in one stream keep the order in which they were written', async () => {
  const store = await openStore();
  for (const text of ['one', 'two', 'three']) await store.append(batch('a', [5, 5], text));
  const messages = (await readAll(store, all)).map(({ message }) => message);
  expect(messages).toEqual(['one 5', 'one 5', 'two 5', 'two 5', 'three 5', 'three 5']);
});

test('a page ends at its limit of bytes, but has at least one event', async () => {
  const store = await openStore();
  await store.append(batch('a', [1, 2, 3], 'x'.repeat(100)));
  const page = await store.read({ ...all, maximumBytes: 1 });
  expect(page).toMatchObject({ events: [{ place: { at: 1 } }], more: { at: 1 } });
});

test('only what a pattern finds is read', async () => {
  const store = await openStore();
  await store.append(batch('a', [1, 2, 13]));
  const found = await readAll(store, { ...all, pattern: '"line 1"', limit: 1 });
  expect(found.map(({ at }) => at)).toEqual([1, 13]);
});

test('how far a source was read is kept with the events, over a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = new SqliteLogStore(folder);
  await store.createGroup({ ...group, createdAt: 1, logGroupClass: 'STANDARD', tags: { a: 'b' } });
  await store.createStream({ ...group, stream: 'a' }, 1);
  const progress = { source: 'container', position: '7' };
  await store.append({ ...batch('a', [1, 2]), progress });
  expect(await store.append({ ...batch('none', [1]), progress })).toBe('no-stream');
  await store.close();

  const again = new SqliteLogStore(folder);
  onTestFinished(() => again.close());
  expect(await again.positionOf('container')).toBe('7');
  expect(await readAll(again, all)).toHaveLength(2);
  await again.forgetSource('container');
  expect(await again.positionOf('container')).toBeUndefined();
});

test('what is older than the retention goes, and the bytes with it', async () => {
  const store = await openStore();
  const dayMs = 24 * hourMs;
  await store.append(batch('a', [0, 1], 'old'));
  await store.append(batch('a', [3 * dayMs], 'new'));
  await store.changeGroup(group, { kind: 'retention', days: 1 });
  const pruning = { now: 3 * dayMs, maximumBytes: Infinity, limit: 100 };
  expect(await store.prune(pruning)).toBe(1);
  expect(await readAll(store, all)).toEqual([
    { stream: 'a', at: 3 * dayMs, message: `new ${3 * dayMs}` },
  ]);
  expect(await store.findGroup(group)).toMatchObject({
    storedBytes: 26 + `new ${3 * dayMs}`.length,
  });
});

test('where there is too much, the oldest goes first, in bounded steps', async () => {
  const store = await openStore();
  for (const at of [0, 1, 2, 3]) await store.append(batch('a', [at * 2 * hourMs]));
  expect(await store.prune({ now: 0, maximumBytes: 1, limit: 3 })).toBe(3);
  expect((await readAll(store, all)).map(({ at }) => at)).toEqual([6 * hourMs]);
});

test('a group takes its streams and events with it', async () => {
  const store = await openStore();
  await store.append(batch('a', [1]));
  expect(await store.removeGroup(group)).toBe('removed');
  expect(await store.read(all)).toBe('no-group');
  await store.createGroup({ ...group, createdAt: 2, logGroupClass: 'STANDARD', tags: {} });
  expect(
    await store.listStreams({ ...group, order: 'name', descending: false, skip: 0, limit: 9 }),
  ).toEqual([]);
});
