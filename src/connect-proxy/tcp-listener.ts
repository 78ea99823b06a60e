import { createServer, type Server, type Socket } from 'node:net';
import { listening } from './listening.ts';
import { mostConnections, Passage, type Listener, type Surroundings } from './passage.ts';
import type { Route } from './route.ts';
import { TcpConnection } from './tcp-connection.ts';

/** Passes on connections, whatever they carry. */
export class TcpListener implements Listener {
  readonly #passage: Passage;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(route: Route, surroundings: Surroundings) {
    this.#passage = new Passage(route, surroundings);
    const options = { allowHalfOpen: true, noDelay: true };
    this.#server = createServer(options, (client) => this.#take(client));
    this.#server.maxConnections = mostConnections;
  }

  listen(): Promise<number> {
    return listening(this.#server, this.#passage.route);
  }

  update(route: Route): void {
    this.#passage.route = route;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(client: Socket): void {
    this.#sockets.add(client);
    client.once('close', () => this.#sockets.delete(client));
    // It looks after itself until it ends.
    void new TcpConnection(client, this.#passage);
  }
}
