import { CommitGuard } from '../commit-guard.ts';
import type {
  Batch,
  Lease,
  LoggedEntry,
  LogPruning,
  LogQuery,
  Store,
  StoredRecord,
} from '../store.ts';
import { ThreadClient } from './thread-client.ts';

/**
 * Opens the SQLite store in a folder, which is made where it is missing. All disk work is done in a
 * thread of its own, so that neither an fsync nor a checkpoint holds up the event loop.
 * @throws StoreError in-use where another process has the folder open
 */
export async function openSqliteStore(folder: string): Promise<Store> {
  const thread = new ThreadClient();
  try {
    await thread.call('open', { folder });
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  return new SqliteStore(thread);
}

class SqliteStore implements Store {
  readonly #thread: ThreadClient;
  readonly #guard = new CommitGuard();
  #closed: Promise<void> | undefined;

  constructor(thread: ThreadClient) {
    this.#thread = thread;
  }

  async *load(): AsyncGenerator<readonly StoredRecord[]> {
    let reading = this.#thread.call('load', { after: 0 });
    for (;;) {
      const { records, next } = await reading;
      if (next === undefined) {
        yield records;
        return;
      }
      // The thread reads the next chunk while the caller digests this one.
      reading = this.#thread.call('load', { after: next });
      yield records;
    }
  }

  async lease(holder: string): Promise<Lease> {
    return { epoch: await this.#thread.call('lease', { holder }) };
  }

  commit(batch: Batch, epoch: number): Promise<void> {
    return this.#guard.run(() => this.#thread.call('commit', { batch, epoch }));
  }

  readLog(query: LogQuery): Promise<readonly LoggedEntry[]> {
    return this.#thread.call('readLog', query);
  }

  pruneLog(pruning: LogPruning, epoch: number): Promise<number> {
    return this.#thread.call('pruneLog', { pruning, epoch });
  }

  check(): Promise<readonly string[]> {
    return this.#thread.call('check', undefined);
  }

  close(): Promise<void> {
    this.#closed ??= this.#thread.close();
    return this.#closed;
  }
}
