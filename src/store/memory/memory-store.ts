import { CommitGuard } from '../commit-guard.ts';
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
import { MemoryLog } from './memory-log.ts';

export interface MemoryStoreOptions {
  /**
   * Runs before each commit is applied. The commit takes as long as this does, and fails where
   * this throws: a slow disk, a full one.
   */
  readonly beforeCommit?: (batch: Batch) => Promise<void> | void;
}

const chunkRecords = 1_000;

interface Contents {
  /** By kind, then by key. */
  readonly records: Map<string, Map<string, StoredRecord>>;
  readonly log: MemoryLog;
  epoch: number;
  holder: string;
}

/**
 * A disk made of memory: what outlives the stores that are opened on it, one after the other. For
 * tests, and where nothing has to survive the process.
 */
export class MemoryDisk {
  readonly #contents: Contents = {
    records: new Map(),
    log: new MemoryLog(),
    epoch: 0,
    holder: 'nobody',
  };
  #opened: MemoryStore | undefined;

  /** @throws StoreError in-use while another store is open on this disk */
  async open(options: MemoryStoreOptions = {}): Promise<Store> {
    if (this.#opened && !this.#opened.isClosed) {
      const { holder } = this.#contents;
      throw new StoreError('in-use', `The disk is in use (it was last leased to ${holder}).`);
    }
    this.#opened = new MemoryStore(this.#contents, options);
    return this.#opened;
  }

  /** Ends the open store as the death of its process would: a commit in flight is lost. */
  cutOff(): void {
    this.#opened?.cutOff();
  }
}

class MemoryStore implements Store {
  readonly #contents: Contents;
  readonly #options: MemoryStoreOptions;
  readonly #guard = new CommitGuard();
  #inFlight: Promise<void> | undefined;
  #isClosing = false;
  isClosed = false;

  constructor(contents: Contents, options: MemoryStoreOptions) {
    this.#contents = contents;
    this.#options = options;
  }

  async *load(): AsyncGenerator<readonly StoredRecord[]> {
    this.#requireOpen();
    const records = [...this.#contents.records.values()].flatMap((kind) => [...kind.values()]);
    for (let start = 0; start < records.length; start += chunkRecords) {
      yield records.slice(start, start + chunkRecords);
    }
  }

  async lease(holder: string): Promise<Lease> {
    this.#requireOpen();
    this.#contents.epoch += 1;
    this.#contents.holder = holder;
    return { epoch: this.#contents.epoch };
  }

  async commit(batch: Batch, epoch: number): Promise<void> {
    this.#requireOpen();
    this.#inFlight = this.#guard.run(() => this.#commit(batch, epoch));
    return this.#inFlight;
  }

  async readLog(query: LogQuery): Promise<readonly LoggedEntry[]> {
    this.#requireOpen();
    return this.#contents.log.read(query);
  }

  async pruneLog(pruning: LogPruning, epoch: number): Promise<number> {
    this.#requireOpen();
    this.#requireEpoch(epoch);
    return this.#contents.log.prune(pruning);
  }

  async check(): Promise<readonly string[]> {
    this.#requireOpen();
    return [];
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled([this.#inFlight]);
    this.isClosed = true;
  }

  cutOff(): void {
    this.#isClosing = true;
    this.isClosed = true;
  }

  async #commit(batch: Batch, epoch: number): Promise<void> {
    await this.#options.beforeCommit?.(batch);
    if (this.isClosed) throw new StoreError('unavailable', 'The store was cut off.');
    this.#requireEpoch(epoch);
    const { records, log } = this.#contents;
    for (const { kind, key } of batch.deletes) records.get(kind)?.delete(key);
    for (const record of batch.puts) {
      const ofKind = records.get(record.kind) ?? new Map<string, StoredRecord>();
      records.set(record.kind, ofKind.set(record.key, record));
    }
    for (const entry of batch.appends) log.append(entry);
  }

  #requireOpen(): void {
    if (this.#isClosing) throw new StoreError('closed', 'The store is closed.');
  }

  #requireEpoch(epoch: number): void {
    const { epoch: current, holder } = this.#contents;
    if (epoch === current) return;
    throw new StoreError(
      'fenced',
      `Epoch ${epoch} is over: the disk is leased to ${holder} in epoch ${current}.`,
    );
  }
}
