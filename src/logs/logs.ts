import type { Clock, Timer } from '../support/clock.ts';
import type { Logger } from '../support/logger.ts';
import { LiveTail, type TailQuery } from './live-tail.ts';
import type { LogBatch, LogStore, MissingLog } from './log-store.ts';

export interface LogsSetting {
  readonly store: LogStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Beyond this the oldest events go, whatever their groups' retention. */
  readonly maximumBytes: number;
}

const firstPruneMs = 60_000;
const pruneEveryMs = 10 * 60_000;
/** So little at a time that those who write hardly notice. */
const prunedBlocksPerStep = 200;

/** The logs of this server: the store, those who watch it, and what keeps it from growing for ever. */
export class Logs {
  readonly store: LogStore;
  readonly #setting: LogsSetting;
  readonly #tails = new Set<LiveTail>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(setting: LogsSetting) {
    this.store = setting.store;
    this.#setting = setting;
    this.#pruneAfter(firstPruneMs);
  }

  /** Resolves when the events are durable. */
  async append(batch: LogBatch): Promise<'appended' | MissingLog> {
    const outcome = await this.store.append(batch);
    if (outcome === 'appended') for (const tail of this.#tails) tail.offer(batch);
    return outcome;
  }

  watch(query: TailQuery): LiveTail {
    const tail = new LiveTail(query);
    this.#tails.add(tail);
    return tail;
  }

  unwatch(tail: LiveTail): void {
    this.#tails.delete(tail);
  }

  /** Removes what is too old or too much until nothing is. */
  async prune(): Promise<void> {
    const { clock, maximumBytes } = this.#setting;
    const step = { maximumBytes, limit: prunedBlocksPerStep };
    while (!this.#isClosed) {
      const pruned = await this.store.prune({ ...step, now: clock.now() });
      if (pruned < prunedBlocksPerStep) return;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.store.close();
  }

  #pruneAfter(waitMs: number): void {
    const { clock, log } = this.#setting;
    this.#timer = clock.at(clock.now() + waitMs, () => {
      this.prune()
        .catch((error: unknown) => log.warn({ error }, 'Logs could not be pruned.'))
        .finally(() => {
          if (!this.#isClosed) this.#pruneAfter(pruneEveryMs);
        });
    });
  }
}
