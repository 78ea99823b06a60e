import { once } from 'node:events';
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aRoute, proxyAddress, ProxySite } from '../../test/fixtures/proxy-route.ts';
import { Http2Listener } from './http2-listener.ts';
import type { Route } from './route.ts';

let site: ProxySite;
beforeEach(() => {
  site = new ProxySite();
});
afterEach(() => site.close());

async function listen(route: Partial<Route>) {
  const listener = new Http2Listener(aRoute({ protocol: 'grpc', ...route }), site.surroundings);
  const port = await site.open(listener);
  const session = connect(`http://${proxyAddress}:${port}`);
  session.on('error', () => {});
  site.onClose(() => session.destroy());
  return { listener, session };
}

async function serving(
  id: string,
  take: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
) {
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {});
    take(stream, headers);
  });
  site.onClose(() => {
    server.close();
    for (const session of sessions) session.destroy();
  });
  return site.serve(id, server);
}

const says = (word: string) => (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': 200 });
  stream.end(word);
};

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly trailers: IncomingHttpHeaders;
}

async function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders = {},
  body?: string,
): Promise<Told> {
  const stream = session.request({ ':path': '/', ...headers }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOf(stream);
}

async function answerOf(stream: ClientHttp2Stream): Promise<Told> {
  let trailers: IncomingHttpHeaders = {};
  stream.once('trailers', (given) => (trailers = given));
  const [headers]: IncomingHttpHeaders[] = await once(stream, 'response');
  return { headers: headers ?? {}, body: await text(stream), trailers };
}

test('requests of one connection go to the endpoints in turn', async () => {
  const endpoints = [await serving('a', says('a')), await serving('b', says('b'))];
  const { session } = await listen({ endpoints });
  const words: string[] = [];
  for (let time = 0; time < 4; time += 1) words.push((await ask(session)).body);
  expect(words).toEqual(['a', 'b', 'a', 'b']);
});

test('a call of gRPC goes through whole, its trailers last', async () => {
  const endpoint = await serving('a', (stream, headers) => {
    stream.respond({ ':status': 200, 'x-path': headers[':path'] }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.pipe(stream);
  });
  const { session } = await listen({ endpoints: [endpoint] });
  const headers = { ':method': 'POST', ':path': '/shop.Cart/Add', te: 'trailers' };
  const answer = await ask(session, headers, 'body'.repeat(50_000));
  expect(answer.headers['x-path']).toBe('/shop.Cart/Add');
  expect(answer.body).toBe('body'.repeat(50_000));
  expect(answer.trailers['grpc-status']).toBe('0');
  const [access] = await site.reported(1);
  expect(access).toMatchObject({
    bytesReceived: 200_000,
    bytesSent: 200_000,
    request: { protocol: 'HTTP/2', status: 200, method: 'POST' },
  });
});

test('an answer that is nothing but headers stays that', async () => {
  const endpoint = await serving('a', (stream) => {
    stream.respond({ ':status': 200, 'grpc-status': '5' }, { endStream: true });
  });
  const { session } = await listen({ endpoints: [endpoint] });
  expect(await ask(session)).toMatchObject({ headers: { 'grpc-status': '5' }, body: '' });
});

test('an endpoint that takes no connection is passed over', async () => {
  const endpoints = [await site.absent('a'), await serving('b', says('b'))];
  const { session } = await listen({ endpoints });
  expect(await ask(session, { ':method': 'POST' }, 'x')).toMatchObject({ body: 'b' });
});

test('503 to a request without a body is tried elsewhere', async () => {
  const busy = (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 503 });
    stream.end('busy');
  };
  const endpoints = [await serving('a', busy), await serving('b', says('b'))];
  const { session } = await listen({ endpoints });
  expect(await ask(session)).toMatchObject({ body: 'b' });
});

test('without an endpoint HTTP is told 503, and gRPC that the service is unavailable', async () => {
  const { session } = await listen({ endpoints: [] });
  const plain = await ask(session);
  expect([plain.headers[':status'], plain.body]).toEqual([503, 'no healthy upstream']);
  const headers = { ':method': 'POST', 'content-type': 'application/grpc+proto' };
  expect((await ask(session, headers, 'x')).headers).toMatchObject({
    ':status': 200,
    'grpc-status': '14',
    'grpc-message': 'no healthy upstream',
  });
});

test('a stream that the endpoint resets is reset with the same code', async () => {
  const endpoint = await serving('a', (stream) => {
    // Otherwise Node ends the stream before it resets it.
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.write('begun', () => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM));
  });
  const { session } = await listen({ endpoints: [endpoint] });
  const stream = session.request({ ':path': '/' });
  stream.on('error', () => {});
  stream.resume();
  await new Promise((resolve) => stream.once('close', resolve));
  expect(stream.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
});

test('a request that its client breaks off does not look whole at the endpoint', async () => {
  const codes: Promise<number>[] = [];
  let asked = () => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const endpoint = await serving('a', (stream) => {
    stream.resume().once('data', asked);
    codes.push(once(stream, 'close').then(() => stream.rstCode));
  });
  const { session } = await listen({ endpoints: [endpoint] });
  const options = { waitForTrailers: true };
  const stream = session.request({ ':path': '/', ':method': 'POST' }, options);
  stream.on('error', () => {});
  stream.write('begun');
  await reached;
  stream.close(constants.NGHTTP2_CANCEL);
  expect(await Promise.all(codes)).toEqual([constants.NGHTTP2_CANCEL]);
});

test('a call that its client gives up is given up at the endpoint', async () => {
  const ends: Promise<unknown>[] = [];
  const endpoint = await serving('a', (stream) => {
    ends.push(once(stream, 'close'));
    stream.respond({ ':status': 200 });
  });
  const { session } = await listen({ endpoints: [endpoint] });
  const stream = session.request({ ':path': '/' });
  await once(stream, 'response');
  stream.close(constants.NGHTTP2_CANCEL);
  await Promise.all(ends);
  expect(await site.reported(1)).toMatchObject([{ flags: 'DC' }]);
});

test('an answer that takes too long is 504', async () => {
  let asked = () => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const { session } = await listen({ endpoints: [await serving('a', () => asked())] });
  const answer = ask(session);
  await reached;
  site.clock.advance(15_000);
  expect(await answer).toMatchObject({
    headers: { ':status': 504 },
    body: 'upstream request timeout',
  });
});

test('an endpoint that does not answer any more, but takes connections, is connected to anew', async () => {
  const sockets = new Set<Socket>();
  let taken = () => {};
  const silent = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    // What every connection of HTTP/2 begins with; then nothing.
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    taken();
  });
  site.onClose(() => {
    silent.close();
    for (const socket of sockets) socket.destroy();
  });
  const { session } = await listen({ endpoints: [await site.serve('a', silent)] });
  for (const count of [1, 2]) {
    const reached = new Promise<void>((resolve) => (taken = resolve));
    const answer = ask(session);
    await reached;
    const [socket] = [...sockets].slice(-1);
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    await once(socket ?? session, 'data');
    site.clock.advance(15_000);
    expect((await answer).headers[':status']).toBe(504);
    await site.reported(count);
    site.clock.advance(5_000);
    await closed;
  }
  expect(sockets.size).toBe(2);
});

test('endpoints that have gone are not asked any more', async () => {
  const a = await serving('a', says('a'));
  const b = await serving('b', says('b'));
  const { listener, session } = await listen({ endpoints: [a] });
  expect(await ask(session)).toMatchObject({ body: 'a' });
  listener.update(aRoute({ endpoints: [b] }));
  expect(await ask(session)).toMatchObject({ body: 'b' });
});

test('a proxy that closes answers what it was asked', async () => {
  const steps: (() => void)[] = [];
  let asked = () => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const endpoint = await serving('a', (stream) => {
    steps.push(() => says('done')(stream));
    asked();
  });
  const { listener, session } = await listen({ endpoints: [endpoint] });
  const answer = ask(session);
  await reached;
  const closed = listener.close();
  steps[0]?.();
  expect(await answer).toMatchObject({ body: 'done' });
  await closed;
});
