import { connect, type Socket } from 'node:net';
import type { ProxyEndpoint } from '../domain/service-connect/proxy-config.ts';
import type { ResponseFlag } from './access-log.ts';
import { Deadline } from './deadline.ts';
import { connectMs, type Passage } from './passage.ts';
import { retriesOf } from './route.ts';

/** A connection that is passed on as it is. Each of its two directions may end before the other. */
export class TcpConnection {
  readonly #client: Socket;
  readonly #passage: Passage;
  readonly #tried = new Set<ProxyEndpoint>();
  readonly #startedAt: number;
  #retriesLeft: number;
  #upstream: Socket | undefined;
  #flag: ResponseFlag | undefined;
  #host: string | undefined;

  constructor(client: Socket, passage: Passage) {
    this.#client = client;
    this.#passage = passage;
    this.#startedAt = passage.clock.now();
    this.#retriesLeft = retriesOf(passage.route);
    // What is wrong with it is seen when it closes.
    client.on('error', () => {});
    client.once('close', (hadError) => this.#clientClosed(hadError));
    this.#attempt('UH');
  }

  /** Tries the next endpoint; where there is none, tells the client the only thing that TCP can tell. */
  #attempt(otherwise: ResponseFlag): void {
    const endpoint = this.#passage.balancer.pick(this.#tried);
    if (!endpoint) return this.#refuse(otherwise);
    this.#tried.add(endpoint);
    const { address, port } = endpoint;
    this.#host = `${address}:${port}`;
    const upstream = connect({ host: address, port, allowHalfOpen: true, noDelay: true });
    this.#upstream = upstream;
    const { clock } = this.#passage;
    const patience = clock.at(clock.now() + connectMs, () => upstream.destroy());
    upstream.on('error', () => {});
    const failed = () => {
      patience.cancel();
      this.#connectionFailed(endpoint);
    };
    upstream.once('close', failed);
    upstream.once('connect', () => {
      patience.cancel();
      upstream.off('close', failed);
      this.#join(upstream);
    });
  }

  #connectionFailed(endpoint: ProxyEndpoint): void {
    if (this.#client.destroyed) return;
    this.#passage.balancer.failed(endpoint);
    if (this.#retriesLeft === 0) return this.#refuse('UF');
    this.#retriesLeft -= 1;
    this.#attempt('UF');
  }

  #refuse(flag: ResponseFlag): void {
    this.#flag = flag;
    this.#client.resetAndDestroy();
  }

  #join(upstream: Socket): void {
    const client = this.#client;
    const { clock, route } = this.#passage;
    const deadline = new Deadline({
      clock,
      idleMs: route.idleMs,
      expire: () => {
        this.#flag = 'SI';
        upstream.destroy();
        client.destroy();
      },
    });
    const moved = () => deadline.moved();
    client.on('data', moved);
    upstream.on('data', moved);
    upstream.once('close', (hadError) => {
      deadline.stop();
      if (hadError) client.resetAndDestroy();
      else client.destroySoon();
    });
    client.pipe(upstream);
    upstream.pipe(client);
  }

  #clientClosed(hadError: boolean): void {
    const upstream = this.#upstream;
    if (hadError || upstream?.connecting) upstream?.resetAndDestroy();
    else upstream?.destroySoon();
    const { clock, report } = this.#passage;
    report({
      startedAt: this.#startedAt,
      durationMs: clock.now() - this.#startedAt,
      bytesReceived: this.#client.bytesRead,
      bytesSent: this.#client.bytesWritten,
      upstreamHost: this.#host,
      flags: this.#flag,
    });
  }
}
