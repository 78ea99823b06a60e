import type { OutputLine } from '../compute.ts';

/** A longer line is told in pieces: what CloudWatch Logs takes as one event. */
const maximumLineBytes = 256 * 1024;

const headerBytes = 8;

/** The Engine cuts lines into pieces of this size. */
const pieceBytes = 16 * 1024;

/** The time before each message. */
const stamp = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;

/**
 * The lines in a container's log as the Engine's API sends it with timestamps: frames of one
 * message each, or (for a container with a terminal) the messages alone. The Engine cuts long lines
 * into several messages, each with a time, of which only the last ends with a line feed.
 */
export async function* outputLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<OutputLine> {
  const open = { stdout: new OpenLine('stdout'), stderr: new OpenLine('stderr') };
  let cut: Cut | undefined;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    // A frame begins with the number of its stream, a message alone with the year of its time.
    cut ??= (rest[0] ?? 0) <= 2 ? cutFrame : cutMessage;
    let start = 0;
    for (let next = cut(rest, start); next; next = cut(rest, start)) {
      start = next.end;
      const line = open[next.stream].add(next.message);
      if (line) yield line;
    }
    rest = rest.subarray(start);
  }
  if (cut === cutMessage && rest.length > 0) open.stdout.add(rest);
  for (const line of [open.stdout.flush(), open.stderr.flush()]) if (line) yield line;
}

interface Message {
  readonly stream: 'stdout' | 'stderr';
  readonly message: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/** Finds the message that begins at a place, if it is there to its end. */
type Cut = (bytes: Buffer, start: number) => Message | undefined;

const cutFrame: Cut = (bytes, start) => {
  const from = start + headerBytes;
  if (bytes.length < from) return undefined;
  const end = from + bytes.readUInt32BE(start + 4);
  if (bytes.length < end) return undefined;
  const stream = bytes[start] === 2 ? 'stderr' : 'stdout';
  return { stream, message: bytes.subarray(from, end), end };
};

const cutMessage: Cut = (bytes, start) => {
  const text = bytes.indexOf(' ', start) + 1;
  if (text === 0) return undefined;
  const lineEnd = bytes.indexOf('\n', text) + 1;
  const isShort = lineEnd !== 0 && lineEnd - text <= pieceBytes;
  const end = isShort ? lineEnd : pieceEnd(bytes, text + pieceBytes, lineEnd);
  return end === 0 ? undefined : { stream: 'stdout', message: bytes.subarray(start, end), end };
};

/**
 * Where a piece of a long line ends: at the time of the next one, or with the line. Zero where that is
 * not known yet. (It can be longer than the Engine's pieces: a character that was cut apart is written
 * as two that take more room.)
 */
function pieceEnd(bytes: Buffer, from: number, lineEnd: number): number {
  const to = lineEnd === 0 ? bytes.length : lineEnd;
  const found = bytes.toString('latin1', from, to).search(stamp);
  return found < 0 ? lineEnd : from + found;
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

  add(message: Buffer): OutputLine | undefined {
    const space = message.indexOf(' ');
    if (this.#parts.length === 0) this.#at = Date.parse(message.toString('latin1', 0, space));
    const text = message.subarray(space + 1);
    this.#parts.push(text);
    this.#bytes += text.length;
    const complete = text.at(-1) === 10;
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
