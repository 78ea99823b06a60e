import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SplunkEvent {
  readonly token: string | undefined;
  readonly event: Readonly<Record<string, string>>;
}

/** The event collector of a Splunk that takes what it is sent. */
export class SplunkDouble {
  readonly received: SplunkEvent[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const token = request.headers.authorization?.replace(/^Splunk /, '');
      void text(request).then((body) => {
        // Events come one behind the other, without anything in between.
        for (const json of body.split(/(?<=\})(?=\{)/).filter((part) => part !== '')) {
          this.received.push({ token, event: JSON.parse(json).event });
        }
        response.end();
      });
    });
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    // A listening TCP server's address is never a string.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
