import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';

/** An agent hangs up after a minute in which it has heard nothing. */
const heartbeatMs = 25_000;
/** More than this waiting to be sent means that the agent no longer reads; it reconnects, and is told all anew. */
const mostBufferedBytes = 16 * 1024 * 1024;

export interface AgentSocketParts {
  readonly socket: WebSocket;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onText: (text: string) => void;
  readonly onHeartbeat: () => void;
  readonly onClosed: () => void;
}

/** One websocket of an agent: what is sent is bounded, and it is kept alive. */
export class AgentSocket {
  readonly #parts: AgentSocketParts;
  #heartbeat: Timer | undefined;
  #isClosed = false;

  constructor(parts: AgentSocketParts) {
    this.#parts = parts;
    const { socket, log } = parts;
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.#take(data.toString('utf8'));
    });
    socket.on('error', (error) => log.warn({ error }, 'A connection of an ECS agent failed.'));
    socket.on('close', () => this.#closed());
    this.#beatLater();
  }

  send(text: string): void {
    const { socket } = this.#parts;
    if (this.#isClosed) return;
    if (socket.bufferedAmount > mostBufferedBytes) socket.terminate();
    else socket.send(text);
  }

  /** Codes 1000 and 1001 bring the agent back at once, others after a while. */
  close(code: number, reason: string): void {
    this.#parts.socket.close(code, reason);
  }

  terminate(): void {
    this.#parts.socket.terminate();
  }

  /** What the agent sends is its own affair: a frame that cannot be read must not end more than itself. */
  #take(text: string): void {
    try {
      this.#parts.onText(text);
    } catch (error) {
      this.#parts.log.warn({ error }, 'A message of an ECS agent could not be taken in.');
    }
  }

  #beatLater(): void {
    const { clock, onHeartbeat } = this.#parts;
    this.#heartbeat = clock.at(clock.now() + heartbeatMs, () => {
      onHeartbeat();
      if (!this.#isClosed) this.#beatLater();
    });
  }

  #closed(): void {
    this.#isClosed = true;
    this.#heartbeat?.cancel();
    this.#parts.onClosed();
  }
}
