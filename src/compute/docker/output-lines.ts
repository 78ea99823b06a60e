import type { OutputLine } from '../compute.ts';
import { MessageCutter, type Message } from './output-messages.ts';

/** A longer line is told in pieces: what CloudWatch Logs takes as one event. */
const maximumLineBytes = 256 * 1024;

/**
 * The lines in a container's log as the Engine's API sends it with timestamps. The Engine cuts long
 * lines into several messages, each with a time, of which only the last ends with a line feed.
 */
export async function* outputLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<OutputLine> {
  const open = { stdout: new OpenLine('stdout'), stderr: new OpenLine('stderr') };
  const cutter = new MessageCutter();
  for await (const chunk of chunks) {
    for (const message of cutter.add(chunk)) {
      const line = open[message.stream].add(message);
      if (line) yield line;
    }
  }
  for (const message of cutter.end()) open.stdout.add(message);
  for (const line of [open.stdout.flush(), open.stderr.flush()]) if (line) yield line;
}

/** Joins the messages of one line. */
class OpenLine {
  readonly #stream: 'stdout' | 'stderr';
  #at = 0;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(stream: 'stdout' | 'stderr') {
    this.#stream = stream;
  }

  add({ at, bytes }: Message): OutputLine | undefined {
    if (this.#parts.length === 0) this.#at = at;
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    const complete = bytes.at(-1) === 10;
    return complete || this.#bytes >= maximumLineBytes ? this.flush() : undefined;
  }

  flush(): OutputLine | undefined {
    if (this.#parts.length === 0) return undefined;
    const text = Buffer.concat(this.#parts)
      .toString()
      .replace(/\r?\n$/, '');
    this.#parts = [];
    this.#bytes = 0;
    return { at: this.#at, stream: this.#stream, text };
  }
}
