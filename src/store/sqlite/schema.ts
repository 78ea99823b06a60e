import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';

/**
 * The steps from one format of the file to the next: the first makes format 1 out of an empty
 * file. A step that has been released never changes.
 *
 * Records lie in the order in which they were added, with an index on their names: rows keyed by
 * name instead would be moved about as the tree grows. Ids of log entries are never used again, so
 * that a cursor stays true when the newest entry has been pruned.
 */
const steps: readonly string[] = [
  `CREATE TABLE record (
     id INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     key TEXT NOT NULL,
     form INTEGER NOT NULL,
     body TEXT NOT NULL,
     UNIQUE (kind, key)
   ) STRICT;
   CREATE TABLE log_entry (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     log TEXT NOT NULL,
     subject TEXT NOT NULL,
     at INTEGER NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX log_entry_by_subject ON log_entry (log, subject, at);
   CREATE INDEX log_entry_by_age ON log_entry (log, at);
   INSERT INTO meta (name, value) VALUES ('epoch', 0), ('holder', 'nobody');`,
];

const newestFormat = steps.length;

/**
 * Brings the file to the newest format.
 * @throws StoreError newer-format, before anything is changed
 */
export function upgrade(database: DatabaseSync, file: string): void {
  const format = formatOf(database, file);
  if (format > newestFormat) throw newerFormat(file, format);
  if (format === newestFormat) return;
  database.exec('BEGIN IMMEDIATE');
  if (format === 0) database.exec('CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT');
  for (const step of steps.slice(format)) database.exec(step);
  database
    .prepare(`INSERT OR REPLACE INTO meta (name, value) VALUES ('format', ?)`)
    .run(newestFormat);
  database.exec('COMMIT');
}

/** 0 for an empty file. */
function formatOf(database: DatabaseSync, file: string): number {
  const table = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'meta'`).get();
  if (!table) return 0;
  const row = database.prepare(`SELECT value FROM meta WHERE name = 'format'`).get();
  const format = row?.['value'];
  if (Number.isInteger(format)) return Number(format);
  throw new StoreError('corrupt', `${file} does not tell its format: ${String(format)}.`);
}

function newerFormat(file: string, format: number): StoreError {
  return new StoreError(
    'newer-format',
    `${file} has format ${format}, written by a later version of Longshore. ` +
      `This version reads formats up to ${newestFormat}.`,
  );
}
