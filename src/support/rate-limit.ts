export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Keys beyond these forget the oldest, who then have their full burst again. */
const mostKeys = 10_000;

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** A token bucket for each key. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether one more request of the key may pass, at a moment in milliseconds. */
  admits(key: string, now: number): boolean {
    const { burst, perSecond } = this.#rate;
    const last = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const refilled = Math.min(burst, last.tokens + ((now - last.at) / 1000) * perSecond);
    const isAdmitted = refilled >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: isAdmitted ? refilled - 1 : refilled, at: now });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= mostKeys) break;
      this.#buckets.delete(oldest);
    }
    return isAdmitted;
  }
}
