import type { DatabaseSync } from 'node:sqlite';

/**
 * The steps from one format of the file to the next. A step that has been released never changes.
 *
 * Events lie in blocks, each of one stream, in the order of their times and over a bounded span:
 * a row for each event would cost ten times as much to write.
 */
const steps: readonly string[] = [
  `CREATE TABLE log_group (
     id INTEGER PRIMARY KEY,
     account TEXT NOT NULL,
     region TEXT NOT NULL,
     name TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     retention_days INTEGER,
     class TEXT NOT NULL,
     tags TEXT NOT NULL,
     stored_bytes INTEGER NOT NULL DEFAULT 0,
     UNIQUE (account, region, name)
   ) STRICT;
   CREATE TABLE log_stream (
     id INTEGER PRIMARY KEY,
     group_id INTEGER NOT NULL REFERENCES log_group (id) ON DELETE CASCADE,
     name TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     first_at INTEGER,
     last_at INTEGER,
     ingested_at INTEGER,
     UNIQUE (group_id, name)
   ) STRICT;
   CREATE INDEX log_stream_by_last ON log_stream (group_id, last_at);
   CREATE TABLE block (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     group_id INTEGER NOT NULL REFERENCES log_group (id) ON DELETE CASCADE,
     stream_id INTEGER NOT NULL REFERENCES log_stream (id) ON DELETE CASCADE,
     first_at INTEGER NOT NULL,
     last_at INTEGER NOT NULL,
     events INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX block_of_stream ON block (stream_id, first_at, id);
   CREATE INDEX block_of_stream_backward ON block (stream_id, last_at, id);
   CREATE INDEX block_of_group ON block (group_id, first_at, id);
   CREATE INDEX block_of_group_backward ON block (group_id, last_at, id);
   CREATE TABLE source (name TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];

/** @throws Error where a later version has written the file */
export function upgradeLogs(database: DatabaseSync, file: string): void {
  const row = database.prepare('PRAGMA user_version').get();
  const format = Number(row?.['user_version']);
  if (format > steps.length) {
    throw new Error(
      `${file} has format ${format}, written by a later version of Longshore. ` +
        `This version reads formats up to ${steps.length}.`,
    );
  }
  if (format === steps.length) return;
  database.exec('BEGIN IMMEDIATE');
  for (const step of steps.slice(format)) database.exec(step);
  database.exec(`PRAGMA user_version = ${steps.length}`);
  database.exec('COMMIT');
}
