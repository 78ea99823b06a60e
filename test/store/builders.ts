import type { Batch, LogEntry, LogQuery, Store, StoredRecord } from '../../src/store/store.ts';

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

export function sorted(records: readonly StoredRecord[]): readonly StoredRecord[] {
  const name = ({ kind, key }: StoredRecord) => `${kind}/${key}`;
  return records.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
}

export function bodies(entries: readonly { readonly body: string }[]): readonly string[] {
  return entries.map(({ body }) => body);
}

export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
