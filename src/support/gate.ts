/**
 * Lets a bounded number of works go on at a time; the others wait in the order in which they came.
 */
export class Gate {
  #limit: number;
  #active = 0;
  #ended = Promise.withResolvers<void>();
  readonly #waiting: (() => void)[] = [];
  readonly #idle: () => void;

  constructor(limit: number, idle: () => void = () => undefined) {
    this.#limit = limit;
    this.#idle = idle;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get isIdle(): boolean {
    return this.#active === 0;
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#admit();
  }

  /** Resolves when nothing goes on. */
  async settled(): Promise<void> {
    while (!this.isIdle) await this.#ended.promise;
  }

  /**
   * Work whose signal aborts before its turn is not begun, and rejects with the signal's reason.
   */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#active >= this.#limit) await this.#turn(signal);
    else this.#active++;
    try {
      return await work();
    } finally {
      this.#active--;
      this.#admit();
      this.#ended.resolve();
      this.#ended = Promise.withResolvers<void>();
      if (this.isIdle) this.#idle();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const admit = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(admit);
    });
  }

  #admit(): void {
    while (this.#active < this.#limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#active++;
      next();
    }
  }
}
