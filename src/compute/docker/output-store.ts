import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { OutputLine } from '../compute.ts';
import type { LogDestination } from '../log-sink.ts';
import { outputLines } from './output-lines.ts';

/**
 * Keeps what containers wrote after they are gone: a file each, under the directory of its task, with
 * the log as the Engine sent it, or with the name of the log stream that has it.
 */
export class OutputStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** All or nothing, however often it is done and wherever it is cut off. */
  async keep(taskId: string, runtimeId: string, log: AsyncIterable<Buffer>): Promise<void> {
    const path = this.#path(taskId, runtimeId);
    const unfinished = `${path}.unfinished`;
    await mkdir(join(this.#directory, taskId), { recursive: true, mode: 0o700 });
    // The Engine sends each line by itself: a stream gathers them, where a file would be written to
    // a million times.
    await pipeline(log, createWriteStream(unfinished, { mode: 0o600, flush: true }));
    await rename(unfinished, path);
  }

  /** Says which stream of the logs has what a container wrote. */
  async refer(taskId: string, runtimeId: string, stream: LogDestination): Promise<void> {
    await mkdir(join(this.#directory, taskId), { recursive: true, mode: 0o700 });
    const file = this.#path(taskId, runtimeId, 'stream');
    await writeFile(`${file}.unfinished`, JSON.stringify(stream), { mode: 0o600 });
    await rename(`${file}.unfinished`, file);
  }

  async reference(taskId: string, runtimeId: string): Promise<LogDestination | undefined> {
    try {
      const stream: LogDestination = JSON.parse(
        await readFile(this.#path(taskId, runtimeId, 'stream'), 'utf8'),
      );
      return stream;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Nothing where nothing was kept. */
  async *read(taskId: string, runtimeId: string): AsyncGenerator<OutputLine> {
    const input = createReadStream(this.#path(taskId, runtimeId));
    try {
      yield* outputLines(input);
    } catch (error) {
      if (!isMissing(error)) throw error;
    } finally {
      input.destroy();
    }
  }

  async forget(taskId: string): Promise<void> {
    await rm(join(this.#directory, taskId), { recursive: true, force: true });
  }

  /** A runtime id names the file: a container's own name may be longer than a file's. */
  #path(taskId: string, runtimeId: string, kind: 'log' | 'stream' = 'log'): string {
    return join(this.#directory, taskId, `${runtimeId}.${kind}`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
