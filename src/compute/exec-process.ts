import type { Task } from '../domain/task/task.ts';

/** A command that is to be run in a container of a task, in a terminal. */
export interface ExecOrder {
  readonly task: Task;
  readonly container: string;
  readonly command: string;
}

/** A command that runs in a container's terminal. */
export interface ExecProcess {
  /** What the terminal shows, until the command has ended. */
  readonly output: AsyncIterable<Buffer>;
  /** Whether more is typed than is read: then no more is to be written. */
  readonly isFull: boolean;
  write(bytes: Buffer): void;
  resize(columns: number, rows: number): void;
  /** Ends the command, as hanging up ends a terminal. */
  hangUp(): Promise<void>;
}

/** Begins a command; rejects with the words of the host where it cannot be. */
export type StartExec = (order: ExecOrder) => Promise<ExecProcess>;
