import type { Socket } from 'node:net';
import { FrameReader, framed } from './frames.ts';

/** Of all clients and of one. */
const mostConnections = 256;
const mostOfClient = 16;
/** A client that has asked so many questions is not heard before it has been sent an answer. */
const mostUnanswered = 16;
const idleMs = 10_000;

type AnswerFramed = (message: Buffer, address: string) => Promise<Buffer | undefined>;

/** The connections of clients that ask by TCP: any number of questions, answered in the order in which that is done. */
export class Connections {
  readonly #answer: AnswerFramed;
  readonly #open = new Map<Socket, string>();

  constructor(answer: AnswerFramed) {
    this.#answer = answer;
  }

  add(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const own = [...this.#open.values()].filter((other) => other === address).length;
    socket.on('error', () => socket.destroy());
    if (this.#open.size >= mostConnections || own >= mostOfClient) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, address);
    socket.on('close', () => this.#open.delete(socket));
    socket.setTimeout(idleMs, () => socket.destroy());
    void this.#serve(socket, address);
  }

  close(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  /** Reads no further while too much waits for its answer. */
  async #serve(socket: Socket, address: string): Promise<void> {
    const unanswered = new Set<Promise<void>>();
    const reader = new FrameReader();
    try {
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
        for (const message of reader.take(chunk)) {
          const answered = this.#reply(socket, message, address).finally(() => {
            unanswered.delete(answered);
          });
          unanswered.add(answered);
          while (unanswered.size >= mostUnanswered) await Promise.race(unanswered);
        }
      }
      await Promise.all(unanswered);
      socket.end();
    } catch {
      // The client is gone.
      socket.destroy();
    }
  }

  /** Resolves once the client has taken it. */
  async #reply(socket: Socket, message: Buffer, address: string): Promise<void> {
    const reply = await this.#answer(message, address);
    if (!reply || !socket.writable) return;
    await new Promise<void>((resolve) => socket.write(framed(reply), () => resolve()));
  }
}
