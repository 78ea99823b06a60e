import type { DatabaseSync } from 'node:sqlite';
import type { LogEntry, LoggedEntry, LogPruning, LogQuery } from '../store.ts';
import { anyFuture, anyPast, formatCursor, readingStart, type LogPlace } from '../log-cursor.ts';

/** The append-only entries of all logs. */
export class LogTable {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
  }

  append({ log, subject, at, body }: LogEntry): void {
    this.#statements.append.run(log, subject, at, body);
  }

  read(query: LogQuery): readonly LoggedEntry[] {
    const { log, subject, order, since = anyPast, until = anyFuture, limit } = query;
    const start = readingStart(query);
    const rows =
      order === 'oldest-first'
        ? this.#statements.readOldest.all(log, subject, start.at, start.number, until, limit)
        : this.#statements.readNewest.all(log, subject, start.at, start.number, since, limit);
    return rows.map(({ id, at, body }) => {
      const place: LogPlace = { at: Number(at), number: Number(id) };
      return { cursor: formatCursor(place), at: place.at, body: String(body) };
    });
  }

  prune({ log, before, limit }: LogPruning): number {
    return Number(this.#statements.prune.run(log, before, limit).changes);
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    append: database.prepare('INSERT INTO log_entry (log, subject, at, body) VALUES (?, ?, ?, ?)'),
    readOldest: database.prepare(
      `SELECT id, at, body FROM log_entry
       WHERE log = ? AND subject = ? AND (at, id) > (?, ?) AND at < ?
       ORDER BY at, id LIMIT ?`,
    ),
    readNewest: database.prepare(
      `SELECT id, at, body FROM log_entry
       WHERE log = ? AND subject = ? AND (at, id) < (?, ?) AND at >= ?
       ORDER BY at DESC, id DESC LIMIT ?`,
    ),
    prune: database.prepare(
      `DELETE FROM log_entry WHERE id IN
         (SELECT id FROM log_entry WHERE log = ? AND at < ? ORDER BY at, id LIMIT ?)`,
    ),
  };
}
