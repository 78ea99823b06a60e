import { clientTokenLifetimeMs } from '../domain/task/client-token.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';

/** A client token is kept for a day, or as long as one of its tasks is remembered if that is shorter. */
export class ClientTokenController implements Controller {
  readonly name = 'client-token';
  readonly #state: State;
  readonly #clock: Clock;

  constructor({ state, clock }: { readonly state: State; readonly clock: Clock }) {
    this.#state = state;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'client-token' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    for (const token of this.#state.read.clientTokens.values()) yield token.key;
  }

  reconcile(key: string): Next {
    return this.#state.transact((tx) => {
      const token = tx.clientTokens.find(key);
      if (!token) return settled;
      const until = token.createdAt + clientTokenLifetimeMs;
      const remembered = token.taskArns.some((arn) => tx.tasks.findByArn(arn));
      if (remembered && until > this.#clock.now()) return lookAgain(until);
      tx.clientTokens.delete(token);
      return settled;
    });
  }
}
