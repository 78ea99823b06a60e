import { assert } from '../support/assert.ts';
import type { Instant } from '../domain/instant.ts';
import { rightBefore } from '../store/log-cursor.ts';
import type {
  Batch,
  LogEntry,
  LoggedEntry,
  LogPruning,
  LogQuery,
  RecordKey,
  Store,
  StoredRecord,
} from '../store/store.ts';
import {
  EventLog,
  eventLog,
  eventSubject,
  splitEventCursor,
  type Happening,
  type LoggedEvent,
} from './event-log.ts';
import { StoredForms } from './stored-forms.ts';
import type { Journal } from './table.ts';
import { Transaction, type Appends, type ReadonlyTables } from './tables.ts';

export type { LoggedEntry, LogQuery, RecordKey } from '../store/store.ts';
export { eventLog, type LoggedEvent } from './event-log.ts';
export type { Transaction } from './tables.ts';

/** An entry has up to a hundred events: more are not fetched at once. */
const entriesPerRead = 20;

export type CommitListener = (changed: readonly RecordKey[]) => void;

/** What `/metrics` shows of the path to the store. */
export interface CommitObserver {
  onCommit(commit: { readonly records: number; readonly durationMs: number }): void;
}

export interface StateOptions {
  readonly store: Store;
  /** Which holder of the store this process is; every commit checks it. */
  readonly epoch: number;
  readonly observer?: CommitObserver;
  /** The time of events; that of the machine, if nothing else is said. */
  readonly now?: () => Instant;
  /** Called once, when a commit failed: what is in memory is then ahead of the store for good. */
  readonly onFailure: (error: Error) => void;
}

export interface EventQuery {
  /** Go on behind this event. */
  readonly after?: string | undefined;
  /** Only events of this time or later. */
  readonly since?: Instant | undefined;
  readonly limit: number;
}

/**
 * The entrance to this folder: all records in memory, and the one way to change them.
 *
 * A transaction is applied at once and becomes durable with the next batch; one batch is under way
 * while the next one gathers. Nobody outside may be told anything before `settled()`.
 */
export class State {
  readonly #tables: Transaction;
  readonly #journal = new UndoJournal();
  readonly #forms: StoredForms;
  readonly #events: EventLog;
  readonly #store: Store;
  readonly #epoch: number;
  readonly #observer: CommitObserver | undefined;
  readonly #onFailure: (error: Error) => void;
  readonly #listeners: CommitListener[] = [];

  #gathering = new GatheringBatch();
  #inFlight: GatheringBatch | undefined;
  #scheduled = false;
  #failure: Error | undefined;

  constructor({ store, epoch, observer, now = Date.now, onFailure }: StateOptions) {
    this.#tables = new Transaction(this.#journal);
    this.#forms = new StoredForms(this.#tables);
    this.#events = new EventLog(this.#tables, this.#forms, now);
    this.#store = store;
    this.#epoch = epoch;
    this.#observer = observer;
    this.#onFailure = onFailure;
  }

  /** Reads what the store has. Called once, before anything else. */
  async load(): Promise<void> {
    for await (const records of this.#store.load()) {
      for (const record of records) this.#forms.restore(record);
    }
    this.#events.begin((await this.#newestEntry())?.at ?? 0);
  }

  /** The records as they stand, applied though perhaps not yet durable. */
  get read(): ReadonlyTables {
    return this.#tables;
  }

  /** How many records wait for a batch or are in one. */
  get uncommitted(): number {
    return this.#gathering.size + (this.#inFlight?.size ?? 0);
  }

  /**
   * Runs `body` synchronously; its changes are applied together, or not at all if it throws.
   * Transactions do not nest.
   */
  transact<Result>(body: (tx: Transaction) => Result): Result {
    if (this.#failure) throw this.#failure;
    const { changes, appends } = this.#journal.begin();
    try {
      const result = body(this.#tables);
      assert(!(result instanceof Promise), 'The body of a transaction is synchronous.');
      const happenings = this.#events.take();
      this.#journal.end();
      for (const { kind, key } of changes) this.#gathering.add(kind, key);
      this.#gathering.append(appends);
      this.#gathering.tell(happenings);
      if (this.#gathering.size > 0) this.#schedule();
      return result;
    } catch (error) {
      this.#journal.undo();
      this.#events.forget();
      throw error;
    }
  }

  /** What a log has of a subject; only what is durable. */
  readLog(query: LogQuery): Promise<readonly LoggedEntry[]> {
    return this.#store.readLog(query);
  }

  /** Deletes at most `limit` old entries of a log and tells how many; fewer than that were the last. */
  pruneLog(pruning: LogPruning): Promise<number> {
    return this.#store.pruneLog(pruning, this.#epoch);
  }

  /**
   * Durable events, oldest first: at most `limit`, none where there are no more.
   * @throws RangeError where `after` is no cursor
   */
  async readEvents({ after, since, limit }: EventQuery): Promise<readonly LoggedEvent[]> {
    const seen = after === undefined ? undefined : splitEventCursor(after);
    const entries = await this.#store.readLog({
      log: eventLog,
      subject: eventSubject,
      order: 'oldest-first',
      after: seen && rightBefore(seen.entry),
      since,
      // One more than may be needed: the first may have been read to its end.
      limit: Math.min(limit, entriesPerRead) + 1,
    });
    const events: LoggedEvent[] = [];
    for (const entry of entries) {
      if (events.length >= limit) break;
      const skipped = entry.cursor === seen?.entry ? seen.index + 1 : 0;
      events.push(...this.#events.events(entry).slice(skipped));
    }
    return events.filter(({ at }) => since === undefined || at >= since).slice(0, limit);
  }

  /** The cursor of the newest durable event; undefined where there is none. */
  async newestEvent(): Promise<string | undefined> {
    const entry = await this.#newestEntry();
    return entry && this.#events.events(entry).at(-1)?.cursor;
  }

  /**
   * Resolves when all that is applied now is durable; undefined where it is so already.
   * Rejects when it never will be.
   */
  settled(): Promise<void> | undefined {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#gathering.size > 0) return this.#gathering.done;
    return this.#inFlight?.done;
  }

  /** Whether the record as it stands is durable: only then may anything outside be told of it. */
  isCommitted(kind: string, key: string): boolean {
    return !this.#gathering.has(kind, key) && !this.#inFlight?.has(kind, key);
  }

  /** Hears, after each commit, which records it changed: a hint to look again. */
  onCommitted(listener: CommitListener): void {
    this.#listeners.push(listener);
  }

  /** Waits until nothing is left to be made durable. */
  async flush(): Promise<void> {
    let pending = this.settled();
    while (pending) {
      await pending;
      pending = this.settled();
    }
  }

  async #newestEntry(): Promise<LoggedEntry | undefined> {
    const place = { log: eventLog, subject: eventSubject };
    const [entry] = await this.#store.readLog({ ...place, order: 'newest-first', limit: 1 });
    return entry;
  }

  /** A batch begins in the next turn of the loop, so that it takes all that this turn brings. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#commitGathered();
    });
  }

  async #commitGathered(): Promise<void> {
    const batch = this.#gathering;
    this.#inFlight = batch;
    this.#gathering = new GatheringBatch();
    const startedAt = performance.now();
    try {
      await this.#store.commit(this.#encode(batch), this.#epoch);
    } catch (cause) {
      this.#fail(batch, cause);
      return;
    }
    this.#inFlight = undefined;
    this.#observer?.onCommit({
      records: batch.size,
      durationMs: performance.now() - startedAt,
    });
    batch.resolve();
    if (this.#gathering.size > 0) this.#schedule();
    const changed = batch.keys();
    for (const listener of this.#listeners) listener(changed);
  }

  #encode(batch: GatheringBatch): Batch {
    const puts: StoredRecord[] = [];
    const deletes: RecordKey[] = [];
    for (const recordKey of batch.keys()) {
      const record = this.#forms.encode(recordKey.kind, recordKey.key);
      if (record) puts.push(record);
      else deletes.push(recordKey);
    }
    const { happenings, appends } = batch;
    if (happenings.length === 0) return { puts, deletes, appends };
    const bodies = new Map(puts.map(({ key, body }) => [key, body]));
    const told = this.#events.entries(happenings, (key) => bodies.get(key));
    return { puts, deletes, appends: [...appends, ...told] };
  }

  #fail(batch: GatheringBatch, cause: unknown): void {
    const failure = new Error('The store could not make a change durable.', { cause });
    this.#failure = failure;
    batch.reject(failure);
    this.#gathering.reject(failure);
    this.#onFailure(failure);
  }
}

/** The keys that changed since the last batch; their newest records are what the batch will hold. */
class GatheringBatch {
  readonly #keys = new Map<string, RecordKey>();
  readonly #appends: LogEntry[] = [];
  readonly #happenings: Happening[] = [];
  readonly #deferred = Promise.withResolvers<void>();

  constructor() {
    // Whoever waits hears of a failure; a batch that nobody waits for must not crash the process.
    this.#deferred.promise.catch(() => undefined);
  }

  get size(): number {
    return this.#keys.size + this.#appends.length;
  }

  get appends(): readonly LogEntry[] {
    return this.#appends;
  }

  get happenings(): readonly Happening[] {
    return this.#happenings;
  }

  get done(): Promise<void> {
    return this.#deferred.promise;
  }

  add(kind: string, key: string): void {
    this.#keys.set(`${kind} ${key}`, { kind, key });
  }

  append(entries: readonly LogEntry[]): void {
    this.#appends.push(...entries);
  }

  tell(happenings: readonly Happening[]): void {
    this.#happenings.push(...happenings);
  }

  has(kind: string, key: string): boolean {
    return this.#keys.has(`${kind} ${key}`);
  }

  keys(): readonly RecordKey[] {
    return [...this.#keys.values()];
  }

  resolve(): void {
    this.#deferred.resolve();
  }

  reject(error: Error): void {
    this.#deferred.reject(error);
  }
}

interface UndoEntry extends RecordKey {
  readonly undo: () => void;
}

/** What a transaction has done so far. */
interface Doing {
  readonly changes: UndoEntry[];
  readonly appends: LogEntry[];
}

class UndoJournal implements Journal, Appends {
  #doing: Doing | undefined;

  get isOpen(): boolean {
    return this.#doing !== undefined;
  }

  begin(): Doing {
    assert(!this.#doing, 'Transactions do not nest.');
    this.#doing = { changes: [], appends: [] };
    return this.#doing;
  }

  note(kind: string, key: string, undo: () => void): void {
    this.#doing?.changes.push({ kind, key, undo });
  }

  append(entry: LogEntry): void {
    assert(this.#doing, 'Logs grow inside a transaction only.');
    this.#doing.appends.push(entry);
  }

  end(): void {
    this.#doing = undefined;
  }

  undo(): void {
    const changes = this.#doing?.changes ?? [];
    this.#doing = undefined;
    for (const { undo } of changes.toReversed()) undo();
  }
}
