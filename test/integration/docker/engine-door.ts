import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Lets connections through to the Engine's socket while it is open. */
export class EngineDoor {
  readonly #path: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async open(): Promise<void> {
    this.#server = createServer((outside) => {
      const inside = connect('/var/run/docker.sock');
      for (const socket of [outside, inside]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => [outside, inside].map((end) => end.destroy()));
      }
      outside.pipe(inside).pipe(outside);
    });
    this.#server.listen(this.#path);
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
