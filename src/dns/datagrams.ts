import type { Socket } from 'node:dgram';

type AnswerDatagram = (message: Buffer, address: string) => Promise<Buffer | undefined>;

/** Answers the questions that come by UDP. */
export class Datagrams {
  readonly #socket: Socket;
  readonly #answer: AnswerDatagram;
  #isClosed = false;

  constructor(socket: Socket, answer: AnswerDatagram) {
    this.#socket = socket;
    this.#answer = answer;
    socket.on('message', (message, { address, port }) => {
      // Nobody listens at port 0 (RFC 768), and nothing can be sent there.
      if (port !== 0) void this.#reply(message, address, port);
    });
  }

  async #reply(message: Buffer, address: string, port: number): Promise<void> {
    const reply = await this.#answer(message, address);
    // That it does not arrive is what a client of UDP reckons with.
    if (reply && !this.#isClosed) this.#socket.send(reply, port, address, () => undefined);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => this.#socket.close(resolve));
  }
}
