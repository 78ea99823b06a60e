import type { OutputLine } from '../compute.ts';

/** A line with the Engine's own time of it, in RFC 3339 with nanoseconds. */
export interface StampedLine extends OutputLine {
  readonly stamp: string;
}

/** A longer line is told in pieces: what CloudWatch Logs takes as one event. */
const maximumLineBytes = 256 * 1024;

const headerBytes = 8;

/**
 * The lines in a container's log as the Engine's API sends it with timestamps: frames of one
 * message each, or (for a container with a terminal) the messages alone. The Engine cuts long lines
 * into several messages, each with a time, of which only the last ends with a line feed.
 */
export async function* outputLines(
  chunks: AsyncIterable<Buffer>,
  terminal: boolean,
): AsyncGenerator<StampedLine> {
  const open = { stdout: new OpenLine('stdout'), stderr: new OpenLine('stderr') };
  for await (const { stream, message } of terminal ? rawMessages(chunks) : frames(chunks)) {
    const line = open[stream].add(message);
    if (line) yield line;
  }
  for (const rest of [open.stdout.flush(), open.stderr.flush()]) if (rest) yield rest;
}

interface Message {
  readonly stream: 'stdout' | 'stderr';
  readonly message: Buffer;
}

async function* frames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Message> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes) {
      const end = headerBytes + rest.readUInt32BE(4);
      if (rest.length < end) break;
      const stream = rest[0] === 2 ? 'stderr' : 'stdout';
      yield { stream, message: rest.subarray(headerBytes, end) };
      rest = rest.subarray(end);
    }
  }
}

async function* rawMessages(chunks: AsyncIterable<Buffer>): AsyncGenerator<Message> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      yield { stream: 'stdout', message: rest.subarray(0, end + 1) };
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield { stream: 'stdout', message: rest };
}

/** Joins the messages of one line. */
class OpenLine {
  readonly #stream: 'stdout' | 'stderr';
  #stamp = '';
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(stream: 'stdout' | 'stderr') {
    this.#stream = stream;
  }

  add(message: Buffer): StampedLine | undefined {
    const space = message.indexOf(' ');
    if (this.#parts.length === 0) this.#stamp = message.toString('latin1', 0, space);
    const text = message.subarray(space + 1);
    this.#parts.push(text);
    this.#bytes += text.length;
    const complete = text.at(-1) === 10;
    return complete || this.#bytes >= maximumLineBytes ? this.flush() : undefined;
  }

  flush(): StampedLine | undefined {
    if (this.#parts.length === 0) return undefined;
    const text = Buffer.concat(this.#parts)
      .toString()
      .replace(/\r?\n$/, '');
    const stamp = this.#stamp;
    this.#parts = [];
    this.#bytes = 0;
    return { at: Date.parse(stamp), stream: this.#stream, text, stamp };
  }
}
