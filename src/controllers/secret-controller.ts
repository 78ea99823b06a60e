import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';

/** Removes secrets that are marked for deletion when their recovery windows end. */
export class SecretController implements Controller {
  readonly name = 'secret';
  readonly #state: State;
  readonly #clock: Clock;

  constructor({ state, clock }: { readonly state: State; readonly clock: Clock }) {
    this.#state = state;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'secret' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    for (const { arn } of this.#state.read.secrets.deleted()) yield arn;
  }

  reconcile(arn: string): Next {
    return this.#state.transact((tx) => {
      const secret = tx.secrets.find(arn);
      if (!secret?.deletion) return settled;
      const { goneAt } = secret.deletion;
      if (goneAt > this.#clock.now()) return lookAgain(goneAt);
      tx.secrets.delete(secret);
      tx.sealedValues.keepOnly(arn, new Set());
      return settled;
    });
  }
}
