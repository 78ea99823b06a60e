import type { EventPlace } from '../domain/log/event-place.ts';
import type { Clock } from '../support/clock.ts';
import type { Logger } from '../support/logger.ts';
import type { FoundEvent, StreamKey } from './log-store.ts';
import type { Logs } from './logs.ts';

interface Destination {
  readonly accountId: string;
  readonly region: string;
  readonly group: string;
  readonly stream?: string;
  readonly createGroup: boolean;
}

interface Batch {
  readonly times: readonly number[];
  readonly messages: readonly string[];
  readonly source: string;
  readonly position: string;
}

const eventsPerPage = 1000;
const pageBytes = 1024 * 1024;

/** Takes what containers of tasks write: compute's way to the logs. */
export class TaskLogs {
  readonly #logs: Logs;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(logs: Logs, { clock, log }: { readonly clock: Clock; readonly log: Logger }) {
    this.#logs = logs;
    this.#clock = clock;
    this.#log = log;
  }

  async open(destination: Destination): Promise<'opened' | 'no-group'> {
    const { store } = this.#logs;
    const key = keyOf(destination);
    if (destination.createGroup) {
      const createdAt = this.#clock.now();
      await store.createGroup({ ...key, createdAt, logGroupClass: 'STANDARD', tags: {} });
    }
    if (destination.stream === undefined) {
      return (await store.findGroup(key)) ? 'opened' : 'no-group';
    }
    const outcome = await store.createStream(key, this.#clock.now());
    return outcome === 'no-group' ? 'no-group' : 'opened';
  }

  positionOf(source: string): Promise<string | undefined> {
    return this.#logs.store.positionOf(source);
  }

  /** A stream that was deleted meanwhile is made again; without its group, events have no place. */
  async append(destination: Destination, batch: Batch): Promise<void> {
    const { times, messages, source, position } = batch;
    const entry = {
      ...keyOf(destination),
      events: { times, messages },
      ingestedAt: this.#clock.now(),
      progress: { source, position },
    };
    if ((await this.#logs.append(entry)) === 'appended') return;
    const opened = await this.open(destination);
    if (opened === 'opened' && (await this.#logs.append(entry)) === 'appended') return;
    const { group, stream } = destination;
    const fields = { group, stream, lost: messages.length };
    this.#log.warn(fields, 'The log group of a container is gone: what it writes is lost.');
  }

  forget(source: string): Promise<void> {
    return this.#logs.store.forgetSource(source);
  }

  async *read(destination: Destination): AsyncGenerator<{ at: number; text: string }> {
    const key = keyOf(destination);
    let from: EventPlace | undefined;
    do {
      const page = await this.#logs.store.read({
        ...key,
        streams: [key.stream],
        direction: 'forward',
        ...(from && { from }),
        limit: eventsPerPage,
        maximumBytes: pageBytes,
      });
      if (typeof page === 'string') return;
      yield* page.events.map(eventOf);
      from = page.more;
    } while (from);
  }

  async readLast(destination: Destination, count: number) {
    const { stream, ...key } = keyOf(destination);
    const page = await this.#logs.store.read({
      ...key,
      streams: [stream],
      direction: 'backward',
      limit: count,
      maximumBytes: pageBytes,
    });
    return typeof page === 'string' ? [] : page.events.toReversed().map(eventOf);
  }
}

function eventOf({ place, message }: FoundEvent): { at: number; text: string } {
  return { at: place.at, text: message };
}

function keyOf({ accountId, region, group, stream = '' }: Destination): StreamKey {
  return { scope: { accountId, region }, group, stream };
}
