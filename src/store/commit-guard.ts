import { assert } from '../support/assert.ts';
import { StoreError } from './store.ts';

/** Lets one commit through at a time, and none after one that failed. */
export class CommitGuard {
  #inFlight = false;
  #failure: unknown;

  async run(commit: () => Promise<void>): Promise<void> {
    assert(!this.#inFlight, 'a commit is in flight already');
    if (this.#failure !== undefined) {
      const cause = this.#failure;
      throw new StoreError('failed', 'Refused, because an earlier commit failed.', { cause });
    }
    this.#inFlight = true;
    try {
      await commit();
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#inFlight = false;
    }
  }
}
