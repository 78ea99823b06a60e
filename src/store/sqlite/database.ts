import { DatabaseSync } from 'node:sqlite';
import type { LogPlace } from '../log-cursor.ts';
import {
  StoreError,
  type Batch,
  type LoggedEntry,
  type LogPruning,
  type LogQuery,
  type StoredRecord,
} from '../store.ts';
import { isCorrupt } from './failure.ts';
import { databaseFile, makeFile } from './folder.ts';
import { LogTable } from './log-table.ts';
import type { Chunk } from './messages.ts';
import { upgrade } from './schema.ts';

/** A chunk of records ends at whichever of these it reaches first. */
const chunkRecords = 1_000;
const chunkCharacters = 1 << 20;

/** Past this many pages (4 MiB) the write-ahead log is moved into the file between two batches. */
const checkpointPages = 1_024;

/** How long to wait for another program that has the file open, such as a backup. */
const busyTimeoutMilliseconds = 5_000;

const damageLimit = 20;

/** The SQLite file of a data folder, which this process alone may write: the folder is locked. */
export class Database {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #log: LogTable;
  #checkpointFailure: Error | undefined;

  constructor(folder: string) {
    this.#file = databaseFile(folder);
    makeFile(this.#file);
    this.#database = new DatabaseSync(this.#file, { timeout: busyTimeoutMilliseconds });
    // An upgrade that is cut off is undone and made again, so it need not wait for the disk.
    this.#database.exec('PRAGMA synchronous = NORMAL');
    this.#database.exec('PRAGMA journal_mode = WAL');
    this.#database.exec('PRAGMA wal_autocheckpoint = 0');
    upgrade(this.#database, this.#file);
    this.#database.exec('PRAGMA synchronous = FULL');
    this.#statements = prepareStatements(this.#database);
    this.#log = new LogTable(this.#database);
  }

  load(after: number): Chunk {
    const records: StoredRecord[] = [];
    let characters = 0;
    for (const { id, kind, key, form, body } of this.#statements.load.iterate(after)) {
      const text = String(body);
      records.push({ kind: String(kind), key: String(key), form: Number(form), body: text });
      characters += text.length;
      if (records.length === chunkRecords || characters >= chunkCharacters) {
        return { records, next: Number(id) };
      }
    }
    return { records, next: undefined };
  }

  lease(holder: string): number {
    return this.#transact(() => {
      const epoch = this.#epoch() + 1;
      this.#statements.setMeta.run(epoch, 'epoch');
      this.#statements.setMeta.run(holder, 'holder');
      return epoch;
    });
  }

  commit(batch: Batch, epoch: number): void {
    if (this.#checkpointFailure) throw this.#checkpointFailure;
    const { put, remove } = this.#statements;
    this.#transact(() => {
      this.#requireEpoch(epoch);
      for (const { kind, key } of batch.deletes) remove.run(kind, key);
      for (const { kind, key, form, body } of batch.puts) put.run(kind, key, form, body);
      for (const entry of batch.appends) this.#log.append(entry);
    });
  }

  readLog(query: LogQuery, start: LogPlace): readonly LoggedEntry[] {
    return this.#log.read(query, start);
  }

  pruneLog(pruning: LogPruning, epoch: number): number {
    return this.#transact(() => {
      this.#requireEpoch(epoch);
      return this.#log.prune(pruning);
    });
  }

  check(): readonly string[] {
    const damage: string[] = [];
    try {
      const rows = this.#database.prepare(`PRAGMA quick_check(${damageLimit})`).iterate();
      for (const row of rows) damage.push(String(row['quick_check']));
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      damage.push('too damaged to be looked over further');
    }
    return damage.filter((line) => line !== 'ok');
  }

  /**
   * Keeps the write-ahead log short; to be called when nobody waits. What goes wrong here has lost
   * nothing yet, so the next commit reports it.
   */
  tidy(): void {
    try {
      // NOOP only tells how long the log is; SQLite before 3.51 takes it for the slower PASSIVE.
      const size = this.#statements.walSize.get();
      const pending = Number(size?.['log']) - Number(size?.['checkpointed']);
      if (pending > checkpointPages) this.#statements.checkpoint.get();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#checkpointFailure = error;
    }
  }

  /** Closes the file, where another connection goes on. */
  leave(): void {
    this.#database.close();
  }

  close(): void {
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#database.close();
    }
  }

  #transact<Result>(body: () => Result): Result {
    this.#statements.begin.run();
    try {
      const result = body();
      this.#statements.commit.run();
      return result;
    } catch (error) {
      // After some failures SQLite has rolled back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #epoch(): number {
    return Number(this.#statements.getMeta.get('epoch')?.['value']);
  }

  #requireEpoch(epoch: number): void {
    const current = this.#epoch();
    if (epoch === current) return;
    const holder = String(this.#statements.getMeta.get('holder')?.['value']);
    throw new StoreError(
      'fenced',
      `Epoch ${epoch} is over: ${this.#file} is leased to ${holder} in epoch ${current}.`,
    );
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    getMeta: database.prepare('SELECT value FROM meta WHERE name = ?'),
    setMeta: database.prepare('UPDATE meta SET value = ? WHERE name = ?'),
    load: database.prepare('SELECT id, kind, key, form, body FROM record WHERE id > ? ORDER BY id'),
    put: database.prepare(
      `INSERT INTO record (kind, key, form, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, key) DO UPDATE SET form = excluded.form, body = excluded.body`,
    ),
    remove: database.prepare('DELETE FROM record WHERE kind = ? AND key = ?'),
    walSize: database.prepare('PRAGMA wal_checkpoint(NOOP)'),
    checkpoint: database.prepare('PRAGMA wal_checkpoint(PASSIVE)'),
  };
}
