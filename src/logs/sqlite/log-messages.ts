import type { LogErrorCode } from '../../domain/log/log-error.ts';
import type { LogBatch, LogTables, MissingLog } from '../log-store.ts';

/** What the thread can be asked: what the tables can do, and to append several batches at once. */
export interface LogCalls extends LogTables {
  open(folder: string | undefined): void;
  append(batches: readonly LogBatch[]): readonly ('appended' | MissingLog)[];
  close(): void;
}

export type LogCallName = keyof LogCalls;

export type LogRequest = {
  readonly [Name in LogCallName]: {
    readonly id: number;
    readonly call: Name;
    readonly given: Parameters<LogCalls[Name]>;
  };
}[LogCallName];

/** An error on its way between threads; one that the caller is told about has a code. */
export interface LogFailure {
  readonly code: LogErrorCode | undefined;
  readonly message: string;
}

export type LogReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: LogFailure };
