import type { ClientRequest, IncomingMessage } from 'node:http';

/** What is kept of a body, so that it can be sent again. */
const mostKeptBytes = 64 * 1024;

/** The body of a request on its way: no faster than the endpoint takes it, and from its beginning to another endpoint. */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #onData: (bytes: number) => void;
  #kept: Buffer[] | undefined = [];
  #bytes = 0;
  #hasEnded: boolean;
  #isRead = false;
  #target: ClientRequest | undefined;

  constructor(request: IncomingMessage, onData: (bytes: number) => void) {
    this.#request = request;
    this.#onData = onData;
    const { headers } = request;
    this.#hasEnded =
      headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
  }

  get bytes(): number {
    return this.#bytes;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether another endpoint can be sent all of it. */
  get isReplayable(): boolean {
    return this.#kept !== undefined;
  }

  sendTo(target: ClientRequest): void {
    this.#target = target;
    for (const chunk of this.#kept ?? []) target.write(chunk);
    if (this.#hasEnded) {
      target.end();
      return;
    }
    this.#read();
    this.#request.resume();
  }

  /** Until it is sent to another endpoint. */
  hold(): void {
    this.#target = undefined;
    if (!this.#hasEnded) this.#request.pause();
  }

  /** It is not sent again. */
  settle(): void {
    this.#kept = undefined;
  }

  /** What still comes of it is thrown away. */
  discard(): void {
    this.#target = undefined;
    this.#kept = undefined;
    this.#request.resume();
  }

  #read(): void {
    if (this.#isRead) return;
    this.#isRead = true;
    this.#request.on('data', (chunk: Buffer) => this.#pass(chunk));
    this.#request.once('end', () => {
      this.#hasEnded = true;
      this.#onData(0);
      const target = this.#target;
      if (!target || target.destroyed) return;
      const trailers = this.#request.rawTrailers;
      if (trailers.length > 0) target.addTrailers(this.#request.trailers);
      target.end();
    });
  }

  #pass(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > mostKeptBytes) this.#kept = undefined;
    this.#kept?.push(chunk);
    this.#onData(chunk.length);
    const target = this.#target;
    if (!target || target.destroyed || target.write(chunk)) return;
    this.#request.pause();
    target.once('drain', () => {
      if (this.#target === target) this.#request.resume();
    });
  }
}
