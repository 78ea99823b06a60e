import { execLog } from '../domain/task/execute-command.ts';
import { eventLog, type State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, type Controller, type Next } from './controller.ts';
import { serviceEventLog } from './put-service.ts';
import { taskHistoryLog } from './task-history.ts';

const keptLogs = [eventLog, serviceEventLog, taskHistoryLog, execLog];
const msPerDay = 24 * 60 * 60 * 1000;
const pruneEveryMs = 60 * 60 * 1000;
/** A server that starts has other things to do first. */
const firstPruneAfterMs = 500;
/** So many entries go at a time, so that requests are not held up. */
const entriesPerStep = 200;
/** The next of several steps comes after this. */
const stepMs = 50;

export interface LogControllerParts {
  readonly state: State;
  readonly clock: Clock;
  /** For how long the operator wants history to be kept. */
  readonly historyDays: number;
}

/** Takes out of the logs what is older than the operator wants to keep. */
export class LogController implements Controller {
  readonly name = 'log';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #keptMs: number;
  readonly #firstPruneAt: number;

  constructor({ state, clock, historyDays }: LogControllerParts) {
    this.#state = state;
    this.#clock = clock;
    this.#keptMs = historyDays * msPerDay;
    this.#firstPruneAt = clock.now() + firstPruneAfterMs;
  }

  /** What is in the logs grows old by itself. */
  keysOf(): readonly string[] {
    return [];
  }

  allKeys(): Iterable<string> {
    return keptLogs;
  }

  async reconcile(log: string): Promise<Next> {
    if (this.#clock.now() < this.#firstPruneAt) return lookAgain(this.#firstPruneAt);
    const before = this.#clock.now() - this.#keptMs;
    const pruned = await this.#state.pruneLog({ log, before, limit: entriesPerStep });
    const wait = pruned === entriesPerStep ? stepMs : pruneEveryMs;
    return lookAgain(this.#clock.now() + wait);
  }
}
