import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LogError } from '../../domain/log/log-error.ts';
import type { LogCallName, LogCalls, LogFailure } from './log-messages.ts';

/** A reply as it arrives: only its id tells what kind of answer it holds. */
type AnyReply =
  | { readonly id: number; readonly answer: never }
  | { readonly id: number; readonly failure: LogFailure };

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** Our end of the thread of the log store. Its calls are answered in order. */
export class LogThreadClient {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: Error | undefined;

  /** `onEnd` is called when the thread is gone, whatever the reason. */
  constructor(onEnd: () => void) {
    // The thread's file is TypeScript where this one is, and JavaScript where this one is compiled.
    const file = new URL(`./log-thread${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file, { name: 'logs' });
    this.#worker.on('message', (reply: AnyReply) => this.#receive(reply));
    this.#worker.on('error', (error) => this.#lose(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#lose(undefined);
        onEnd();
        resolve();
      });
    });
  }

  call<Name extends LogCallName>(
    call: Name,
    ...given: Parameters<LogCalls[Name]>
  ): Promise<ReturnType<LogCalls[Name]>> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.#worker.postMessage({ id: this.#lastId, call, given });
    });
  }

  async close(): Promise<void> {
    await this.call('close');
    await this.#exited;
  }

  #receive(reply: AnyReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (!('failure' in reply)) return waiting?.resolve(reply.answer);
    const { code, message } = reply.failure;
    const error = code ? new LogError(code, message) : new Error(`The log store: ${message}`);
    waiting?.reject(error);
  }

  #lose(cause: unknown): void {
    this.#ended ??= new Error('The thread of the log store has ended.', { cause });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
