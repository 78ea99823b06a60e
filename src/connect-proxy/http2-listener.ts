import { constants, createServer } from 'node:http2';
import type { Http2Server, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { Http2Exchange } from './http2-exchange.ts';
import { Http2Sessions } from './http2-sessions.ts';
import { listening } from './listening.ts';
import { mostConnections, Passage, type Listener, type Surroundings } from './passage.ts';
import type { Route } from './route.ts';

/** Of a client, on one connection. */
const mostStreams = 1_024;

/** Passes on requests of HTTP/2 without TLS, each to the endpoint whose turn it is: clients keep one connection for all. */
export class Http2Listener implements Listener {
  readonly #passage: Passage;
  readonly #sessions: Http2Sessions;
  readonly #server: Http2Server;
  readonly #clients = new Set<ServerHttp2Session>();

  constructor(route: Route, surroundings: Surroundings) {
    this.#passage = new Passage(route, surroundings);
    this.#sessions = new Http2Sessions(surroundings.clock);
    this.#server = createServer({ settings: { maxConcurrentStreams: mostStreams } });
    this.#server.maxConnections = mostConnections;
    const passage = this.#passage;
    const sessions = this.#sessions;
    this.#server.on('session', (session) => {
      this.#clients.add(session);
      session.on('error', () => {});
      session.once('close', () => this.#clients.delete(session));
      session.setTimeout(passage.route.idleMs, () => session.close());
    });
    this.#server.on('stream', (stream: ServerHttp2Stream, headers, flags) => {
      const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      void new Http2Exchange({ passage, sessions, stream, headers, isWhole }).begin();
    });
  }

  listen(): Promise<number> {
    return listening(this.#server, this.#passage.route);
  }

  update(route: Route): void {
    this.#passage.route = route;
    this.#sessions.retain(this.#passage.balancer.endpoints);
  }

  /** Clients are told to make their next requests elsewhere. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => {
        this.#sessions.retain([]);
        resolve();
      });
      for (const session of this.#clients) session.close();
    });
  }

  cut(): void {
    for (const session of this.#clients) session.destroy();
  }
}
