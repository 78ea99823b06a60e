import { TimerQueue } from './timer-queue.ts';

/** A callback that waits for its moment. */
export interface Timer {
  /** Does nothing once the callback has run. */
  cancel(): void;
}

/** Time, in epoch milliseconds. */
export interface Clock {
  now(): number;

  /**
   * Calls back once at an instant, or soon where it has passed; never before `at` has returned.
   * Callbacks run in the order of their instants, and those of one instant as they were asked for.
   */
  at(instant: number, callback: () => void): Timer;
}

/** The machine's time is read at least this often, so that a clock which was set is noticed. */
const longestWaitMilliseconds = 60_000;

/** The machine's clock. All its timers share one of the event loop's. */
class SystemClock implements Clock {
  readonly #timers = new TimerQueue();
  #wake: NodeJS.Timeout | undefined;
  #wakesFor: number | undefined;

  now(): number {
    return Date.now();
  }

  at(instant: number, callback: () => void): Timer {
    const timer = this.#timers.add(instant, callback);
    this.#wait();
    return {
      cancel: () => {
        timer.cancel();
        this.#wait();
      },
    };
  }

  #wait(): void {
    const next = this.#timers.next;
    if (next === this.#wakesFor) return;
    clearTimeout(this.#wake);
    this.#wakesFor = next;
    if (next === undefined) return;
    const milliseconds = Math.min(Math.max(0, next - this.now()), longestWaitMilliseconds);
    this.#wake = setTimeout(() => this.#fire(), milliseconds);
  }

  #fire(): void {
    this.#wakesFor = undefined;
    const now = this.now();
    try {
      for (let timer = this.#timers.takeDue(now); timer; timer = this.#timers.takeDue(now)) {
        timer.callback();
      }
    } finally {
      this.#wait(); // Also where a callback threw: the others still get their turn.
    }
  }
}

export const systemClock: Clock = new SystemClock();

/** A clock that stands still until it is moved; for tests. */
export class ManualClock implements Clock {
  readonly #timers = new TimerQueue();
  #now: number;

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  at(instant: number, callback: () => void): Timer {
    return this.#timers.add(instant, callback);
  }

  /** Moves on, stopping at each timer on the way, also at those that others set meanwhile. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    while (this.#stopAtNext(end));
    this.#now = end;
  }

  /** Moves on, and at each stop waits until what the timers set off has settled. */
  async advanceSettling(milliseconds: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    while (this.#stopAtNext(end)) await settle();
    this.#now = end;
  }

  /** Goes to the next instant that has timers and runs them; says whether there was one. */
  #stopAtNext(end: number): boolean {
    const next = this.#timers.next;
    if (next === undefined || next > end) return false;
    this.#now = Math.max(this.#now, next);
    for (let timer = this.#timers.takeDue(next); timer; timer = this.#timers.takeDue(next)) {
      timer.callback();
    }
    return true;
  }
}
