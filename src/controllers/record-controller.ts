import type { Instant } from '../domain/instant.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import type { ReadonlyTables } from '../state/tables.ts';
import type { Clock } from '../support/clock.ts';
import type { Controller, Next } from './controller.ts';

export interface RecordControllerParts {
  readonly state: State;
  readonly clock: Clock;
}

/** Takes care of records of one kind, each by itself: only the record that changes is worth a look. */
export abstract class RecordController implements Controller {
  /** The kind of its records. */
  abstract readonly name: string;
  readonly #state: State;
  readonly #clock: Clock;

  constructor({ state, clock }: RecordControllerParts) {
    this.#state = state;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === this.name ? [key] : [];
  }

  allKeys(): Iterable<string> {
    return this.unsettled(this.#state.read);
  }

  reconcile(key: string): Next {
    return this.#state.transact((tx) => this.settle(tx, key, this.#clock.now()));
  }

  /** The keys of the records that may need a look. */
  protected abstract unsettled(read: ReadonlyTables): Iterable<string>;

  protected abstract settle(tx: Transaction, key: string, now: Instant): Next;
}
