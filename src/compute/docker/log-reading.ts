import type { Message } from './output-messages.ts';

/** A longer event is cut: CloudWatch's 256 KiB, less what it adds to each (Docker's driver does so). */
const maximumEventBytes = 256 * 1024 - 26;
/** Messages of two streams may be out of order by far less than this. */
const disorderMs = 2_000;
/** Times that go back by less are those of another stream: the order of writing counts. */
const clampedMs = 1_000;
const lineFeed = 10;
const carriageReturn = 13;

/** Events that are to be appended. */
export interface EventColumns {
  times: number[];
  messages: string[];
  bytes: number;
}

/** An event of several lines, or a line, that is not complete yet. A line's text is its bytes. */
interface Open {
  at: number;
  text: string;
}

/** How far a container's log has been read; kept as text with the events. */
interface Position {
  /** All messages so far, and so many of those from `since` on: these are passed over next time. */
  total: number;
  since: number;
  skip: number;
  latest: number;
  stdout?: Open;
  stderr?: Open;
  event?: Open;
}

const beginning: Position = { total: 0, since: 0, skip: 0, latest: 0 };

/**
 * Makes events of a container's messages, and knows at any moment where to go on. The Engine can be
 * asked for messages from a time on, but times are neither all different nor all in order: so it is a
 * time some seconds back, and the number of messages since then.
 */
export class LogReading {
  readonly #position: Position;
  readonly #eventStart: RegExp | undefined;
  /** The next place to go on from, once it is old enough that nothing older comes any more. */
  #mark: { since: number; skip: number };
  #toSkip = 0;
  #lastAt = 0;
  #events: EventColumns = { times: [], messages: [], bytes: 0 };

  constructor(position: string | undefined, eventStart: RegExp | undefined) {
    const known: Position = position === undefined ? beginning : JSON.parse(position);
    this.#position = { ...known };
    this.#eventStart = eventStart;
    this.#mark = { since: known.latest + 1, skip: 0 };
  }

  /** What is waiting to be appended, in bytes. */
  get waitingBytes(): number {
    return this.#events.bytes;
  }

  get hasOpenEvent(): boolean {
    return this.#position.event !== undefined;
  }

  /** Begins a new look at the log; returns the time from which on the Engine is to be asked. */
  begin(): number {
    this.#toSkip = this.#position.skip;
    return this.#position.since;
  }

  add({ stream, at, bytes }: Message): void {
    if (this.#toSkip > 0) {
      this.#toSkip -= 1;
      return;
    }
    this.#count(at);
    if (bytes.at(-1) !== lineFeed) return this.#keepOpen(stream, at, bytes.toString('latin1'));
    const open = this.#position[stream];
    if (open === undefined) return this.#addLine(at, lineOf(bytes));
    delete this.#position[stream];
    this.#addLine(open.at, lineOf(Buffer.concat([Buffer.from(open.text, 'latin1'), bytes])));
  }

  /** No more lines come for what is open. */
  closeEvent(): void {
    const { event } = this.#position;
    delete this.#position.event;
    if (event) this.#addEvent(event.at, event.text);
  }

  /** The container has ended: what has no line feed is complete. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const open = this.#position[stream];
      delete this.#position[stream];
      if (open) this.#addLine(open.at, lineOf(Buffer.from(open.text, 'latin1')));
    }
    this.closeEvent();
  }

  /** Takes what is waiting, with the position behind it. */
  take(): { readonly events: EventColumns; readonly position: string } {
    const events = inOrder(this.#events);
    this.#events = { times: [], messages: [], bytes: 0 };
    return { events, position: JSON.stringify(this.#position) };
  }

  #count(at: number): void {
    const position = this.#position;
    position.total += 1;
    if (at >= position.since) position.skip += 1;
    else {
      // The clock was set back: only the number of all messages is sure.
      position.since = 0;
      position.skip = position.total;
    }
    position.latest = Math.max(position.latest, at);
    if (at >= this.#mark.since) this.#mark.skip += 1;
    if (at > this.#mark.since + disorderMs) {
      position.since = this.#mark.since;
      position.skip = this.#mark.skip;
      this.#mark = { since: position.latest + 1, skip: 0 };
    }
  }

  #keepOpen(stream: 'stdout' | 'stderr', at: number, text: string): void {
    const open = this.#position[stream];
    if (!open) {
      this.#position[stream] = { at, text };
    } else if (open.text.length + text.length > maximumEventBytes) {
      this.#position[stream] = { at, text };
      this.#addLine(open.at, lineOf(Buffer.from(open.text, 'latin1')));
    } else {
      open.text += text;
    }
  }

  #addLine(at: number, line: string): void {
    if (!this.#eventStart) return this.#addEvent(at, line);
    const { event } = this.#position;
    const isFull = event && event.text.length + line.length > maximumEventBytes;
    if (isFull || this.#eventStart.test(line)) this.closeEvent();
    const open = (this.#position.event ??= { at, text: '' });
    open.text += `${line}\n`;
  }

  /** CloudWatch takes no empty event, and so an empty line is none. */
  #addEvent(at: number, text: string): void {
    const isBackALittle = at < this.#lastAt && this.#lastAt - at < clampedMs;
    const orderedAt = isBackALittle ? this.#lastAt : at;
    this.#lastAt = orderedAt;
    for (let rest = text; rest !== '';) {
      const part = cutText(rest);
      this.#events.times.push(orderedAt);
      this.#events.messages.push(part);
      this.#events.bytes += part.length;
      rest = rest.slice(part.length);
    }
  }
}

/** The text of a line, without what ends it. */
function lineOf(bytes: Buffer): string {
  const end = bytes.at(-1) === lineFeed ? (bytes.at(-2) === carriageReturn ? -2 : -1) : undefined;
  return bytes.subarray(0, end).toString();
}

/** As much of a text as one event can hold; no character is cut in two. */
function cutText(text: string): string {
  // No character takes more than three bytes for each of its units.
  if (text.length * 3 <= maximumEventBytes) return text;
  if (Buffer.byteLength(text) <= maximumEventBytes) return text;
  const bytes = Buffer.from(text);
  let end = maximumEventBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** A batch is in order; those of one time stay as they were written. */
function inOrder(events: EventColumns): EventColumns {
  const { times, messages, bytes } = events;
  if (times.every((at, index) => index === 0 || at >= (times[index - 1] ?? 0))) return events;
  const order = times.map((_, index) => index);
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  return {
    times: order.map((index) => times[index] ?? 0),
    messages: order.map((index) => messages[index] ?? ''),
    bytes,
  };
}
