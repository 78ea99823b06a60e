import type { RecordKey, State } from '../state/state.ts';
import { backoffMilliseconds } from '../support/backoff.ts';
import type { Clock, Timer } from '../support/clock.ts';
import type { Controller, Next } from './controller.ts';

/** A turn of the event loop is given back after this long, so that requests are not held up. */
const turnMs = 5;
/** Everything is looked at this often, in case a notice was lost. */
const fullPassMs = 5 * 60_000;
const retries = { firstMilliseconds: 200, longestMilliseconds: 30_000 };

export interface ControllerLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface ControllerLoopOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly log: ControllerLog;
  readonly controllers: readonly Controller[];
}

/** Runs the controllers: owns their queues, merges keys, retries what fails, and looks at everything now and then. */
export class ControllerLoop {
  readonly #state: State;
  readonly #clock: Clock;
  readonly #queues: readonly ControllerQueue[];
  #turn: NodeJS.Immediate | undefined;
  #fullPass: Timer | undefined;
  #stopped = false;

  constructor({ state, clock, log, controllers }: ControllerLoopOptions) {
    this.#state = state;
    this.#clock = clock;
    const wake = (): void => this.#wake();
    this.#queues = controllers.map(
      (controller) => new ControllerQueue({ controller, clock, log, wake }),
    );
  }

  start(): void {
    if (this.#stopped) return;
    this.#state.onCommitted((changed) => this.#notice(changed));
    this.#lookAtEverything();
  }

  /** Begins nothing new, and resolves when what is under way has come to its end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#turn) clearImmediate(this.#turn);
    this.#fullPass?.cancel();
    await Promise.all(this.#queues.map((queue) => queue.close()));
  }

  /** How many keys wait for each controller, for `/metrics`. */
  depths(): ReadonlyMap<string, number> {
    return new Map(this.#queues.map((queue) => [queue.name, queue.depth]));
  }

  #notice(changed: readonly RecordKey[]): void {
    for (const queue of this.#queues) queue.notice(changed);
  }

  #lookAtEverything(): void {
    for (const queue of this.#queues) queue.addAll();
    this.#fullPass = this.#clock.at(this.#clock.now() + fullPassMs, () => this.#lookAtEverything());
  }

  #wake(): void {
    if (this.#turn || this.#stopped) return;
    this.#turn = setImmediate(() => this.#runTurn());
  }

  #runTurn(): void {
    this.#turn = undefined;
    const until = performance.now() + turnMs;
    for (const queue of this.#queues) queue.run(until);
    if (this.#queues.some((queue) => queue.depth > 0)) this.#wake();
  }
}

interface QueueOptions {
  readonly controller: Controller;
  readonly clock: Clock;
  readonly log: ControllerLog;
  readonly wake: () => void;
}

/** The keys that wait for one controller. A key is in hand once at a time. */
class ControllerQueue {
  readonly #controller: Controller;
  readonly #clock: Clock;
  readonly #log: ControllerLog;
  readonly #wake: () => void;
  readonly #waiting = new Set<string>();
  readonly #inHand = new Map<string, Promise<void>>();
  /** Keys that were noticed while they were in hand. */
  readonly #noticed = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, Timer>();

  constructor({ controller, clock, log, wake }: QueueOptions) {
    this.#controller = controller;
    this.#clock = clock;
    this.#log = log;
    this.#wake = wake;
  }

  get name(): string {
    return this.#controller.name;
  }

  get depth(): number {
    return this.#waiting.size;
  }

  notice(changed: readonly RecordKey[]): void {
    for (const record of changed) {
      for (const key of this.#controller.keysOf(record)) this.#add(key);
    }
  }

  addAll(): void {
    for (const key of this.#controller.allKeys()) this.#add(key);
  }

  /** Resolves when nothing is in hand any more; no timer is left then. */
  async close(): Promise<void> {
    await Promise.all(this.#inHand.values());
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  run(until: number): void {
    for (const key of this.#waiting) {
      this.#waiting.delete(key);
      this.#reconcile(key);
      if (performance.now() >= until) return;
    }
  }

  #add(key: string): void {
    if (this.#inHand.has(key)) {
      this.#noticed.add(key);
      return;
    }
    this.#waiting.add(key);
    this.#wake();
  }

  #reconcile(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    try {
      const next = this.#controller.reconcile(key);
      if (!(next instanceof Promise)) return this.#succeeded(key, next);
      this.#inHand.set(key, this.#await(key, next));
    } catch (error) {
      this.#failed(key, error);
    }
  }

  async #await(key: string, pending: Promise<Next>): Promise<void> {
    try {
      const next = await pending;
      this.#inHand.delete(key);
      this.#succeeded(key, next);
    } catch (error) {
      this.#inHand.delete(key);
      this.#failed(key, error);
    }
    if (this.#noticed.delete(key)) this.#add(key);
  }

  #succeeded(key: string, next: Next): void {
    this.#failures.delete(key);
    if (next.kind === 'LookAgain') this.#lookAgain(key, next.at);
  }

  #failed(key: string, error: unknown): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#log.error({ controller: this.name, key, failures, error }, 'A controller failed.');
    const delay = backoffMilliseconds(failures, retries, Math.random);
    this.#lookAgain(key, this.#clock.now() + delay);
  }

  #lookAgain(key: string, at: number): void {
    this.#timers.set(
      key,
      this.#clock.at(at, () => {
        this.#timers.delete(key);
        this.#add(key);
      }),
    );
  }
}
