/** So many questions may wait for the machine's resolvers, of all clients and of one. */
const most = 1_024;
const mostOfClient = 256;

/** Counts the questions that wait, so that nobody can have more of them than there is room for. */
export class Waiting {
  readonly #byAddress = new Map<string, number>();
  #all = 0;

  /** What is asked for; undefined where too much waits already. */
  async within<Result>(address: string, ask: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#all >= most || this.#of(address) >= mostOfClient) return undefined;
    this.#count(address, 1);
    try {
      return await ask();
    } finally {
      this.#count(address, -1);
    }
  }

  #of(address: string): number {
    return this.#byAddress.get(address) ?? 0;
  }

  #count(address: string, change: 1 | -1): void {
    this.#all += change;
    const own = this.#of(address) + change;
    if (own === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, own);
  }
}
