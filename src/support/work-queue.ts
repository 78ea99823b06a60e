export interface WorkQueueOptions {
  /** How many keys may be worked on at once. */
  readonly parallelLimit: number;
  readonly work: (key: string) => Promise<void> | void;
  /** Takes what `work` throws; the key is not tried again unless it is added again. */
  readonly onError: (key: string, error: unknown) => void;
}

/** After this many keys the event loop gets a turn, so that a long queue does not starve it. */
const keysPerTurn = 64;

/**
 * Works on keys in the order of adding, several at once but never twice at once on the same key. A
 * key that is added while it waits is merged with itself; one that is added while it is worked on
 * is worked on once more afterwards.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  /** In order of adding; a Set keeps it. */
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  /** Added while running. */
  readonly #again = new Set<string>();
  #idleListeners: (() => void)[] = [];
  #isScheduled = false;
  #isClosed = false;
  #leftOfTurn = keysPerTurn;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** How many keys wait for their turn. */
  get length(): number {
    return this.#waiting.size + this.#again.size;
  }

  /** Never runs work before it returns. */
  add(key: string): void {
    if (this.#isClosed) return;
    if (this.#running.has(key)) {
      this.#again.add(key);
    } else {
      this.#waiting.add(key);
      this.#schedule();
    }
  }

  /** Resolves when nothing waits or runs. */
  onIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleListeners.push(resolve);
      this.#tellWhenIdle();
    });
  }

  /** Drops what waits, and what is added later; resolves when what runs has ended. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.clear();
    this.#again.clear();
    return this.onIdle();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#leftOfTurn = keysPerTurn;
      this.#start();
    });
  }

  #start(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.parallelLimit) return;
      if (this.#leftOfTurn === 0) {
        this.#schedule();
        return;
      }
      this.#leftOfTurn -= 1;
      this.#waiting.delete(key);
      this.#running.add(key);
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    try {
      await this.#options.work(key);
    } catch (error) {
      this.#options.onError(key, error);
    } finally {
      this.#running.delete(key);
      if (this.#again.delete(key)) this.#waiting.add(key);
      this.#start();
      this.#tellWhenIdle();
    }
  }

  #tellWhenIdle(): void {
    if (this.#waiting.size > 0 || this.#running.size > 0) return;
    const listeners = this.#idleListeners;
    this.#idleListeners = [];
    for (const tell of listeners) tell();
  }
}
