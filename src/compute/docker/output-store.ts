import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonLines } from './json-lines.ts';
import type { StampedLine } from './output-lines.ts';

/** As it is kept: the time is the Engine's stamp, of which the other form follows. */
type KeptLine = Omit<StampedLine, 'at'>;

/** So much is gathered before it is written. */
const writeChars = 64 * 1024;

/**
 * Keeps what containers wrote after they are gone: a file each, under the directory of its task.
 */
export class OutputStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** All or nothing, however often it is done and wherever it is cut off. */
  async keep(taskId: string, runtimeId: string, lines: AsyncIterable<StampedLine>): Promise<void> {
    const path = this.#path(taskId, runtimeId);
    const unfinished = `${path}.unfinished`;
    await mkdir(join(this.#directory, taskId), { recursive: true, mode: 0o700 });
    const file = await open(unfinished, 'w', 0o600);
    try {
      let buffer = '';
      for await (const { stamp, stream, text } of lines) {
        const line: KeptLine = { stamp, stream, text };
        buffer += `${JSON.stringify(line)}\n`;
        if (buffer.length < writeChars) continue;
        await file.writeFile(buffer);
        buffer = '';
      }
      await file.writeFile(buffer);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  }

  /** Nothing where nothing was kept. */
  async *read(taskId: string, runtimeId: string): AsyncGenerator<StampedLine> {
    const input = createReadStream(this.#path(taskId, runtimeId));
    try {
      for await (const line of jsonLines<KeptLine>(input)) {
        yield { ...line, at: Date.parse(line.stamp) };
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    } finally {
      input.destroy();
    }
  }

  async forget(taskId: string): Promise<void> {
    await rm(join(this.#directory, taskId), { recursive: true, force: true });
  }

  /** A runtime id names the file: a container's own name may be longer than a file's. */
  #path(taskId: string, runtimeId: string): string {
    return join(this.#directory, taskId, `${runtimeId}.jsonl`);
  }
}
