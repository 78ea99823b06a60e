import type { RegistryToken } from '../aws/registry-token.ts';

/** A token is replaced when a quarter of its time is left, at most this long before its end. */
const replacedBeforeMs = 30 * 60 * 1000;
const mostHeld = 1_000;

interface Held {
  readonly token: RegistryToken;
  readonly replacedAt: number;
}

/** Holds tokens of registries until shortly before they end, in memory alone. */
export class RegistryTokens {
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();
  readonly #coming = new Map<string, Promise<RegistryToken>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** That of an owner; asked for once for all who need it at the time. */
  async of(owner: string, ask: () => Promise<RegistryToken>): Promise<RegistryToken> {
    const held = this.#held.get(owner);
    if (held && this.#now() < held.replacedAt) return held.token;
    const coming = this.#coming.get(owner) ?? this.#fetch(owner, ask);
    return coming;
  }

  #fetch(owner: string, ask: () => Promise<RegistryToken>): Promise<RegistryToken> {
    const fetched = ask()
      .then((token) => {
        this.#hold(owner, token);
        return token;
      })
      .finally(() => this.#coming.delete(owner));
    this.#coming.set(owner, fetched);
    return fetched;
  }

  #hold(owner: string, token: RegistryToken): void {
    const left = token.expiresAt - this.#now();
    const replacedAt = token.expiresAt - Math.min(left / 4, replacedBeforeMs);
    this.#held.delete(owner);
    this.#held.set(owner, { token, replacedAt });
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= mostHeld) break;
      this.#held.delete(oldest);
    }
  }
}
