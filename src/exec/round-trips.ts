const firstMs = 100;
const firstTimeoutMs = 200;
const longestTimeoutMs = 1000;
const leastVariationMs = 10;

/** How long an acknowledgement is waited for: the rule of both official ends, after that of TCP (RFC 6298). */
export class RoundTrips {
  #meanMs = firstMs;
  #variationMs = 0;
  #timeoutMs = firstTimeoutMs;

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  measured(sampleMs: number): void {
    this.#variationMs = 0.75 * this.#variationMs + 0.25 * Math.abs(this.#meanMs - sampleMs);
    this.#meanMs = 0.875 * this.#meanMs + 0.125 * sampleMs;
    const patience = this.#meanMs + Math.max(leastVariationMs, 4 * this.#variationMs);
    this.#timeoutMs = Math.min(longestTimeoutMs, Math.ceil(patience));
  }
}
