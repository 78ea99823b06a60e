import { Connection, type HttpAnswer } from './load/connection.ts';
import { signedRequest, type Key } from './load/signed-request.ts';

export interface ApiAnswer<Output> {
  readonly output: Output;
  /** Length of the body in bytes. */
  readonly length: number;
}

/** Calls the API one request after the other, over one connection, or another where the server has closed it meanwhile. */
export class Api {
  readonly #port: number;
  readonly #key: Key;
  #connection: Connection | undefined;
  #answer: PromiseWithResolvers<HttpAnswer> | undefined;

  constructor(port: number, key: Key) {
    this.#port = port;
    this.#key = key;
  }

  /** @throws where the answer is not 200 */
  async call<Output>(operation: string, input: object): Promise<ApiAnswer<Output>> {
    this.#answer = Promise.withResolvers();
    this.#connection ??= this.#connect();
    this.#connection.send(signedRequest({ operation, input, key: this.#key }));
    const { status, length, bytes } = await this.#answer.promise;
    const text = bytes.toString('utf8', bytes.length - length);
    if (status !== 200) throw new Error(`${operation} was answered with ${status}: ${text}`);
    return { output: JSON.parse(text), length };
  }

  close(): void {
    this.#connection?.close();
  }

  #connect(): Connection {
    return new Connection(
      this.#port,
      (answer) => this.#answer?.resolve(answer),
      () => {
        this.#connection = undefined;
        this.#answer?.reject(new Error('The server has closed the connection.'));
      },
    );
  }
}
