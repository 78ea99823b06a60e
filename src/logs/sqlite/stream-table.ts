import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { LogStream, StreamListing } from '../log-store.ts';

type Row = Record<string, SQLOutputValue>;

/** Log streams, by their group and name. */
export class StreamTable {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
  }

  create(groupId: number, name: string, createdAt: number): 'created' | 'exists' {
    const made = this.#statements.create.run(groupId, name, createdAt);
    return made.changes === 0 ? 'exists' : 'created';
  }

  idOf(groupId: number, name: string): number | undefined {
    const row = this.#statements.find.get(groupId, name);
    return row && Number(row['id']);
  }

  idsWithPrefix(groupId: number, prefix: string): readonly number[] {
    return this.#statements.withPrefix.all(groupId, prefix).map(({ id }) => Number(id));
  }

  list(groupId: number, listing: StreamListing): readonly LogStream[] {
    const { order, descending, prefix = '', limit, skip } = listing;
    const { byName, byNameBackward, byLast, byLastBackward } = this.#statements;
    const statement =
      order === 'name'
        ? descending
          ? byNameBackward
          : byName
        : descending
          ? byLastBackward
          : byLast;
    return statement.all(groupId, prefix, limit, skip).map(streamOf);
  }

  remove(id: number): void {
    this.#statements.remove.run(id);
  }
}

function streamOf(row: Row): LogStream {
  return {
    name: String(row['name']),
    createdAt: Number(row['created_at']),
    firstEventAt: optionalNumber(row['first_at']),
    lastEventAt: optionalNumber(row['last_at']),
    lastIngestedAt: optionalNumber(row['ingested_at']),
  };
}

function optionalNumber(value: SQLOutputValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function prepareStatements(database: DatabaseSync) {
  const listing = (order: string) =>
    database.prepare(
      `SELECT * FROM log_stream WHERE group_id = ?1 AND name >= ?2
         AND substr(name, 1, length(?2)) = ?2 ORDER BY ${order} LIMIT ?3 OFFSET ?4`,
    );
  return {
    create: database.prepare(
      'INSERT INTO log_stream (group_id, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    find: database.prepare('SELECT id FROM log_stream WHERE group_id = ? AND name = ?'),
    withPrefix: database.prepare(
      `SELECT id FROM log_stream
       WHERE group_id = ?1 AND name >= ?2 AND substr(name, 1, length(?2)) = ?2`,
    ),
    byName: listing('name'),
    byNameBackward: listing('name DESC'),
    byLast: listing('last_at, name'),
    byLastBackward: listing('last_at DESC, name DESC'),
    remove: database.prepare('DELETE FROM log_stream WHERE id = ?'),
  };
}
