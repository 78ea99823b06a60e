import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fargateRuntimeId } from '../../domain/task/runtime-id.ts';
import type { OutputLine } from '../compute.ts';
import type { LogDestination } from '../log-sink.ts';
import { outputLines } from './output-lines.ts';

/** Enough for some lines of the greatest length that the Engine does not cut, and for very many short ones. */
const tailBytes = 128 * 1024;

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
  async keep(taskId: string, container: string, log: AsyncIterable<Buffer>): Promise<void> {
    const path = this.#path(taskId, container);
    const unfinished = `${path}.unfinished`;
    await mkdir(join(this.#directory, taskId), { recursive: true, mode: 0o700 });
    // The Engine sends each line by itself: a stream gathers them, where a file would be written to
    // a million times.
    await pipeline(log, createWriteStream(unfinished, { mode: 0o600, flush: true }));
    await rename(unfinished, path);
  }

  /** Says which stream of the logs has what a container wrote. */
  async refer(taskId: string, container: string, stream: LogDestination): Promise<void> {
    await mkdir(join(this.#directory, taskId), { recursive: true, mode: 0o700 });
    const file = this.#path(taskId, container, 'stream');
    await writeFile(`${file}.unfinished`, JSON.stringify(stream), { mode: 0o600 });
    await rename(`${file}.unfinished`, file);
  }

  async reference(taskId: string, container: string): Promise<LogDestination | undefined> {
    try {
      const stream: LogDestination = JSON.parse(
        await readFile(this.#path(taskId, container, 'stream'), 'utf8'),
      );
      return stream;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Nothing where nothing was kept. */
  async *read(taskId: string, container: string): AsyncGenerator<OutputLine> {
    const input = createReadStream(this.#path(taskId, container));
    try {
      yield* outputLines(input);
    } catch (error) {
      if (!isMissing(error)) throw error;
    } finally {
      input.destroy();
    }
  }

  /** The lines at the end of what was kept: those that its last part has. */
  async *readTail(taskId: string, container: string): AsyncGenerator<OutputLine> {
    let file: FileHandle;
    try {
      file = await open(this.#path(taskId, container));
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    try {
      const { size } = await file.stat();
      const position = Math.max(0, size - tailBytes);
      const bytes = Buffer.alloc(size - position);
      await file.read({ buffer: bytes, position });
      const end = position === 0 ? bytes : fromFirstMessage(bytes);
      yield* outputLines(streamOf(end));
    } finally {
      await file.close();
    }
  }

  async forget(taskId: string): Promise<void> {
    await rm(join(this.#directory, taskId), { recursive: true, force: true });
  }

  /** What FARGATE would call the container names the file: its own name may be longer than a file's. */
  #path(taskId: string, container: string, kind: 'log' | 'stream' = 'log'): string {
    return join(this.#directory, taskId, `${fargateRuntimeId(taskId, container)}.${kind}`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The beginning of a message: the head of its frame, unless it is of a terminal, then its time. */
const beginning =
  // eslint-disable-next-line no-control-regex -- frames begin with control characters
  /(?:[\x01\x02]\0{3}[\s\S]{4}|\n)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z /;

/** A part of a log begins in the midst of a message: what can be read begins with the next one. */
function fromFirstMessage(bytes: Buffer): Buffer {
  const found = beginning.exec(bytes.toString('latin1'));
  if (!found) return Buffer.alloc(0);
  return bytes.subarray(found.index + (found[0].startsWith('\n') ? 1 : 0));
}

async function* streamOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
