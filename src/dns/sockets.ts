import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, isIPv6, type Server } from 'node:net';
import type { Logger } from '../support/logger.ts';
import type { Transport } from './ask-upstream.ts';
import { Connections } from './connections.ts';
import { Datagrams } from './datagrams.ts';

export type AnswerMessage = (
  message: Buffer,
  address: string,
  transport: Transport,
) => Promise<Buffer | undefined>;

export interface SocketsSetting {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  readonly answer: AnswerMessage;
  readonly log: Logger;
}

/** The system chooses a free port of TCP, which need not be free for UDP. */
const mostChoices = 20;

/** Where questions come in: by UDP and by TCP, at one address and port. */
export class Sockets {
  readonly #setting: SocketsSetting;
  readonly #datagrams: DatagramSocket;
  readonly #questions: Datagrams;
  readonly #server: Server;
  readonly #connections: Connections;
  #isClosed = false;

  private constructor(setting: SocketsSetting) {
    this.#setting = setting;
    this.#datagrams = createSocket(isIPv6(setting.host) ? 'udp6' : 'udp4');
    this.#questions = new Datagrams(this.#datagrams, (message, address) =>
      this.#answer(message, address, 'udp'),
    );
    this.#connections = new Connections((message, address) =>
      this.#answer(message, address, 'tcp'),
    );
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#connections.add(socket));
  }

  /** Fails as listening does, with neither of the two left open. */
  static async open(setting: SocketsSetting): Promise<Sockets> {
    for (let choice = 1; ; choice += 1) {
      const sockets = new Sockets(setting);
      try {
        await sockets.#listen();
        return sockets;
      } catch (error) {
        await sockets.close();
        if (setting.port !== 0 || choice === mostChoices) throw error;
      }
    }
  }

  get port(): number {
    return this.#datagrams.address().port;
  }

  async #listen(): Promise<void> {
    const { host, port, log } = this.#setting;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, host, resolve);
    });
    const bound = this.#server.address();
    await new Promise<void>((resolve, reject) => {
      const same = typeof bound === 'object' && bound ? bound.port : port;
      this.#datagrams.once('error', reject).bind(same, host, resolve);
    });
    for (const socket of [this.#server, this.#datagrams]) {
      socket.on('error', (error: Error) => log.warn({ error }, 'The resolver had an error.'));
    }
  }

  /** One question that cannot be answered is no reason not to answer the others. */
  async #answer(message: Buffer, address: string, transport: Transport) {
    const { answer, log } = this.#setting;
    try {
      return await answer(message, address, transport);
    } catch (error) {
      log.error({ error }, 'A question of DNS could not be answered.');
      return undefined;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connections.close();
    await Promise.all([
      new Promise<void>((resolve) => this.#server.close(() => resolve())),
      this.#questions.close(),
    ]);
  }
}
