import type { DatabaseSync } from 'node:sqlite';
import { CommitGuard } from '../commit-guard.ts';
import { readingStart } from '../log-cursor.ts';
import {
  StoreError,
  type Batch,
  type Lease,
  type LoggedEntry,
  type LogPruning,
  type LogQuery,
  type Store,
  type StoredRecord,
} from '../store.ts';
import { Database } from './database.ts';
import { failureIn } from './failure.ts';
import { lockFolder, makeFolder } from './folder.ts';
import type { Chunk } from './messages.ts';
import type { ThreadClient } from './thread-client.ts';

/**
 * Opens the SQLite store in a folder, which is made where it is missing.
 *
 * Before the first commit nobody is served yet whom the disk could hold up, and a thread takes longer
 * to start than leasing, loading and a look into a log take: so those are done right here. All other
 * disk work is done in a thread of its own, so that neither an fsync nor a checkpoint holds up the
 * event loop.
 * @throws StoreError in-use where another process has the folder open
 */
export async function openSqliteStore(folder: string): Promise<Store> {
  return new SqliteStore(folder);
}

class SqliteStore implements Store {
  readonly #folder: string;
  readonly #lock: DatabaseSync;
  readonly #database: Database;
  readonly #guard = new CommitGuard();
  #thread: Promise<ThreadClient> | undefined;
  #closed: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#lock = this.#here(() => {
      makeFolder(folder);
      return lockFolder(folder);
    });
    try {
      this.#database = this.#here(() => new Database(folder));
    } catch (error) {
      this.#lock.close();
      throw error;
    }
  }

  async *load(): AsyncGenerator<readonly StoredRecord[]> {
    for (let after: number | undefined = 0; after !== undefined;) {
      const { records, next }: Chunk = await this.#loadChunk(after);
      yield records;
      after = next;
    }
  }

  async lease(holder: string): Promise<Lease> {
    if (this.#thread) return { epoch: await (await this.#thread).call('lease', { holder }) };
    return { epoch: this.#here(() => this.#database.lease(holder)) };
  }

  commit(batch: Batch, epoch: number): Promise<void> {
    return this.#guard.run(async () => {
      const thread = await this.#startThread();
      await thread.call('commit', { batch, epoch });
    });
  }

  async readLog(query: LogQuery): Promise<readonly LoggedEntry[]> {
    const start = readingStart(query);
    if (this.#thread) return (await this.#thread).call('readLog', { query, start });
    return this.#here(() => this.#database.readLog(query, start));
  }

  async pruneLog(pruning: LogPruning, epoch: number): Promise<number> {
    const thread = await this.#startThread();
    return thread.call('pruneLog', { pruning, epoch });
  }

  async check(): Promise<readonly string[]> {
    const thread = await this.#startThread();
    return thread.call('check', undefined);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #loadChunk(after: number): Promise<Chunk> {
    if (this.#thread) return (await this.#thread).call('load', { after });
    return this.#here(() => this.#database.load(after));
  }

  /** The lock stays here: it is the process that has the folder. */
  #startThread(): Promise<ThreadClient> {
    if (this.#thread) return this.#thread;
    this.#thread = this.#closed ? Promise.reject(closed()) : this.#handOver();
    this.#thread.catch(() => {}); // Reported to whoever needs the thread.
    return this.#thread;
  }

  async #handOver(): Promise<ThreadClient> {
    const { ThreadClient } = await import('./thread-client.ts');
    const thread = new ThreadClient();
    await thread.call('open', { folder: this.#folder });
    this.#database.leave();
    return thread;
  }

  async #close(): Promise<void> {
    try {
      if (this.#thread) await (await this.#thread).close();
      else this.#here(() => this.#database.close());
    } finally {
      this.#lock.close();
    }
  }

  #here<Result>(work: () => Result): Result {
    if (this.#closed) throw closed();
    try {
      return work();
    } catch (error) {
      const failure = failureIn(this.#folder, this.#database, error);
      throw failure ? new StoreError(failure.code, failure.message) : error;
    }
  }
}

function closed(): StoreError {
  return new StoreError('closed', 'The store is closed.');
}
