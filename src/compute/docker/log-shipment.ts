import type { Clock, Timer } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';
import type { LogDestination, LogSink } from '../log-sink.ts';
import { delay } from './delay.ts';
import { EngineError, type Engine } from './engine.ts';
import { LogReading } from './log-reading.ts';
import { MessageCutter } from './output-messages.ts';

export interface ShipmentSetting {
  readonly engine: Engine;
  readonly sink: LogSink;
  readonly clock: Clock;
  readonly log: Logger;
  readonly containerId: string;
  readonly destination: LogDestination;
  readonly eventStart: RegExp | undefined;
}

/** Events wait so long for others, so that many lines are one write. */
const gatherMs = 100;
/** What waits beyond this is written before more is read: the rest waits in the Engine's file. */
const mostWaitingBytes = 512 * 1024;
/** An event of several lines is complete when nothing has come for so long (Docker's driver too). */
const openEventMs = 5_000;
const firstRetryMs = 500;
const longestRetryMs = 10_000;
/** How long the Engine may take to end what it sends of a container that has ended. */
const followEndMs = 1_000;

/**
 * Brings what one container writes to the logs: each line once, whatever is interrupted, because
 * how far it has been read becomes durable with the lines. The Engine keeps what was not read yet
 * in its file, so that no container waits for us.
 */
export class LogShipment {
  readonly #setting: ShipmentSetting;
  readonly #closed = new AbortController();
  #reading: LogReading | undefined;
  #following: Promise<void> | undefined;
  #finishing: Promise<void> | undefined;
  #followed = new AbortController();
  #appending: Promise<void> | undefined;
  #gathering: Timer | undefined;
  #expiry: Timer | undefined;

  constructor(setting: ShipmentSetting) {
    this.#setting = setting;
  }

  get destination(): LogDestination {
    return this.#setting.destination;
  }

  /** Reads from where it was left, until the container ends. It does so already where it follows. */
  follow(): void {
    if (this.#following || this.#finishing || this.#closed.signal.aborted) return;
    this.#followed = new AbortController();
    const { signal } = this.#followed;
    this.#following = this.#persist(() => this.#read(true, signal), signal).finally(() => {
      this.#following = undefined;
    });
  }

  /** Resolves when all that the container wrote, which has ended, is durable. */
  finish(): Promise<void> {
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  async #finish(): Promise<void> {
    const { clock } = this.#setting;
    const over = new AbortController();
    const ended = Promise.resolve(this.#following).finally(() => over.abort());
    await Promise.race([ended, delay(clock, followEndMs, over.signal)]);
    this.#followed.abort();
    await ended;
    // A stream that follows may end before the last lines: what it has left is read without it.
    const { signal } = this.#closed;
    await this.#persist(() => this.#read(false, signal), signal);
    this.#reading?.end();
    await this.#flush();
  }

  /** Leaves it all as it is: another process goes on. */
  close(): void {
    this.#closed.abort();
    this.#followed.abort();
    this.#gathering?.cancel();
    this.#expiry?.cancel();
  }

  /** Tries until it is done, or given up. */
  async #persist(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const { clock, log, containerId } = this.#setting;
    for (let wait = firstRetryMs; !signal.aborted; wait = Math.min(wait * 2, longestRetryMs)) {
      try {
        return await work();
      } catch (error) {
        // Somebody has removed the container: there is no more of it.
        if (error instanceof EngineError && error.statusCode === 404) return;
        if (signal.aborted) return;
        log.warn({ error, containerId }, 'The output of a container is read later.');
        await delay(clock, wait, signal);
      }
    }
  }

  async #read(follow: boolean, signal: AbortSignal): Promise<void> {
    const { engine, containerId } = this.#setting;
    const reading = await this.#open();
    await this.#flush();
    const since = reading.begin();
    const chunks = await engine.logs(containerId, { follow, since, signal });
    const cutter = new MessageCutter();
    for await (const chunk of chunks) {
      for (const message of cutter.add(chunk)) reading.add(message);
      if (reading.waitingBytes > mostWaitingBytes) await this.#flush();
      else this.#flushSoon(reading);
    }
    for (const message of cutter.end()) reading.add(message);
    await this.#flush();
  }

  async #open(): Promise<LogReading> {
    const { sink, containerId, eventStart } = this.#setting;
    this.#reading ??= new LogReading(await sink.positionOf(containerId), eventStart);
    return this.#reading;
  }

  #flushSoon(reading: LogReading): void {
    const { clock } = this.#setting;
    this.#gathering ??= clock.at(clock.now() + gatherMs, () => {
      this.#gathering = undefined;
      void this.#flush();
    });
    this.#expiry?.cancel();
    if (!reading.hasOpenEvent) return;
    this.#expiry = clock.at(clock.now() + openEventMs, () => {
      reading.closeEvent();
      void this.#flush();
    });
  }

  /** Resolves when nothing waits any more, or all is given up. */
  async #flush(): Promise<void> {
    while (this.#appending) await this.#appending;
    const { reading } = { reading: this.#reading };
    if (!reading || reading.waitingBytes === 0) return;
    const { sink, destination, containerId: source } = this.#setting;
    const { events, position } = reading.take();
    const { times, messages } = events;
    const append = () => sink.append(destination, { times, messages, source, position });
    this.#appending = this.#persist(append, this.#closed.signal);
    await this.#appending;
    this.#appending = undefined;
  }
}
