import { once, setMaxListeners } from 'node:events';
import type { State } from './state/state.ts';

/** Wakes those who wait for something new in the logs. */
export class CommitNotices {
  readonly #wake = new EventTarget();
  #count = 0;

  constructor(state: State) {
    // Whoever waits bounds how many there are.
    setMaxListeners(0, this.#wake);
    state.onCommitted(() => {
      this.#count += 1;
      this.#wake.dispatchEvent(new Event('commit'));
    });
  }

  /** How many commits there have been: noted before a look, so that none is missed in between. */
  get count(): number {
    return this.#count;
  }

  /** Resolves once there have been more commits than that; rejects when the signal says so. */
  async after(count: number, signal: AbortSignal): Promise<void> {
    if (this.#count > count) return;
    await once(this.#wake, 'commit', { signal });
  }
}
