import { request as requestOf } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { ProxyEndpoint } from '../domain/service-connect/proxy-config.ts';
import type { ResponseFlag } from './access-log.ts';
import { Deadline } from './deadline.ts';
import { endToEnd, pairsOf, without } from './headers.ts';
import { connectMs, type Passage } from './passage.ts';
import type { Pool } from './pool.ts';
import {
  connectionFailure,
  connectionTermination,
  isIdempotent,
  noHealthyUpstream,
  protocolError,
  requestTimeout,
  streamTimeout,
  tellsOfFailure,
  type Reply,
} from './replies.ts';
import { RequestBody } from './request-body.ts';
import { retriesOf } from './route.ts';

export interface HttpExchangeSetting {
  readonly passage: Passage;
  readonly pool: Pool;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Whether the client is to make a new connection for its next request. */
  readonly isLast: () => boolean;
}

interface BrokenOff {
  readonly isConnected: boolean;
  /** Whether the connection had carried other requests before. */
  readonly isReused: boolean;
}

/** A request, and its answer from one of the endpoints. */
export class HttpExchange {
  readonly #setting: HttpExchangeSetting;
  readonly #body: RequestBody;
  readonly #deadline: Deadline;
  readonly #tried = new Set<ProxyEndpoint>();
  readonly #startedAt: number;
  #retriesLeft: number;
  #upstream: ClientRequest | undefined;
  #host: string | undefined;
  #flag: ResponseFlag | undefined;
  #bytesSent = 0;
  #answeredAt: number | undefined;

  constructor(setting: HttpExchangeSetting) {
    this.#setting = setting;
    const { passage, request, response } = setting;
    const { clock, route } = passage;
    this.#startedAt = clock.now();
    this.#retriesLeft = retriesOf(route);
    this.#deadline = new Deadline({
      clock,
      idleMs: route.idleMs,
      expire: (why) => this.#expire(why === 'late' ? requestTimeout : streamTimeout),
    });
    this.#body = new RequestBody(request, () => this.#bodyMoved());
    response.once('close', () => this.#end());
    // A client that goes away closes the response, which says all.
    request.on('error', () => {});
    response.on('error', () => {});
    if (this.#body.hasEnded) this.#bodyMoved();
  }

  begin(): void {
    this.#attempt(this.#setting.passage.balancer.pick(this.#tried), noHealthyUpstream);
  }

  /** The time for a request is that of the endpoint: it begins when the endpoint has all of it. */
  #bodyMoved(): void {
    const { requestMs } = this.#setting.passage.route;
    this.#deadline.moved();
    if (this.#body.hasEnded && requestMs > 0) this.#deadline.endsIn(requestMs);
  }

  #attempt(endpoint: ProxyEndpoint | undefined, otherwise: Reply): void {
    if (!endpoint) return this.#answer(otherwise);
    this.#tried.add(endpoint);
    const { passage, pool, request } = this.#setting;
    const { address, port } = endpoint;
    this.#host = `${address}:${port}`;
    const upstream = requestOf({
      host: address,
      port,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: this.#requestHeaders(),
      agent: pool.agentFor(endpoint, passage.route.idleMs),
    });
    this.#upstream = upstream;
    let isConnected = false;
    const connected = () => {
      isConnected = true;
      this.#body.sendTo(upstream);
    };
    upstream.once('socket', (socket) => {
      if (!socket.connecting) return connected();
      const { clock } = passage;
      const patience = clock.at(clock.now() + connectMs, () => socket.destroy());
      socket.once('connect', connected);
      socket.once('close', () => patience.cancel());
      socket.once('connect', () => patience.cancel());
    });
    upstream.once('response', (answer) => this.#answered(endpoint, answer));
    upstream.on('error', () => {});
    upstream.once('close', () => {
      if (upstream !== this.#upstream || this.#answeredAt !== undefined) return;
      this.#failed(endpoint, { isConnected, isReused: upstream.reusedSocket });
    });
  }

  /** The endpoint gets the message as it came; how long its body is, is told as the client told it. */
  #requestHeaders(): string[] {
    const { headers, method = '', rawHeaders } = this.#setting.request;
    const kept = endToEnd(rawHeaders);
    if (headers['transfer-encoding'] !== undefined) kept.push('Transfer-Encoding', 'chunked');
    else if (headers['content-length'] === undefined && ['POST', 'PUT', 'PATCH'].includes(method)) {
      kept.push('Content-Length', '0');
    }
    // The client has been told to go on already.
    return headers.expect === undefined ? kept : without(kept, 'expect');
  }

  /** No connection came about, or it broke off before it brought anything. */
  #failed(endpoint: ProxyEndpoint, { isConnected, isReused }: BrokenOff): void {
    const { passage, request } = this.#setting;
    const { balancer } = passage;
    this.#body.hold();
    const mayRepeat =
      !isConnected || (isIdempotent(request.method ?? '') && this.#body.isReplayable);
    const reply = isConnected ? connectionTermination : connectionFailure;
    // An endpoint may close a connection that waits for a request, just when the request comes: that is no failure.
    if (mayRepeat && isReused) return this.#attempt(endpoint, reply);
    if (!isReused) balancer.failed(endpoint);
    if (!mayRepeat || this.#retriesLeft === 0) return this.#answer(reply);
    this.#retriesLeft -= 1;
    // The same once more where there is no other.
    this.#attempt(balancer.pick(this.#tried) ?? balancer.pick(new Set()), reply);
  }

  #answered(endpoint: ProxyEndpoint, answer: IncomingMessage): void {
    const { balancer } = this.#setting.passage;
    const { statusCode: status = 0 } = answer;
    if (tellsOfFailure(status)) balancer.failed(endpoint);
    const mayRepeat = status === 503 && this.#retriesLeft > 0 && this.#body.isReplayable;
    if (mayRepeat && balancer.hasOther(this.#tried)) {
      this.#retriesLeft -= 1;
      this.#body.hold();
      this.#abandon();
      return this.#attempt(balancer.pick(this.#tried), noHealthyUpstream);
    }
    this.#deliver(answer, status);
  }

  #deliver(answer: IncomingMessage, status: number): void {
    const { clock } = this.#setting.passage;
    const { response, isLast } = this.#setting;
    this.#answeredAt = clock.now();
    this.#body.settle();
    const headers = endToEnd(answer.rawHeaders);
    if (isLast()) headers.push('Connection', 'close');
    response.sendDate = false;
    try {
      response.writeHead(status, answer.statusMessage ?? '', headers);
    } catch {
      // Node's parser takes some answers that Node does not give.
      this.#abandon();
      return this.#answer(protocolError);
    }
    answer.on('data', (chunk: Buffer) => {
      this.#bytesSent += chunk.length;
      this.#deadline.moved();
    });
    answer.once('end', () => {
      const { rawTrailers } = answer;
      if (rawTrailers.length > 0) response.addTrailers(pairsOf(rawTrailers));
    });
    answer.once('close', () => {
      if (answer.complete) return;
      this.#flag ??= 'UC';
      response.destroy();
    });
    answer.on('error', () => {});
    answer.pipe(response);
  }

  #expire(reply: Reply): void {
    this.#abandon();
    this.#answer(reply);
  }

  /** Nothing of it is waited for any more. */
  #abandon(): void {
    const upstream = this.#upstream;
    this.#upstream = undefined;
    upstream?.destroy();
  }

  /** The proxy's own answer; where another has begun, that is cut off. */
  #answer({ status, text, flag }: Reply): void {
    const { response } = this.#setting;
    this.#flag = flag;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const isWhole = this.#body.hasEnded;
    this.#body.discard();
    this.#answeredAt ??= this.#setting.passage.clock.now();
    this.#bytesSent = text.length;
    response.writeHead(status, {
      'content-length': text.length,
      'content-type': 'text/plain',
      ...(isWhole && !this.#setting.isLast() ? {} : { connection: 'close' }),
    });
    response.end(text);
  }

  #end(): void {
    const { passage, request, response } = this.#setting;
    this.#deadline.stop();
    if (!response.writableFinished) {
      this.#flag ??= 'DC';
      this.#abandon();
    }
    this.#body.discard();
    const { clock, report } = passage;
    report({
      startedAt: this.#startedAt,
      durationMs: clock.now() - this.#startedAt,
      bytesReceived: this.#body.bytes,
      bytesSent: this.#bytesSent,
      upstreamHost: this.#host,
      flags: this.#flag,
      request: {
        method: request.method ?? '',
        path: request.url ?? '',
        protocol: `HTTP/${request.httpVersion}`,
        status: response.headersSent ? response.statusCode : 0,
        upstreamMs: this.#answeredAt === undefined ? undefined : this.#answeredAt - this.#startedAt,
        headers: request.headers,
      },
    });
  }
}
