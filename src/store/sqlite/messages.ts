import type {
  Batch,
  LoggedEntry,
  LogPruning,
  LogQuery,
  StoredRecord,
  StoreErrorCode,
} from '../store.ts';

/** What the thread can be asked, and what it answers. */
export interface Calls {
  open: { given: { readonly folder: string }; answer: void };
  load: { given: { readonly after: number }; answer: Chunk };
  lease: { given: { readonly holder: string }; answer: number };
  commit: { given: { readonly batch: Batch; readonly epoch: number }; answer: void };
  readLog: { given: LogQuery; answer: readonly LoggedEntry[] };
  pruneLog: { given: { readonly pruning: LogPruning; readonly epoch: number }; answer: number };
  check: { given: undefined; answer: readonly string[] };
  close: { given: undefined; answer: void };
}

export type CallName = keyof Calls;

/** Some records, with where to go on; at the end there is nothing to go on from. */
export interface Chunk {
  readonly records: readonly StoredRecord[];
  readonly next: number | undefined;
}

export type Request = {
  readonly [Name in CallName]: {
    readonly id: number;
    readonly call: Name;
    readonly given: Calls[Name]['given'];
  };
}[CallName];

export type Answer = Calls[CallName]['answer'];

export type Reply =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly failure: Failure };

/** A StoreError on its way between threads. */
export interface Failure {
  readonly code: StoreErrorCode;
  readonly message: string;
}
