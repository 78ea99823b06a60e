import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpExchange } from './http-exchange.ts';
import { HttpUpgrade } from './http-upgrade.ts';
import { listening } from './listening.ts';
import { mostConnections, Passage, type Listener, type Surroundings } from './passage.ts';
import { Pool } from './pool.ts';
import { upgradeRequired } from './replies.ts';
import type { Route } from './route.ts';

/** Envoy's bound. */
const mostHeaderBytes = 60 * 1024;
const headersMs = 60_000;

/** Passes on requests of HTTP/1.1, each to the endpoint whose turn it is. */
export class HttpListener implements Listener {
  readonly #passage: Passage;
  readonly #pool = new Pool();
  readonly #server: Server;
  readonly #upgraded = new Set<Duplex>();
  #isClosing = false;

  constructor(route: Route, surroundings: Surroundings) {
    this.#passage = new Passage(route, surroundings);
    const passage = this.#passage;
    const pool = this.#pool;
    this.#server = createServer(
      {
        maxHeaderSize: mostHeaderBytes,
        headersTimeout: headersMs,
        requestTimeout: 0,
        keepAliveTimeout: route.idleMs,
        noDelay: true,
        shouldUpgradeCallback: isSwitch,
      },
      (request, response) => {
        if (request.httpVersion === '1.0') {
          const { status } = upgradeRequired;
          response.writeHead(status, STATUS_CODES[status], { connection: 'close' }).end();
          return;
        }
        const isLast = () => this.#isClosing;
        new HttpExchange({ passage, pool, request, response, isLast }).begin();
      },
    );
    this.#server.maxConnections = mostConnections;
    this.#server.on('upgrade', (request, client, head) => {
      this.#upgraded.add(client);
      client.once('close', () => this.#upgraded.delete(client));
      // It looks after itself until it ends.
      void new HttpUpgrade({ passage, request, client, head });
    });
  }

  listen(): Promise<number> {
    return listening(this.#server, this.#passage.route);
  }

  update(route: Route): void {
    this.#passage.route = route;
    this.#server.keepAliveTimeout = route.idleMs;
    this.#pool.retain(this.#passage.balancer.endpoints);
  }

  close(): Promise<void> {
    this.#isClosing = true;
    return new Promise((resolve) => {
      this.#server.close(() => {
        this.#pool.retain([]);
        resolve();
      });
    });
  }

  cut(): void {
    this.#server.closeAllConnections();
    for (const client of this.#upgraded) client.destroy();
  }
}

/** HTTP/2 is not changed to here, and what has a body is no change of protocol that anything supports. */
function isSwitch({ headers }: IncomingMessage): boolean {
  const hasBody =
    headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  return headers.upgrade?.toLowerCase() !== 'h2c' && !hasBody;
}
