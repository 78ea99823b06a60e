import type { MessageFilter } from '../domain/log/message-filter.ts';
import type { LogBatch, LogScope } from './log-store.ts';

/** Live Tail shows so many events a second, and says when there were more. */
const mostEventsPerUpdate = 500;

export interface TailQuery {
  readonly scope: LogScope;
  readonly groups: ReadonlySet<string>;
  readonly isWanted: (stream: string) => boolean;
  readonly matches: MessageFilter;
}

export interface TailedEvent {
  readonly group: string;
  readonly stream: string;
  readonly at: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/** What has come since the last look. */
export interface TailUpdate {
  readonly events: readonly TailedEvent[];
  /** Some events were left out. */
  readonly sampled: boolean;
}

/** One who watches events as they are stored. */
export class LiveTail {
  readonly #query: TailQuery;
  #events: TailedEvent[] = [];
  #sampled = false;

  constructor(query: TailQuery) {
    this.#query = query;
  }

  offer({ scope, group, stream, events, ingestedAt }: LogBatch): void {
    const { scope: wanted, groups, isWanted, matches } = this.#query;
    const isOurs = scope.accountId === wanted.accountId && scope.region === wanted.region;
    if (!isOurs || !groups.has(group) || !isWanted(stream)) return;
    for (const [index, message] of events.messages.entries()) {
      if (!matches(message)) continue;
      if (this.#events.length === mostEventsPerUpdate) {
        this.#sampled = true;
        return;
      }
      this.#events.push({ group, stream, at: events.times[index] ?? 0, ingestedAt, message });
    }
  }

  take(): TailUpdate {
    const update = { events: this.#events, sampled: this.#sampled };
    this.#events = [];
    this.#sampled = false;
    return update;
  }
}
