import { connect, type Socket } from 'node:net';
import { host } from './signed-request.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Length of the body in bytes. */
  readonly length: number;
  /** The bytes of the answer, valid until the next one. */
  readonly bytes: Buffer;
}

const headEnd = Buffer.from('\r\n\r\n');
const lengthHeader = /\r\ncontent-length: (\d+)/i;

/** One keep-alive connection with one request under way at a time: as little client as there can be. */
export class Connection {
  readonly #socket: Socket;
  readonly #onAnswer: (answer: HttpAnswer) => void;
  #received: Buffer | undefined;
  #headLength = 0;
  #bodyLength = 0;

  constructor(port: number, onAnswer: (answer: HttpAnswer) => void, onLost: () => void) {
    this.#onAnswer = onAnswer;
    this.#socket = connect(port, host);
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('error', () => undefined); // Followed by 'close'.
    this.#socket.on('close', onLost);
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    const bytes = this.#received ? Buffer.concat([this.#received, chunk]) : chunk;
    if (this.#headLength === 0 && !this.#readHead(bytes)) {
      this.#received = bytes;
      return;
    }
    if (bytes.length < this.#headLength + this.#bodyLength) {
      this.#received = bytes;
      return;
    }
    this.#received = undefined;
    this.#headLength = 0;
    const status = Number(bytes.toString('latin1', 9, 12));
    this.#onAnswer({ status, length: this.#bodyLength, bytes });
  }

  #readHead(bytes: Buffer): boolean {
    const end = bytes.indexOf(headEnd);
    if (end === -1) return false;
    this.#headLength = end + headEnd.length;
    this.#bodyLength = Number(lengthHeader.exec(bytes.toString('latin1', 0, end))?.[1] ?? 0);
    return true;
  }
}
