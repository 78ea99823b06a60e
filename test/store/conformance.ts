import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Batch, LogEntry, LogQuery, Store, StoredRecord } from '../../src/store/store.ts';

/** Where an engine keeps one store: opened, closed and opened again by the tests. */
export interface StorePlace {
  open(): Promise<Store>;
  /** Frees the place. Stores that were opened there are closed by then. */
  remove(): Promise<void>;
}

/** What every engine has to do. */
export function describeStore(engine: string, makePlace: () => Promise<StorePlace>): void {
  let place: StorePlace;
  let opened: Store[];

  beforeEach(async () => {
    place = await makePlace();
    opened = [];
  });

  afterEach(async () => {
    for (const store of opened) await store.close();
    await place.remove();
  });

  async function open(): Promise<Store> {
    const store = await place.open();
    opened.push(store);
    return store;
  }

  async function openLeased(): Promise<{ store: Store; epoch: number }> {
    const store = await open();
    const { epoch } = await store.lease('the test');
    return { store, epoch };
  }

  async function reopen(store: Store): Promise<{ store: Store; epoch: number }> {
    await store.close();
    return openLeased();
  }

  describe(`${engine}: records`, () => {
    test('a new store is empty', async () => {
      const { store } = await openLeased();
      expect(await contents(store)).toEqual([]);
      expect(await store.check()).toEqual([]);
    });

    test('what was put is there, also after closing and opening again', async () => {
      const { store, epoch } = await openLeased();
      const records = [aRecord({ key: 'a' }), aRecord({ key: 'b', form: 3, body: '{"x":1}' })];
      await store.commit(aBatch({ puts: records }), epoch);
      expect(await contents(store)).toEqual(records);
      expect(await contents((await reopen(store)).store)).toEqual(records);
    });

    test('a second put under the same kind and key replaces form and body', async () => {
      const { store, epoch } = await openLeased();
      await store.commit(aBatch({ puts: [aRecord({ form: 1, body: 'old' })] }), epoch);
      const replaced = aRecord({ form: 2, body: 'new' });
      await store.commit(aBatch({ puts: [replaced] }), epoch);
      expect(await contents(store)).toEqual([replaced]);
    });

    test('of two puts under one key in a batch the later stays', async () => {
      const { store, epoch } = await openLeased();
      const puts = [aRecord({ body: 'first' }), aRecord({ body: 'second' })];
      await store.commit(aBatch({ puts }), epoch);
      expect(await contents(store)).toEqual([aRecord({ body: 'second' })]);
    });

    test('the same key under two kinds is two records', async () => {
      const { store, epoch } = await openLeased();
      const puts = [aRecord({ kind: 'service' }), aRecord({ kind: 'task' })];
      await store.commit(aBatch({ puts }), epoch);
      await store.commit(aBatch({ deletes: [{ kind: 'task', key: 'a' }] }), epoch);
      expect(await contents(store)).toEqual([aRecord({ kind: 'service' })]);
    });

    test('what was deleted is gone, and deleting what is not there does nothing', async () => {
      const { store, epoch } = await openLeased();
      await store.commit(aBatch({ puts: [aRecord({ key: 'a' }), aRecord({ key: 'b' })] }), epoch);
      const deletes = ['a', 'never there'].map((key) => ({ kind: 'task', key }));
      await store.commit(aBatch({ deletes }), epoch);
      expect(await contents(store)).toEqual([aRecord({ key: 'b' })]);
      expect(await contents((await reopen(store)).store)).toEqual([aRecord({ key: 'b' })]);
    });

    test('a batch deletes before it puts', async () => {
      const { store, epoch } = await openLeased();
      const batch = aBatch({ puts: [aRecord()], deletes: [{ kind: 'task', key: 'a' }] });
      await store.commit(batch, epoch);
      expect(await contents(store)).toEqual([aRecord()]);
    });

    test('an empty batch is a commit', async () => {
      const { store, epoch } = await openLeased();
      await store.commit(aBatch({}), epoch);
      expect(await contents(store)).toEqual([]);
    });

    test.each([
      ['accents, Chinese and emoji', 'é 集群 🚢'],
      ['NUL and other control characters', 'a\0b\u0001\u001f\u007f\0'],
      ['quotes and SQL', `'; DROP TABLE record; -- "x" ? $1 \\`],
      ['line ends', '\r\n\u2028'],
      ['nothing', ''],
    ])('text comes back as it was: %s', async (_, text) => {
      const { store, epoch } = await openLeased();
      const record = aRecord({ kind: `kind ${text}`, key: `key ${text}`, body: text });
      const entry = { log: `log ${text}`, subject: `subject ${text}`, at: 1, body: text };
      await store.commit(aBatch({ puts: [record], appends: [entry] }), epoch);
      const again = await reopen(store);
      expect(await contents(again.store)).toEqual([record]);
      const read = await again.store.readLog(aQuery({ log: entry.log, subject: entry.subject }));
      expect(bodies(read)).toEqual([text]);
      await again.store.commit(aBatch({ deletes: [record] }), again.epoch);
      expect(await contents(again.store)).toEqual([]);
    });

    test('bodies of a megabyte come back whole, in bounded chunks', async () => {
      const { store, epoch } = await openLeased();
      const puts = numbers(8).map((i) => aRecord({ key: `${i}`, body: `${i}é`.repeat(350_000) }));
      await store.commit(aBatch({ puts }), epoch);
      const again = await reopen(store);
      expect((await contents(again.store)).map(({ body }) => body === puts[0]?.body)).toEqual(
        puts.map((_, i) => i === 0),
      );
      expect(await contents(again.store)).toEqual(puts);
    });

    test('a batch of 20,000 records is loaded in several chunks, each record once', async () => {
      const { store, epoch } = await openLeased();
      const puts = numbers(20_000).map((i) => aRecord({ key: `${i}`.padStart(5, '0') }));
      await store.commit(aBatch({ puts }), epoch);
      const again = await reopen(store);
      const chunks = await Array.fromAsync(again.store.load());
      expect(chunks.length).toBeGreaterThan(1);
      expect(sorted(chunks.flat())).toEqual(puts);
    });

    test('a load may be given up half-way', async () => {
      const { store, epoch } = await openLeased();
      const puts = numbers(5_000).map((i) => aRecord({ key: `${i}` }));
      await store.commit(aBatch({ puts }), epoch);
      for await (const chunk of store.load()) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      await store.commit(aBatch({ puts: [aRecord({ key: 'one more' })] }), epoch);
      expect(await contents(store)).toHaveLength(5_001);
    });
  });

  describe(`${engine}: commits`, () => {
    test('a commit that is refused leaves the old state, whole', async () => {
      const { store, epoch } = await openLeased();
      await store.commit(aBatch({ puts: [aRecord()], appends: [anEntry()] }), epoch);
      const refused = store.commit(
        aBatch({
          puts: [aRecord({ body: 'new' }), aRecord({ key: 'b' })],
          deletes: [{ kind: 'task', key: 'a' }],
          appends: [anEntry({ body: 'new' })],
        }),
        epoch - 1,
      );
      await expect(refused).rejects.toMatchObject({ code: 'fenced' });
      expect(await contents(store)).toEqual([aRecord()]);
      expect(bodies(await store.readLog(aQuery()))).toEqual([anEntry().body]);
    });

    test('after a commit that failed every later one is refused, until opened again', async () => {
      const { store, epoch } = await openLeased();
      await expect(store.commit(aBatch({}), epoch - 1)).rejects.toMatchObject({ code: 'fenced' });
      const later = store.commit(aBatch({ puts: [aRecord()] }), epoch);
      await expect(later).rejects.toMatchObject({ code: 'failed', cause: { code: 'fenced' } });
      const again = await reopen(store);
      await again.store.commit(aBatch({ puts: [aRecord()] }), again.epoch);
      expect(await contents(again.store)).toEqual([aRecord()]);
    });

    test('a commit while another is in flight is a bug, and does no harm to the other', async () => {
      const { store, epoch } = await openLeased();
      const first = store.commit(aBatch({ puts: [aRecord()] }), epoch);
      const second = store.commit(aBatch({ puts: [aRecord({ key: 'b' })] }), epoch);
      await expect(second).rejects.toThrow('a commit is in flight already');
      await first;
      expect(await contents(store)).toEqual([aRecord()]);
    });

    test('many commits one after the other are all there', async () => {
      const { store, epoch } = await openLeased();
      for (const i of numbers(300)) {
        const puts = [aRecord({ key: 'last', body: `${i}` }), aRecord({ key: `${i}` })];
        await store.commit(aBatch({ puts }), epoch);
      }
      const loaded = await contents((await reopen(store)).store);
      expect(loaded).toHaveLength(301);
      expect(loaded.find(({ key }) => key === 'last')?.body).toBe('299');
    });
  });

  describe(`${engine}: opening and leases`, () => {
    test('a store that is open cannot be opened once more, until it is closed', async () => {
      const { store } = await openLeased();
      await expect(place.open()).rejects.toMatchObject({
        code: 'in-use',
        message: expect.stringContaining('the test'),
      });
      await store.close();
      await open();
    });

    test('each lease has an epoch above all earlier ones, also of earlier openings', async () => {
      const { store, epoch } = await openLeased();
      const second = await store.lease('the test again');
      const { epoch: third } = await reopen(store);
      expect(second.epoch).toBeGreaterThan(epoch);
      expect(third).toBeGreaterThan(second.epoch);
    });

    test('whoever holds an earlier lease can neither commit nor prune', async () => {
      const { store, epoch } = await openLeased();
      await store.lease('somebody else');
      const pruning = { log: 'service-event', before: 10, limit: 1 };
      const fenced = { code: 'fenced', message: expect.stringContaining('somebody else') };
      await expect(store.pruneLog(pruning, epoch)).rejects.toMatchObject(fenced);
      await expect(store.commit(aBatch({}), epoch)).rejects.toMatchObject(fenced);
    });

    test('closing lets a commit in flight finish', async () => {
      const { store, epoch } = await openLeased();
      const commit = store.commit(aBatch({ puts: [aRecord()] }), epoch);
      await store.close();
      await commit;
      expect(await contents(await open())).toEqual([aRecord()]);
    });

    test('a closed store refuses every call, and may be closed again', async () => {
      const { store, epoch } = await openLeased();
      await store.close();
      await store.close();
      const closed = { code: 'closed' };
      await expect(store.commit(aBatch({}), epoch)).rejects.toMatchObject(closed);
      await expect(store.lease('the test')).rejects.toMatchObject(closed);
      await expect(store.readLog(aQuery())).rejects.toMatchObject(closed);
      await expect(store.check()).rejects.toMatchObject(closed);
      await expect(contents(store)).rejects.toMatchObject(closed);
    });
  });

  describe(`${engine}: logs`, () => {
    async function openWithLog(appends: readonly LogEntry[]) {
      const opened = await openLeased();
      await opened.store.commit(aBatch({ appends }), opened.epoch);
      return opened;
    }

    test('entries are read by time, those of the same time as appended, in both orders', async () => {
      const { store, epoch } = await openWithLog([
        anEntry({ at: 20, body: 'b' }),
        anEntry({ at: 20, body: 'c' }),
        anEntry({ at: 10, body: 'a' }),
      ]);
      await store.commit(aBatch({ appends: [anEntry({ at: 20, body: 'd' })] }), epoch);
      const oldestFirst = await store.readLog(aQuery({ order: 'oldest-first' }));
      const newestFirst = await store.readLog(aQuery({ order: 'newest-first' }));
      expect(bodies(oldestFirst)).toEqual(['a', 'b', 'c', 'd']);
      expect(bodies(newestFirst)).toEqual(['d', 'c', 'b', 'a']);
      expect(oldestFirst.map(({ at }) => at)).toEqual([10, 20, 20, 20]);
    });

    test('each log and each subject is read for itself', async () => {
      const { store } = await openWithLog([
        anEntry({ body: 'mine' }),
        anEntry({ subject: 'other', body: 'of another subject' }),
        anEntry({ log: 'other', body: 'of another log' }),
      ]);
      expect(bodies(await store.readLog(aQuery()))).toEqual(['mine']);
      expect(await store.readLog(aQuery({ subject: 'nobody' }))).toEqual([]);
    });

    test.each(['oldest-first', 'newest-first'] as const)(
      'pages %s give each entry once, though entries share their time',
      async (order) => {
        const appends = numbers(25).map((i) => anEntry({ at: i >> 2, body: `${i}` }));
        const { store } = await openWithLog(appends);
        const read: string[] = [];
        let after: string | undefined;
        for (;;) {
          const page = await store.readLog(aQuery({ order, after, limit: 7 }));
          read.push(...bodies(page));
          if (page.length < 7) break;
          after = page.at(-1)?.cursor;
        }
        const inOrder = numbers(25).map(String);
        expect(read).toEqual(order === 'oldest-first' ? inOrder : inOrder.toReversed());
      },
    );

    test('a cursor serves in both orders and finds what was appended since', async () => {
      const { store, epoch } = await openWithLog(
        ['a', 'b', 'c'].map((body, at) => anEntry({ at, body })),
      );
      const [, middle] = await store.readLog(aQuery({ order: 'oldest-first' }));
      const after = middle?.cursor;
      await store.commit(aBatch({ appends: [anEntry({ at: 9, body: 'd' })] }), epoch);
      const later = await store.readLog(aQuery({ order: 'oldest-first', after }));
      const earlier = await store.readLog(aQuery({ order: 'newest-first', after }));
      expect(bodies(later)).toEqual(['c', 'd']);
      expect(bodies(earlier)).toEqual(['a']);
    });

    test.each(['oldest-first', 'newest-first'] as const)(
      'a span of time holds its beginning but not its end, %s',
      async (order) => {
        const appends = numbers(10).map((i) => anEntry({ at: 1_000 + i, body: `${i}` }));
        const { store } = await openWithLog(appends);
        const span = aQuery({ order, since: 1_003, until: 1_006 });
        const whole = await store.readLog(span);
        const rest = await store.readLog({ ...span, after: whole[0]?.cursor });
        const inOrder = order === 'oldest-first' ? ['3', '4', '5'] : ['5', '4', '3'];
        expect(bodies(whole)).toEqual(inOrder);
        expect(bodies(rest)).toEqual(inOrder.slice(1));
        expect(await store.readLog({ ...span, until: 1_003 })).toEqual([]);
      },
    );

    test('pruning takes the oldest of a log first, no more than the limit at once', async () => {
      const { store, epoch } = await openWithLog([
        anEntry({ at: 3, body: 'three' }),
        anEntry({ at: 1, subject: 'other', body: 'one' }),
        anEntry({ at: 2, body: 'two' }),
        anEntry({ at: 4, body: 'four' }),
        anEntry({ at: 1, log: 'other', body: 'of another log' }),
      ]);
      const pruning = { log: 'service-event', before: 4, limit: 2 };
      expect(await store.pruneLog(pruning, epoch)).toBe(2);
      const left = await store.readLog(aQuery({ order: 'oldest-first' }));
      expect(bodies(left)).toEqual(['three', 'four']);
      expect(await store.readLog(aQuery({ subject: 'other' }))).toEqual([]);
      expect(await store.pruneLog(pruning, epoch)).toBe(1);
      expect(await store.pruneLog(pruning, epoch)).toBe(0);
      expect(bodies(await store.readLog(aQuery()))).toEqual(['four']);
      expect(bodies(await store.readLog(aQuery({ log: 'other' })))).toEqual(['of another log']);
    });

    test('a cursor stays true when everything before it has been pruned', async () => {
      const { store, epoch } = await openWithLog([anEntry({ at: 1, body: 'old' })]);
      const [old] = await store.readLog(aQuery());
      await store.pruneLog({ log: 'service-event', before: 2, limit: 10 }, epoch);
      const again = await reopen(store);
      const appends = [anEntry({ at: 1, body: 'new' })];
      await again.store.commit(aBatch({ appends }), again.epoch);
      const query = aQuery({ order: 'oldest-first', after: old?.cursor });
      expect(bodies(await again.store.readLog(query))).toEqual(['new']);
    });
  });
}

export function aRecord(members: Partial<StoredRecord> = {}): StoredRecord {
  return { kind: 'task', key: 'a', form: 1, body: 'body', ...members };
}

export function aBatch(members: Partial<Batch>): Batch {
  return { puts: [], deletes: [], appends: [], ...members };
}

export function anEntry(members: Partial<LogEntry> = {}): LogEntry {
  return { log: 'service-event', subject: 'web', at: 1, body: 'steady', ...members };
}

export function aQuery(members: Partial<LogQuery> = {}): LogQuery {
  return {
    log: 'service-event',
    subject: 'web',
    order: 'newest-first',
    limit: 100,
    ...members,
  };
}

/** All records, sorted. */
export async function contents(store: Store): Promise<readonly StoredRecord[]> {
  return sorted((await Array.fromAsync(store.load())).flat());
}

function sorted(records: readonly StoredRecord[]): readonly StoredRecord[] {
  const name = ({ kind, key }: StoredRecord) => `${kind}/${key}`;
  return records.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
}

function bodies(entries: readonly { readonly body: string }[]): readonly string[] {
  return entries.map(({ body }) => body);
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
