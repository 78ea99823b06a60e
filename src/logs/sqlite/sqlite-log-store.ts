import type {
  EventQuery,
  GroupChange,
  GroupKey,
  GroupListing,
  LogBatch,
  LogStore,
  MissingLog,
  NewLogGroup,
  Pruning,
  StreamKey,
  StreamListing,
} from '../log-store.ts';
import type { LogThreadClient } from './log-thread-client.ts';

/**
 * Logs in SQLite: in `logs.db` of a folder, a file of its own so that what is logged slows nothing
 * else down, or in memory where no folder is given. The thread that does the work is started by the
 * first call.
 */
export class SqliteLogStore implements LogStore {
  readonly #folder: string | undefined;
  readonly #appends: AppendQueue;
  #thread: Promise<LogThreadClient> | undefined;
  #isClosed = false;

  constructor(folder: string | undefined) {
    this.#folder = folder;
    this.#appends = new AppendQueue(async (batches) =>
      (await this.#open()).call('append', batches),
    );
  }

  async createGroup(group: NewLogGroup) {
    return (await this.#open()).call('createGroup', group);
  }

  async findGroup(key: GroupKey) {
    return (await this.#open()).call('findGroup', key);
  }

  async listGroups(listing: GroupListing) {
    return (await this.#open()).call('listGroups', listing);
  }

  async changeGroup(key: GroupKey, change: GroupChange) {
    return (await this.#open()).call('changeGroup', key, change);
  }

  async removeGroup(key: GroupKey) {
    return (await this.#open()).call('removeGroup', key);
  }

  async createStream(key: StreamKey, createdAt: number) {
    return (await this.#open()).call('createStream', key, createdAt);
  }

  async listStreams(listing: StreamListing) {
    return (await this.#open()).call('listStreams', listing);
  }

  async removeStream(key: StreamKey) {
    return (await this.#open()).call('removeStream', key);
  }

  append(batch: LogBatch): Promise<'appended' | MissingLog> {
    return this.#appends.add(batch);
  }

  async read(query: EventQuery) {
    return (await this.#open()).call('read', query);
  }

  async positionOf(source: string) {
    return (await this.#open()).call('positionOf', source);
  }

  async forgetSource(source: string) {
    return (await this.#open()).call('forgetSource', source);
  }

  async prune(pruning: Pruning) {
    return (await this.#open()).call('prune', pruning);
  }

  async close(): Promise<void> {
    await this.#appends.settled();
    this.#isClosed = true;
    const thread = await this.#thread?.catch(() => undefined);
    await thread?.close();
  }

  /** There is one thread at a time, whoever asks first; one that has ended is replaced. */
  #open(): Promise<LogThreadClient> {
    if (this.#isClosed && !this.#thread) {
      return Promise.reject(new Error('The log store is closed.'));
    }
    this.#thread ??= this.#start();
    return this.#thread;
  }

  async #start(): Promise<LogThreadClient> {
    try {
      const { LogThreadClient } = await import('./log-thread-client.ts');
      const thread = new LogThreadClient(() => (this.#thread = undefined));
      await thread.call('open', this.#folder);
      return thread;
    } catch (error) {
      this.#thread = undefined;
      throw error;
    }
  }
}

type AppendAll = (batches: readonly LogBatch[]) => Promise<readonly ('appended' | MissingLog)[]>;

interface Queued {
  readonly batch: LogBatch;
  readonly resolve: (outcome: 'appended' | MissingLog) => void;
  readonly reject: (error: unknown) => void;
}

/** While some batches are made durable, the next ones gather: they share one fsync. */
class AppendQueue {
  readonly #appendAll: AppendAll;
  #queued: Queued[] = [];
  #working: Promise<void> | undefined;

  constructor(appendAll: AppendAll) {
    this.#appendAll = appendAll;
  }

  add(batch: LogBatch): Promise<'appended' | MissingLog> {
    return new Promise((resolve, reject) => {
      this.#queued.push({ batch, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // What comes in this turn of the event loop goes together.
    await Promise.resolve();
    while (this.#queued.length > 0) {
      const queued = this.#queued;
      this.#queued = [];
      try {
        const outcomes = await this.#appendAll(queued.map(({ batch }) => batch));
        for (const [index, { resolve }] of queued.entries()) {
          resolve(outcomes[index] ?? 'no-stream');
        }
      } catch (error) {
        for (const { reject } of queued) reject(error);
      }
    }
    this.#working = undefined;
  }
}
