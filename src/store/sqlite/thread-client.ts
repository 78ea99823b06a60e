import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreError } from '../store.ts';
import type { CallName, Calls, Failure } from './messages.ts';

/** A reply as it arrives: only its id tells what kind of answer it holds. */
type AnyReply =
  | { readonly id: number; readonly answer: never }
  | { readonly id: number; readonly failure: Failure };

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** Our end of the thread that does the disk's work. Its calls are answered in order. */
export class ThreadClient {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #refusal: StoreError | undefined;

  constructor() {
    // The thread's file is TypeScript where this one is, and JavaScript where this one is compiled.
    const file = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file, { name: 'store' });
    this.#worker.on('message', (reply: AnyReply) => this.#receive(reply));
    this.#worker.on('error', (error) => this.#lose(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#lose(undefined);
        resolve();
      });
    });
  }

  call<Name extends CallName>(
    call: Name,
    given: Calls[Name]['given'],
  ): Promise<Calls[Name]['answer']> {
    if (this.#refusal) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.#worker.postMessage({ id: this.#lastId, call, given });
    });
  }

  /** Lets the thread finish what was asked of it, then end. */
  async close(): Promise<void> {
    const closing = this.call('close', undefined);
    this.#refusal = new StoreError('closed', 'The store is closed.');
    await closing;
    await this.#exited;
  }

  /** Ends the thread at once. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(reply: AnyReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('failure' in reply) {
      waiting?.reject(new StoreError(reply.failure.code, reply.failure.message));
    } else {
      waiting?.resolve(reply.answer);
    }
  }

  #lose(cause: unknown): void {
    const message = 'The thread of the store has ended unexpectedly.';
    this.#refusal ??= new StoreError('unavailable', message, { cause });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#refusal);
    this.#waiting.clear();
  }
}
