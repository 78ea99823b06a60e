import type { Instant } from '../../domain/instant.ts';
import type { Logger } from '../../support/logger.ts';
import { EngineError, EngineUnreachable } from './engine.ts';

/** An Engine that stays away is told of this often. */
const repeatMs = 60_000;

/** Tells of an Engine that is away: when it goes, and then from time to time. */
export class Absence {
  readonly #engine: string;
  readonly #log: Logger;
  #since: Instant | undefined;
  #toldAt = 0;

  constructor(engine: string, log: Logger) {
    this.#engine = engine;
    this.#log = log;
  }

  /** It was not to be reached. */
  noticed(error: unknown, now: Instant): void {
    const engine = this.#engine;
    if (this.#since === undefined) {
      this.#since = now;
      this.#toldAt = now;
      // What is not the Engine's doing is a fault of ours, and needs its stack.
      const why = isOfEngine(error) ? { reason: reasonOf(error) } : { error };
      this.#log.warn({ engine, ...why }, 'The Docker Engine is away.');
    } else if (now - this.#toldAt >= repeatMs) {
      this.#toldAt = now;
      const forSeconds = Math.round((now - this.#since) / 1000);
      const reason = reasonOf(error);
      this.#log.warn({ engine, forSeconds, reason }, 'The Docker Engine is still away.');
    }
  }

  ended(): void {
    this.#since = undefined;
  }
}

function isOfEngine(error: unknown): boolean {
  return error instanceof EngineUnreachable || error instanceof EngineError;
}

/** The words of what lies behind all else. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
