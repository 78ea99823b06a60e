import { request as requestOf, STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProxyEndpoint } from '../domain/service-connect/proxy-config.ts';
import { Deadline } from './deadline.ts';
import { endToEnd } from './headers.ts';
import { connectMs, type Passage } from './passage.ts';
import {
  connectionFailure,
  noHealthyUpstream,
  requestTimeout,
  streamTimeout,
  type Reply,
} from './replies.ts';
import { retriesOf } from './route.ts';

export interface HttpUpgradeSetting {
  readonly passage: Passage;
  readonly request: IncomingMessage;
  readonly client: Duplex;
  /** What of the other protocol has come already. */
  readonly head: Buffer;
}

/** A connection that changes to another protocol, such as that of WebSocket: from then on it is passed on as it is. */
export class HttpUpgrade {
  readonly #setting: HttpUpgradeSetting;
  readonly #tried = new Set<ProxyEndpoint>();
  readonly #startedAt: number;
  #retriesLeft: number;
  #status = 0;
  #host: string | undefined;
  #upstream: { destroy(): unknown } | undefined;
  #deadline: Deadline;
  #received = 0;
  #sent = 0;

  constructor(setting: HttpUpgradeSetting) {
    this.#setting = setting;
    const { client, passage } = setting;
    this.#startedAt = passage.clock.now();
    this.#retriesLeft = retriesOf(passage.route);
    const { idleMs, requestMs } = passage.route;
    this.#deadline = new Deadline({
      clock: passage.clock,
      idleMs,
      expire: (why) => this.#expire(why === 'late' ? requestTimeout : streamTimeout),
    });
    if (requestMs > 0) this.#deadline.endsIn(requestMs);
    client.on('error', () => {});
    client.once('close', () => this.#end());
    this.#attempt(noHealthyUpstream);
  }

  #attempt(otherwise: Reply): void {
    const { passage, request, client } = this.#setting;
    const endpoint = passage.balancer.pick(this.#tried);
    if (!endpoint) return this.#answer(otherwise);
    this.#tried.add(endpoint);
    const { address, port } = endpoint;
    this.#host = `${address}:${port}`;
    const { rawHeaders, headers, method = '', url = '' } = request;
    const upgrade = ['Connection', 'Upgrade', 'Upgrade', headers.upgrade ?? ''];
    const upstream = requestOf({
      host: address,
      port,
      method,
      path: url,
      headers: [...endToEnd(rawHeaders), ...upgrade],
      agent: false,
    });
    this.#upstream = upstream;
    const { clock } = passage;
    const patience = clock.at(clock.now() + connectMs, () => upstream.destroy());
    upstream.once('socket', (socket) => socket.once('connect', () => patience.cancel()));
    upstream.once('upgrade', (answer, socket, head) => this.#switch(answer, socket, head));
    upstream.once('response', (answer) => this.#relay(answer));
    upstream.on('error', () => {
      patience.cancel();
      if (this.#status !== 0 || client.destroyed) return;
      passage.balancer.failed(endpoint);
      if (this.#retriesLeft === 0) return this.#answer(connectionFailure);
      this.#retriesLeft -= 1;
      this.#attempt(connectionFailure);
    });
    upstream.end();
  }

  #switch(answer: IncomingMessage, upstream: Socket, head: Buffer): void {
    const { client, passage, request } = this.#setting;
    this.#upstream = upstream;
    const upgrade = answer.headers.upgrade ?? request.headers.upgrade ?? '';
    const headers = [...endToEnd(answer.rawHeaders), 'Connection', 'Upgrade', 'Upgrade', upgrade];
    client.write(this.#statusLine(answer, headers), 'latin1');
    client.write(head);
    upstream.write(this.#setting.head);
    this.#deadline.stop();
    const deadline = new Deadline({
      clock: passage.clock,
      idleMs: passage.route.idleMs,
      expire: () => this.#expire(streamTimeout),
    });
    this.#deadline = deadline;
    client.on('data', (chunk: Buffer) => {
      this.#received += chunk.length;
      deadline.moved();
    });
    upstream.on('data', (chunk: Buffer) => {
      this.#sent += chunk.length;
      deadline.moved();
    });
    upstream.on('error', () => {});
    upstream.once('close', () => client.destroy());
    client.pipe(upstream);
    upstream.pipe(client);
  }

  /** The endpoint does not change the protocol: its answer is passed on, and ends the connection. */
  #relay(answer: IncomingMessage): void {
    const { client } = this.#setting;
    const headers = [...endToEnd(answer.rawHeaders), 'Connection', 'close'];
    client.write(this.#statusLine(answer, headers), 'latin1');
    answer.on('data', (chunk: Buffer) => (this.#sent += chunk.length));
    answer.on('error', () => {});
    answer.once('close', () => {
      if (!answer.complete) client.destroy();
    });
    answer.pipe(client);
  }

  #statusLine({ statusCode = 0, statusMessage = '' }: IncomingMessage, headers: string[]): string {
    this.#status = statusCode;
    const lines = headers.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`));
    return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`;
  }

  #expire(reply: Reply): void {
    if (this.#status === 0) return this.#answer(reply);
    this.#setting.client.destroy();
  }

  #answer({ status, text }: Reply): void {
    const length = `Content-Length: ${text.length}`;
    this.#status = status;
    this.#setting.client.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${length}\r\nConnection: close\r\n\r\n${text}`,
    );
  }

  #end(): void {
    const { passage, request } = this.#setting;
    this.#deadline.stop();
    this.#upstream?.destroy();
    const { clock, report } = passage;
    report({
      startedAt: this.#startedAt,
      durationMs: clock.now() - this.#startedAt,
      bytesReceived: this.#received,
      bytesSent: this.#sent,
      upstreamHost: this.#host,
      request: {
        method: request.method ?? '',
        path: request.url ?? '',
        protocol: `HTTP/${request.httpVersion}`,
        status: this.#status,
        headers: request.headers,
      },
    });
  }
}
