/**
 * The durable contract. An engine keeps records and logs, and knows nothing of what they mean;
 * every engine behaves as `test/store/conformance.ts` says.
 */

export interface RecordKey {
  readonly kind: string;
  readonly key: string;
}

/**
 * A record as the store sees it: text of a numbered form, under a kind and a key. All text is
 * well-formed Unicode. Keys that ascend with the time of creation are the cheapest to add.
 */
export interface StoredRecord extends RecordKey {
  readonly form: number;
  readonly body: string;
}

/** A line of an append-only log: what happened to one subject, at whole epoch milliseconds. */
export interface LogEntry {
  readonly log: string;
  readonly subject: string;
  readonly at: number;
  readonly body: string;
}

/** What becomes durable together: the deletes, then the puts, then the appends, each in order. */
export interface Batch {
  readonly puts: readonly StoredRecord[];
  readonly deletes: readonly RecordKey[];
  readonly appends: readonly LogEntry[];
}

/** The place of an entry among its subject's, valid in both reading orders. Opaque. */
export type LogCursor = string;

/** Entries are ordered by their time, and those of the same time as they were appended. */
export interface LogQuery {
  readonly log: string;
  readonly subject: string;
  readonly order: 'newest-first' | 'oldest-first';
  /** Go on behind this entry, in the order of reading. */
  readonly after?: LogCursor | undefined;
  /** Only entries of this time or later. */
  readonly since?: number | undefined;
  /** Only entries earlier than this time. */
  readonly until?: number | undefined;
  readonly limit: number;
}

export interface LoggedEntry {
  readonly cursor: LogCursor;
  readonly at: number;
  readonly body: string;
}

export interface LogPruning {
  readonly log: string;
  /** Entries earlier than this time go, the oldest first. */
  readonly before: number;
  readonly limit: number;
}

/** The right to write. It ends when somebody takes a later one. */
export interface Lease {
  readonly epoch: number;
}

export interface Store {
  /** Every record, in bounded chunks and no particular order. For use before the first commit. */
  load(): AsyncIterable<readonly StoredRecord[]>;

  /**
   * Makes `holder` the one writer, under an epoch above all earlier ones, also of other openings.
   * An engine that several processes may open waits here until the writer before has gone.
   */
  lease(holder: string): Promise<Lease>;

  /**
   * Resolves when the batch is durable, whole. One commit is in flight at a time. One that rejects
   * has left the old state, except that a disk which failed at the last step may show the batch,
   * whole, when it is next opened. Every later commit is refused then, as it may build on what was
   * lost: close the store and open it again.
   */
  commit(batch: Batch, epoch: number): Promise<void>;

  /**
   * At most `limit` entries of a subject; fewer than that are the last.
   * @throws RangeError where `after` is no cursor
   */
  readLog(query: LogQuery): Promise<readonly LoggedEntry[]>;

  /** Deletes at most `limit` old entries and tells how many; fewer than that were the last. */
  pruneLog(pruning: LogPruning, epoch: number): Promise<number>;

  /** Looks the whole store over for damage: what and where, nothing where it is sound. Slow. */
  check(): Promise<readonly string[]>;

  /** Finishes what was begun, then lets go of everything. Later calls are refused. */
  close(): Promise<void>;
}

export type StoreErrorCode =
  /** Another process has the store open. */
  | 'in-use'
  /** A later version of this program has written it. */
  | 'newer-format'
  /** The stored bytes are damaged. */
  | 'corrupt'
  /** There is no room left on the disk. */
  | 'full'
  /** The disk, the file or the engine does not do its work. */
  | 'unavailable'
  /** The epoch is over: another holds the lease. */
  | 'fenced'
  /** An earlier commit failed. */
  | 'failed'
  | 'closed';

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
