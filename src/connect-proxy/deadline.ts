import type { Clock, Timer } from '../support/clock.ts';

export interface DeadlineSetting {
  readonly clock: Clock;
  /** 0 for none. */
  readonly idleMs: number;
  readonly expire: (why: 'idle' | 'late') => void;
}

/** Watches over something in which nothing may stand still for long, and that may have to end by a certain time. */
export class Deadline {
  readonly #setting: DeadlineSetting;
  #movedAt: number;
  #endsAt = Infinity;
  #timer: Timer | undefined;

  constructor(setting: DeadlineSetting) {
    this.#setting = setting;
    this.#movedAt = setting.clock.now();
    this.#wait();
  }

  moved(): void {
    this.#movedAt = this.#setting.clock.now();
  }

  /** From now on it has this long. */
  endsIn(milliseconds: number): void {
    this.#endsAt = this.#setting.clock.now() + milliseconds;
    this.#timer?.cancel();
    this.#wait();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  get #idleAt(): number {
    const { idleMs } = this.#setting;
    return idleMs === 0 ? Infinity : this.#movedAt + idleMs;
  }

  #wait(): void {
    const next = Math.min(this.#idleAt, this.#endsAt);
    if (next !== Infinity) this.#timer = this.#setting.clock.at(next, () => this.#look());
  }

  #look(): void {
    const { clock, expire } = this.#setting;
    const now = clock.now();
    if (now >= this.#endsAt) expire('late');
    else if (now >= this.#idleAt) expire('idle');
    else this.#wait();
  }
}
