import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeAtOnce, openOnLoopback } from '../../fixtures/loopback.ts';

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

  open(): Promise<string> {
    return openOnLoopback(this.#server);
  }

  close(): void {
    closeAtOnce(this.#server);
  }
}
