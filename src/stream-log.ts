import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommitNotices } from './commit-notices.ts';

/** One line of a log as it is told, and the cursor that goes on behind it. */
export interface LogLine {
  readonly cursor: string;
  /** Absent where the reader has not asked for it. */
  readonly value?: object;
}

export interface LogReading {
  /** At most `limit` lines behind a cursor, oldest first; none where there are no more yet. */
  readonly read: (after: string | undefined, limit: number) => Promise<readonly LogLine[]>;
  readonly after: string | undefined;
  readonly follow: boolean;
  /** No more lines than this are told. */
  readonly limit: number;
}

const linesPerPage = 200;
/** A follower looks no more often than this, however many commits there are. */
const restMs = 25;
const keepAliveMs = 60_000;
/** Each follower holds a connection open. */
const mostFollowers = 100;

/** Tells a log over HTTP: as lines of JSON, or as server-sent events to those who accept them. */
export class LogStreams {
  readonly #notices: CommitNotices;
  #followers = 0;

  constructor(notices: CommitNotices) {
    this.#notices = notices;
  }

  get isFull(): boolean {
    return this.#followers >= mostFollowers;
  }

  async tell(
    reading: LogReading,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const format = acceptsEvents(request) ? formats.sse : formats.lines;
    const first = await reading.read(reading.after, Math.min(reading.limit, linesPerPage));
    response.writeHead(200, { 'content-type': format.type, 'x-content-type-options': 'nosniff' });
    response.flushHeaders();
    if (reading.follow) {
      // A follower waits for as long as nothing happens; one that has vanished is found out.
      request.socket.setTimeout(0);
      request.socket.setKeepAlive(true, keepAliveMs);
      this.#followers += 1;
    }
    try {
      await this.#tellAll(reading, first, { response, write: format.write, signal: gone.signal });
      response.end();
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      if (reading.follow) this.#followers -= 1;
    }
  }

  async #tellAll(
    { read, after, follow, limit }: LogReading,
    first: readonly LogLine[],
    { response, write, signal }: Listener,
  ): Promise<void> {
    let cursor = after;
    let left = limit;
    let page = first;
    while (!signal.aborted) {
      const wanted = page.filter(({ value }) => value !== undefined).slice(0, left);
      const text = wanted.map(write).join('');
      if (text !== '' && !response.write(text)) await drained(response);
      left -= wanted.length;
      if (left <= 0) return;
      cursor = page.at(-1)?.cursor ?? cursor;
      if (page.length === 0) {
        if (!follow) return;
        await delay(restMs, undefined, { signal });
      }
      const seen = this.#notices.count;
      page = await read(cursor, linesPerPage);
      if (page.length === 0 && follow) await this.#notices.after(seen, signal);
    }
  }
}

interface Listener {
  readonly response: ServerResponse;
  readonly write: (line: LogLine) => string;
  readonly signal: AbortSignal;
}

async function drained(response: ServerResponse): Promise<void> {
  if (response.closed) return;
  await Promise.race([once(response, 'drain'), once(response, 'close')]);
}

function acceptsEvents({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/event-stream') ?? false;
}

const formats = {
  lines: {
    type: 'application/x-ndjson; charset=utf-8',
    write: ({ cursor, value }: LogLine): string => `${JSON.stringify({ cursor, ...value })}\n`,
  },
  sse: {
    type: 'text/event-stream; charset=utf-8',
    write: ({ cursor, value }: LogLine): string =>
      `id: ${cursor}\ndata: ${JSON.stringify(value)}\n\n`,
  },
} as const;
