/** One message of a container's log: a line, or a piece of one that the Engine has cut. */
export interface Message {
  readonly stream: 'stdout' | 'stderr';
  /** In milliseconds since the Unix epoch. */
  readonly at: number;
  /** With its line feed, where it has one. */
  readonly bytes: Buffer;
}

const headerBytes = 8;

/** The Engine cuts lines into pieces of this size. */
const pieceBytes = 16 * 1024;

/** The time before each message. */
const stamp = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;

const lineFeed = 10;
/** Where the milliseconds of a time stand, and what ends one in UTC, as the Engine writes all. */
const millisecondsAt = 20;
const zoneAt = 29;

/**
 * Cuts a container's log, as the Engine's API sends it with timestamps, into its messages: frames of
 * one message each, or (for a container with a terminal) the messages alone.
 */
export class MessageCutter {
  #rest: Buffer = Buffer.alloc(0);
  #isFramed: boolean | undefined;
  readonly #clock = new TimeReader();

  /** The messages that are complete with this chunk. */
  *add(chunk: Buffer): Generator<Message> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    // A frame begins with the number of its stream, a message alone with the year of its time.
    this.#isFramed ??= (bytes[0] ?? 0) <= 2;
    const cut = this.#isFramed ? cutFrame : cutMessage;
    let start = 0;
    for (let next = cut(bytes, start); next; next = cut(bytes, start)) {
      yield this.#message(next.stream, bytes.subarray(next.from, next.end));
      start = next.end;
    }
    this.#rest = bytes.subarray(start);
  }

  /** What is left where the log ends: without frames, a message that has no line feed. */
  *end(): Generator<Message> {
    if (this.#isFramed === false && this.#rest.length > 0) {
      yield this.#message('stdout', this.#rest);
    }
    this.#rest = Buffer.alloc(0);
  }

  #message(stream: Message['stream'], bytes: Buffer): Message {
    const space = bytes[zoneAt + 1] === 32 ? zoneAt + 1 : bytes.indexOf(32);
    return { stream, at: this.#clock.read(bytes, space), bytes: bytes.subarray(space + 1) };
  }
}

interface Cut {
  readonly stream: Message['stream'];
  readonly from: number;
  /** Where the next one begins. */
  readonly end: number;
}

/** Finds the message that begins at a place, if it is there to its end. */
function cutFrame(bytes: Buffer, start: number): Cut | undefined {
  const from = start + headerBytes;
  if (bytes.length < from) return undefined;
  const end = from + bytes.readUInt32BE(start + 4);
  if (bytes.length < end) return undefined;
  return { stream: bytes[start] === 2 ? 'stderr' : 'stdout', from, end };
}

function cutMessage(bytes: Buffer, start: number): Cut | undefined {
  const text = bytes.indexOf(' ', start) + 1;
  if (text === 0) return undefined;
  const lineEnd = bytes.indexOf(lineFeed, text) + 1;
  const isShort = lineEnd !== 0 && lineEnd - text <= pieceBytes;
  const end = isShort ? lineEnd : pieceEnd(bytes, text + pieceBytes, lineEnd);
  return end === 0 ? undefined : { stream: 'stdout', from: start, end };
}

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

/** Lines come many to a second: its date is read once. */
class TimeReader {
  #second = '';
  #at = 0;

  read(bytes: Buffer, space: number): number {
    if (space !== zoneAt + 1 || bytes[zoneAt] !== 90) {
      return Date.parse(bytes.toString('latin1', 0, space));
    }
    const second = bytes.toString('latin1', 0, millisecondsAt - 1);
    if (second !== this.#second) {
      this.#second = second;
      this.#at = Date.parse(`${second}Z`);
    }
    const digit = (place: number) => (bytes[millisecondsAt + place] ?? 48) - 48;
    return this.#at + digit(0) * 100 + digit(1) * 10 + digit(2);
  }
}
