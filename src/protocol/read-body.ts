import type { IncomingMessage } from 'node:http';
import {
  malformedGzip,
  requestTooLarge,
  throttled,
  unsupportedEncoding,
} from './front-door-errors.ts';
import type { FrontDoorError } from './front-door-errors.ts';
import type { DoorLimits } from './limits.ts';

/** A body as it came, over which its signature is, and as it is meant. */
export interface Body {
  readonly sent: Buffer;
  readonly content: Buffer;
}

/** Who is told about a body. One of the three is called, once. */
export interface BodyReceiver {
  onBody(body: Body): void;
  onRefused(error: FrontDoorError): void;
  /** The client went away before it had sent all. */
  onGone(): void;
}

type Encoding = 'identity' | 'gzip';

/** Reads bodies, within the bounds on one and on all that are being read. */
export class BodyReader {
  readonly #limits: DoorLimits;
  #bufferedBytes = 0;

  constructor(limits: DoorLimits) {
    this.#limits = limits;
  }

  /** What is left of a refused body flows by unread until the request's time is up. */
  read(request: IncomingMessage, receiver: BodyReceiver): void {
    const encoding = encodingOf(request);
    if (encoding === undefined) return receiver.onRefused(unsupportedEncoding());
    if (Number(request.headers['content-length'] ?? 0) > this.#limits.bodyBytes) {
      return receiver.onRefused(requestTooLarge(this.#limits.bodyBytes));
    }

    const chunks: Buffer[] = [];
    let length = 0;
    let open = true;
    const finish = (): void => {
      open = false;
      this.#bufferedBytes -= length;
    };
    request.on('data', (chunk: Buffer) => {
      if (!open) return;
      const excess = this.#excess(length + chunk.length, chunk.length);
      if (excess !== undefined) {
        finish();
        return receiver.onRefused(excess);
      }
      chunks.push(chunk);
      length += chunk.length;
      this.#bufferedBytes += chunk.length;
    });
    request.on('end', () => {
      if (!open) return;
      finish();
      this.#finish(encoding, joined(chunks, length), receiver);
    });
    request.on('close', () => {
      if (!open) return;
      finish();
      receiver.onGone();
    });
  }

  #excess(length: number, added: number): FrontDoorError | undefined {
    if (length > this.#limits.bodyBytes) return requestTooLarge(this.#limits.bodyBytes);
    return this.#bufferedBytes + added > this.#limits.bufferedBytes ? throttled() : undefined;
  }

  #finish(encoding: Encoding, sent: Buffer, receiver: BodyReceiver): void {
    if (encoding === 'identity') return receiver.onBody({ sent, content: sent });
    void this.#inflate(sent, receiver);
  }

  /** Few clients compress, so what it takes is loaded when the first one does. */
  async #inflate(sent: Buffer, receiver: BodyReceiver): Promise<void> {
    const { gunzip } = await import('node:zlib');
    // Node stops at this length, so that a small body cannot blow up into a large one.
    gunzip(sent, { maxOutputLength: this.#limits.bodyBytes }, (error, content) => {
      if (error === null) return receiver.onBody({ sent, content });
      receiver.onRefused(
        isTooLong(error) ? requestTooLarge(this.#limits.bodyBytes) : malformedGzip(),
      );
    });
  }
}

function encodingOf(request: IncomingMessage): Encoding | undefined {
  const name = request.headers['content-encoding'];
  if (name === undefined || name === 'identity') return 'identity';
  return name === 'gzip' ? 'gzip' : undefined;
}

function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, length);
}

function isTooLong(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
