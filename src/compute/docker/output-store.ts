import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fargateRuntimeId } from '../../domain/task/runtime-id.ts';
import type { OutputLine } from '../compute.ts';
import { outputLines } from './output-lines.ts';

/**
 * Keeps what containers wrote after they are gone: a file each, under the directory of its task, with
 * the log as the Engine sent it.
 */
export class OutputStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** All or nothing, however often it is done and wherever it is cut off. */
  async keep(taskId: string, container: string, log: AsyncIterable<Buffer>): Promise<void> {
    const path = this.#path(taskId, container);
    const unfinished = `${path}.unfinished`;
    await mkdir(join(this.#directory, taskId), { recursive: true, mode: 0o700 });
    // The Engine sends each line by itself: a stream gathers them, where a file would be written to
    // a million times.
    await pipeline(log, createWriteStream(unfinished, { mode: 0o600, flush: true }));
    await rename(unfinished, path);
  }

  /** Nothing where nothing was kept. */
  async *read(taskId: string, container: string): AsyncGenerator<OutputLine> {
    const input = createReadStream(this.#path(taskId, container));
    try {
      yield* outputLines(input);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    } finally {
      input.destroy();
    }
  }

  async forget(taskId: string): Promise<void> {
    await rm(join(this.#directory, taskId), { recursive: true, force: true });
  }

  /** What FARGATE would call the container names the file: its own name may be longer than a file's. */
  #path(taskId: string, container: string): string {
    return join(this.#directory, taskId, `${fargateRuntimeId(taskId, container)}.log`);
  }
}
