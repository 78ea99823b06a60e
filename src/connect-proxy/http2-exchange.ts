import { constants } from 'node:http2';
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  Http2Stream,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
  OutgoingHttpHeaders,
  ServerHttp2Stream,
} from 'node:http2';
import type { ProxyEndpoint } from '../domain/service-connect/proxy-config.ts';
import type { ResponseFlag } from './access-log.ts';
import { Deadline } from './deadline.ts';
import type { Http2Sessions } from './http2-sessions.ts';
import type { Passage } from './passage.ts';
import {
  connectionFailure,
  connectionTermination,
  noHealthyUpstream,
  requestTimeout,
  streamTimeout,
  tellsOfFailure,
  type Reply,
} from './replies.ts';
import { retriesOf } from './route.ts';

export interface Http2ExchangeSetting {
  readonly passage: Passage;
  readonly sessions: Http2Sessions;
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  /** Whether the headers are all of the request. */
  readonly isWhole: boolean;
}

const unavailable = '14';

/** A request of HTTP/2, such as a call of gRPC, and its answer from one of the endpoints. */
export class Http2Exchange {
  readonly #setting: Http2ExchangeSetting;
  readonly #deadline: Deadline;
  readonly #tried = new Set<ProxyEndpoint>();
  readonly #startedAt: number;
  #retriesLeft: number;
  #upstream: ClientHttp2Stream | undefined;
  #host: string | undefined;
  #flag: ResponseFlag | undefined;
  #status = 0;
  #received = 0;
  #sent = 0;
  #answeredAt: number | undefined;

  constructor(setting: Http2ExchangeSetting) {
    this.#setting = setting;
    const { passage, stream, isWhole } = setting;
    const { clock, route } = passage;
    this.#startedAt = clock.now();
    this.#retriesLeft = retriesOf(route);
    this.#deadline = new Deadline({
      clock,
      idleMs: route.idleMs,
      expire: (why) => this.#expire(why === 'late' ? requestTimeout : streamTimeout),
    });
    const whole = () => {
      if (route.requestMs > 0) this.#deadline.endsIn(route.requestMs);
    };
    if (isWhole) whole();
    else stream.once('end', whole);
    stream.on('error', () => {});
    stream.once('close', () => this.#end());
  }

  async begin(): Promise<void> {
    const { passage, sessions, stream } = this.#setting;
    let otherwise: Reply = noHealthyUpstream;
    for (;;) {
      const endpoint = passage.balancer.pick(this.#tried);
      if (!endpoint) return this.#answer(otherwise);
      this.#tried.add(endpoint);
      this.#host = `${endpoint.address}:${endpoint.port}`;
      try {
        const session = await sessions.sessionFor(endpoint);
        if (!stream.destroyed && !stream.headersSent) this.#pass(endpoint, session);
        return;
      } catch {
        if (stream.destroyed || stream.headersSent) return;
        passage.balancer.failed(endpoint);
        otherwise = connectionFailure;
        if (this.#retriesLeft === 0) return this.#answer(otherwise);
        this.#retriesLeft -= 1;
      }
    }
  }

  #pass(endpoint: ProxyEndpoint, session: ClientHttp2Session): void {
    const { stream, headers, isWhole } = this.#setting;
    const { [constants.HTTP2_HEADER_HTTP2_SETTINGS]: _, ...kept } = headers;
    const upstream = session.request(kept, { endStream: isWhole, waitForTrailers: !isWhole });
    this.#upstream = upstream;
    upstream.once('response', (answer, flags) => {
      if (upstream !== this.#upstream) return;
      const hasEnded = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      this.#answered(endpoint, { upstream, answer, hasEnded });
    });
    upstream.on('error', () => {});
    upstream.once('close', () => {
      if (upstream !== this.#upstream || stream.destroyed) return;
      if (this.#answeredAt === undefined) this.#failed(endpoint, upstream.rstCode);
      else if (upstream.rstCode !== constants.NGHTTP2_NO_ERROR) stream.close(upstream.rstCode);
    });
    if (isWhole) return;
    stream.on('data', (chunk: Buffer) => {
      this.#received += chunk.length;
      this.#deadline.moved();
    });
    passAlong(stream, upstream);
  }

  /** A stream that was refused was not looked at (RFC 9113, section 8.7): it may go elsewhere. */
  #failed(endpoint: ProxyEndpoint, code: number): void {
    const { passage, isWhole } = this.#setting;
    passage.balancer.failed(endpoint);
    const mayRepeat = isWhole && code === constants.NGHTTP2_REFUSED_STREAM;
    if (!mayRepeat || this.#retriesLeft === 0) return this.#answer(connectionTermination);
    this.#retriesLeft -= 1;
    void this.begin();
  }

  #answered(endpoint: ProxyEndpoint, given: Answer): void {
    const { upstream, answer, hasEnded } = given;
    const { passage, stream, isWhole } = this.#setting;
    const status = answer[':status'] ?? 0;
    if (tellsOfFailure(status)) passage.balancer.failed(endpoint);
    const mayRepeat = status === 503 && isWhole && this.#retriesLeft > 0;
    if (mayRepeat && passage.balancer.hasOther(this.#tried)) {
      this.#retriesLeft -= 1;
      this.#abandon();
      void this.begin();
      return;
    }
    this.#answeredAt = passage.clock.now();
    this.#status = status;
    if (stream.destroyed) return;
    if (hasEnded) {
      stream.respond(answer, { endStream: true });
      return;
    }
    this.#relay(upstream, answer);
  }

  #relay(upstream: ClientHttp2Stream, answer: OutgoingHttpHeaders): void {
    const { stream } = this.#setting;
    stream.respond(answer, { waitForTrailers: true });
    upstream.on('data', (chunk: Buffer) => {
      this.#sent += chunk.length;
      this.#deadline.moved();
    });
    passAlong(upstream, stream);
  }

  #expire(reply: Reply): void {
    const endpoint = [...this.#tried].at(-1);
    if (endpoint && this.#answeredAt === undefined) void this.#setting.sessions.suspect(endpoint);
    this.#answer(reply);
  }

  #abandon(): void {
    const upstream = this.#upstream;
    this.#upstream = undefined;
    upstream?.close(constants.NGHTTP2_CANCEL);
  }

  /** The proxy's own answer; where another has begun, that is cut off. To gRPC it is said as gRPC says it. */
  #answer({ status, text, flag }: Reply): void {
    const { stream, headers } = this.#setting;
    this.#flag = flag;
    this.#abandon();
    if (stream.destroyed) return;
    if (stream.headersSent) {
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      return;
    }
    if (headers['content-type']?.startsWith('application/grpc')) {
      this.#status = 200;
      const said = { 'grpc-status': unavailable, 'grpc-message': text };
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', ...said },
        { endStream: true },
      );
      return;
    }
    this.#status = status;
    this.#sent = text.length;
    stream.respond({ ':status': status, 'content-type': 'text/plain' });
    stream.end(text);
  }

  #end(): void {
    this.#deadline.stop();
    const { passage, stream, headers } = this.#setting;
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR && this.#upstream) this.#flag ??= 'DC';
    this.#abandon();
    const { clock, report } = passage;
    report({
      startedAt: this.#startedAt,
      durationMs: clock.now() - this.#startedAt,
      bytesReceived: this.#received,
      bytesSent: this.#sent,
      upstreamHost: this.#host,
      flags: this.#flag,
      request: {
        method: headers[':method'] ?? '',
        path: headers[':path'] ?? '',
        protocol: 'HTTP/2',
        status: this.#status,
        upstreamMs: this.#answeredAt === undefined ? undefined : this.#answeredAt - this.#startedAt,
        headers,
      },
    });
  }
}

/**
 * For Node a stream that is reset ends as one that is whole does; for the other side it must not. Nor is what has
 * begun to be closed by itself, before it is known how it ends: so its trailers are waited for.
 */
function passAlong(from: Http2Stream, to: Http2Stream): void {
  let trailers: OutgoingHttpHeaders = {};
  from.once('trailers', (given: IncomingHttpHeaders) => (trailers = given));
  to.once('wantTrailers', () => {
    if (!to.closed) to.sendTrailers(trailers);
  });
  from.pipe(to, { end: false });
  from.once('end', () => {
    if (from.rstCode === constants.NGHTTP2_NO_ERROR) to.end();
    else to.close(from.rstCode);
  });
}

interface Answer {
  readonly upstream: ClientHttp2Stream;
  readonly answer: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly hasEnded: boolean;
}
