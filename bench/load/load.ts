import { quantile } from '../statistics.ts';
import { Connection, type HttpAnswer } from './connection.ts';
import { requestsOf, type Workload } from './workload.ts';

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly milliseconds: number;
  readonly workload: Workload;
  /** The length that every body must have, where that is known. */
  readonly bodyLength?: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly answered: number;
  /** How many answers were not 200, or not of the expected length. */
  readonly wrong: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Which requests, in their order, were answered with 200. */
  readonly acknowledged: readonly number[];
}

/** Sends requests over connections that each wait for their answer, until the time or the requests are over. */
export class Load {
  readonly #order: LoadOrder;
  readonly #requests: readonly Buffer[];
  readonly #repeats: boolean;
  readonly #finished = Promise.withResolvers<void>();
  readonly #latencies: number[] = [];
  readonly #acknowledged: number[] = [];
  #next = 0;
  #wrong = 0;
  #open = 0;
  #until = 0;

  constructor(order: LoadOrder) {
    this.#order = order;
    this.#requests = requestsOf(order.workload);
    this.#repeats = order.workload.kind === 'same';
  }

  async run(): Promise<LoadResult> {
    const startedAt = performance.now();
    this.#until = startedAt + this.#order.milliseconds;
    this.#open = this.#order.connections;
    const connections = Array.from({ length: this.#open }, () => this.#connect());
    await this.#finished.promise;
    const seconds = (performance.now() - startedAt) / 1000;
    for (const connection of connections) connection.close();
    return {
      requestsPerSecond: this.#latencies.length / seconds,
      answered: this.#latencies.length,
      wrong: this.#wrong,
      p50Ms: quantile(this.#latencies, 0.5),
      p99Ms: quantile(this.#latencies, 0.99),
      acknowledged: this.#repeats ? [] : this.#acknowledged,
    };
  }

  #connect(): Connection {
    let number = 0;
    let sentAt = 0;
    let isDone = false;
    const end = (): void => {
      if (isDone) return;
      isDone = true;
      this.#open -= 1;
      if (this.#open === 0) this.#finished.resolve();
    };
    const send = (): void => {
      number = this.#next;
      const request = this.#requests[this.#repeats ? 0 : number];
      sentAt = performance.now();
      if (!request || sentAt >= this.#until) return end();
      this.#next += 1;
      connection.send(request);
    };
    const connection = new Connection(
      this.#order.port,
      (answer) => {
        this.#latencies.push(performance.now() - sentAt);
        this.#take(number, answer);
        send();
      },
      end,
    );
    send();
    return connection;
  }

  #take(number: number, { status, length }: HttpAnswer): void {
    const { bodyLength = length } = this.#order;
    if (status !== 200 || length !== bodyLength) this.#wrong += 1;
    else this.#acknowledged.push(number);
  }
}
