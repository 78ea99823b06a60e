import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type {
  EventPage,
  EventQuery,
  GroupChange,
  GroupKey,
  GroupListing,
  LogBatch,
  LogGroup,
  LogStream,
  LogTables,
  MissingLog,
  NewLogGroup,
  Pruning,
  StreamKey,
  StreamListing,
} from '../log-store.ts';
import { boundRegExps } from '../../support/bounded-regexps.ts';
import { EventTable } from './event-table.ts';
import { GroupTable } from './group-table.ts';
import { upgradeLogs } from './log-schema.ts';
import { StreamTable } from './stream-table.ts';

const busyTimeoutMs = 5_000;

/** The file `logs.db` of a data folder, or (without a folder) a database in memory. */
export class LogDatabase implements LogTables {
  readonly #database: DatabaseSync;
  readonly #groups: GroupTable;
  readonly #streams: StreamTable;
  readonly #events: EventTable;

  constructor(folder: string | undefined) {
    boundRegExps();
    const file = folder === undefined ? ':memory:' : fileIn(folder);
    this.#database = new DatabaseSync(file, { timeout: busyTimeoutMs });
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    this.#database.exec('PRAGMA foreign_keys = ON');
    upgradeLogs(this.#database, file);
    this.#groups = new GroupTable(this.#database);
    this.#streams = new StreamTable(this.#database);
    this.#events = new EventTable(this.#database);
  }

  createGroup(group: NewLogGroup): 'created' | 'exists' {
    return this.#groups.create(group);
  }

  findGroup(key: GroupKey): LogGroup | undefined {
    return this.#groups.find(key);
  }

  listGroups(listing: GroupListing): readonly LogGroup[] {
    return this.#groups.list(listing);
  }

  changeGroup(key: GroupKey, change: GroupChange): 'changed' | 'no-group' {
    return this.#groups.change(key, change);
  }

  removeGroup(key: GroupKey): 'removed' | 'no-group' {
    const id = this.#groups.idOf(key);
    if (id === undefined) return 'no-group';
    this.#transact(() => this.#groups.remove(id));
    return 'removed';
  }

  createStream(key: StreamKey, createdAt: number): 'created' | 'exists' | 'no-group' {
    const groupId = this.#groups.idOf(key);
    return groupId === undefined
      ? 'no-group'
      : this.#streams.create(groupId, key.stream, createdAt);
  }

  listStreams(listing: StreamListing): readonly LogStream[] | 'no-group' {
    const groupId = this.#groups.idOf(listing);
    return groupId === undefined ? 'no-group' : this.#streams.list(groupId, listing);
  }

  removeStream(key: StreamKey): 'removed' | MissingLog {
    const groupId = this.#groups.idOf(key);
    if (groupId === undefined) return 'no-group';
    const id = this.#streams.idOf(groupId, key.stream);
    if (id === undefined) return 'no-stream';
    this.#transact(() => {
      this.#events.forgetBytesOf(id, groupId);
      this.#streams.remove(id);
    });
    return 'removed';
  }

  /** All become durable together; each is appended or not by itself. */
  append(batches: readonly LogBatch[]): readonly ('appended' | MissingLog)[] {
    return this.#transact(() => batches.map((batch) => this.#append(batch)));
  }

  read(query: EventQuery): EventPage | MissingLog {
    const groupId = this.#groups.idOf(query);
    if (groupId === undefined) return 'no-group';
    const streamIds = this.#streamIds(groupId, query);
    if (streamIds === 'no-stream') return 'no-stream';
    if (streamIds?.length === 0) return { events: [], more: undefined };
    return this.#events.read(query, { groupId, streamIds });
  }

  positionOf(source: string): string | undefined {
    return this.#events.positionOf(source);
  }

  forgetSource(source: string): void {
    this.#events.forgetSource(source);
  }

  prune(pruning: Pruning): number {
    return this.#transact(() => this.#events.prune(pruning));
  }

  close(): void {
    this.#database.close();
  }

  #append(batch: LogBatch): 'appended' | MissingLog {
    const groupId = this.#groups.idOf(batch);
    if (groupId === undefined) return 'no-group';
    const streamId = this.#streams.idOf(groupId, batch.stream);
    if (streamId === undefined) return 'no-stream';
    this.#events.append(groupId, streamId, batch);
    return 'appended';
  }

  #streamIds(groupId: number, { streams, streamPrefix }: EventQuery) {
    if (streams) {
      const ids = streams.map((stream) => this.#streams.idOf(groupId, stream));
      const known = ids.filter((id) => id !== undefined);
      return known.length < ids.length ? 'no-stream' : known;
    }
    if (streamPrefix === undefined) return undefined;
    return this.#streams.idsWithPrefix(groupId, streamPrefix);
  }

  #transact<Result>(body: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = body();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // After some failures SQLite has rolled back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Made for its owner alone: SQLite gives its companions the same permissions. */
function fileIn(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'logs.db');
  closeSync(openSync(file, 'a', 0o600));
  return file;
}
