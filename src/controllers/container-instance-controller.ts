import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { inactiveInstanceRetentionMs } from './retention.ts';

/** Forgets deregistered container instances in time. */
export class ContainerInstanceController implements Controller {
  readonly name = 'container-instance';
  readonly #state: State;
  readonly #clock: Clock;

  constructor({ state, clock }: { readonly state: State; readonly clock: Clock }) {
    this.#state = state;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'container-instance' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    for (const instance of this.#state.read.containerInstances.inactive()) yield instance.arn;
  }

  reconcile(key: string): Next {
    return this.#state.transact((tx) => {
      const instance = tx.containerInstances.find(key);
      if (instance?.status !== 'INACTIVE') return settled;
      const until = (instance.deregisteredAt ?? 0) + inactiveInstanceRetentionMs;
      if (until > this.#clock.now()) return lookAgain(until);
      tx.containerInstances.delete(instance);
      return settled;
    });
  }
}
