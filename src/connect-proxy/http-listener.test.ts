import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, aRoute, proxyAddress, ProxySite } from '../../test/fixtures/proxy-route.ts';
import { HttpListener } from './http-listener.ts';
import type { Route } from './route.ts';

let site: ProxySite;
beforeEach(() => {
  site = new ProxySite();
});
afterEach(() => site.close());

async function listen(route: Partial<Route>) {
  const listener = new HttpListener(aRoute(route), site.surroundings);
  return { listener, port: await site.open(listener) };
}

function says(word: string): RequestListener {
  return (asked, answer) => void asked.resume().on('end', () => answer.end(word));
}

const status =
  (code: number): RequestListener =>
  (_, answer) =>
    void answer.writeHead(code).end();

test('requests go to the endpoints in turn, on one connection of the client', async () => {
  const endpoints = [await site.answering('a', says('a')), await site.answering('b', says('b'))];
  const { port } = await listen({ endpoints });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const words: string[] = [];
  for (let time = 0; time < 4; time += 1) {
    const sent = request({ host: proxyAddress, port, agent }).end();
    const [answer]: IncomingMessage[] = await once(sent, 'response');
    words.push(answer ? await text(answer) : '');
  }
  agent.destroy();
  expect(words).toEqual(['a', 'b', 'a', 'b']);
});

test('a message goes through whole, and nothing is added to it', async () => {
  const seen: IncomingMessage[] = [];
  const endpoint = await site.answering('a', (asked, answer) => {
    seen.push(asked);
    answer.sendDate = false;
    answer.writeHead(207, 'Many', ['X-One', '1', 'x-one', '2', 'Keep-Alive', 'timeout=9']);
    asked.pipe(answer);
  });
  const { port } = await listen({ endpoints: [endpoint] });
  const headers = { Host: 'api', 'X-Case': 'Kept', TE: 'gzip' };
  const answer = await ask(port, { method: 'POST', path: '/p?q', headers, body: 'body' });
  expect(answer).toMatchObject({ status: 207, body: 'body' });
  expect(answer.headers).toMatchObject({ 'x-one': '1, 2' });
  expect(answer.headers.date).toBeUndefined();
  expect(seen[0]?.url).toBe('/p?q');
  expect(seen[0]?.rawHeaders).toEqual([
    'Host',
    'api',
    'X-Case',
    'Kept',
    'Content-Length',
    '4',
    'Connection',
    'keep-alive',
  ]);
});

test('a body of any size arrives as it was sent, chunked as it was', async () => {
  const endpoint = await site.answering('a', (asked, answer) => {
    answer.setHeader('x-encoding', asked.headers['transfer-encoding'] ?? '');
    asked.pipe(answer);
  });
  const { port } = await listen({ endpoints: [endpoint] });
  const body = 'x'.repeat(1_000_000);
  const headers = { 'transfer-encoding': 'chunked' };
  const answer = await ask(port, { method: 'PUT', headers, body });
  expect(answer.headers['x-encoding']).toBe('chunked');
  expect(answer.body).toBe(body);
  const [access] = await site.reported(1);
  expect(access).toMatchObject({ bytesReceived: 1_000_000, bytesSent: 1_000_000 });
});

test('what stands for a body that is not sent stays as it is', async () => {
  const endpoint = await site.answering('a', (_, answer) => {
    answer.writeHead(200, { 'content-length': 5 }).end();
  });
  const { port } = await listen({ endpoints: [endpoint] });
  const answer = await ask(port, { method: 'HEAD' });
  expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '5' }, body: '' });
});

test('a client that waits to be told to go on is told by the proxy, and the endpoint is not asked', async () => {
  const expectations: (string | undefined)[] = [];
  const endpoint = await site.answering('a', (asked, answer) => {
    expectations.push(asked.headers.expect);
    asked.pipe(answer);
  });
  const { port } = await listen({ endpoints: [endpoint] });
  const headers = { expect: '100-continue', 'content-length': 4 };
  const sent = request({ host: proxyAddress, port, method: 'PUT', headers, agent: false });
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.end('body');
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  expect(answer && (await text(answer))).toBe('body');
  expect(expectations).toEqual([undefined]);
});

test.each([
  { answer: 'HTTP/1.1 099 Odd\r\n\r\n', reason: 'protocol error' },
  { answer: 'no HTTP at all', reason: 'connection termination' },
])('an answer that is none ends the request, and nothing else: $reason', async (given) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.end(given.answer));
  });
  site.onClose(() => server.close());
  const { port } = await listen({ endpoints: [await site.serve('a', server)] });
  const { status: code, body } = await ask(port);
  expect(code).toBe(given.reason === 'protocol error' ? 502 : 503);
  expect(body).toContain(given.reason);
});

test('trailers come behind the body', async () => {
  const endpoint = await site.answering('a', (_, answer) => {
    answer.writeHead(200, { Trailer: 'X-Sum' });
    answer.write('text');
    answer.addTrailers({ 'X-Sum': '7' });
    answer.end();
  });
  const { port } = await listen({ endpoints: [endpoint] });
  const sent = request({ host: proxyAddress, port, agent: false }).end();
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  expect(answer && (await text(answer))).toBe('text');
  expect(answer?.trailers).toEqual({ 'x-sum': '7' });
});

test('without an endpoint the answer is 503, in the words of Envoy', async () => {
  const { port } = await listen({ endpoints: [] });
  const answer = await ask(port);
  expect(answer).toMatchObject({ status: 503, body: 'no healthy upstream' });
  const [access] = await site.reported(1);
  expect(access).toMatchObject({ flags: 'UH', request: { status: 503, path: '/' } });
});

test('an endpoint that takes no connection is passed over, whatever the request', async () => {
  const endpoints = [
    await site.absent('a'),
    await site.absent('b'),
    await site.answering('c', says('c')),
  ];
  const { port } = await listen({ endpoints });
  expect(await ask(port, { method: 'POST', body: 'x' })).toMatchObject({ status: 200, body: 'c' });
});

test('where no endpoint takes a connection, the answer says so', async () => {
  const { port } = await listen({ endpoints: [await site.absent('a')] });
  const { status: code, body } = await ask(port);
  expect([code, body]).toEqual([
    503,
    'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
  ]);
});

test('a request is tried again twice at most', async () => {
  const endpoints = [
    await site.answering('a', status(503)),
    await site.answering('b', status(503)),
    await site.answering('c', status(503)),
    await site.answering('d', says('d')),
  ];
  const { port } = await listen({ endpoints });
  expect(await ask(port)).toMatchObject({ status: 503 });
  expect(await ask(port)).toMatchObject({ status: 200, body: 'd' });
});

test('503 is tried elsewhere, with the body as it was', async () => {
  const endpoints = [
    await site.answering('a', (asked, answer) => {
      asked.resume().on('end', () => answer.writeHead(503).end('busy'));
    }),
    await site.answering('b', (asked, answer) => void asked.pipe(answer)),
  ];
  const { port } = await listen({ endpoints });
  const answer = await ask(port, { method: 'POST', body: 'once' });
  expect(answer).toMatchObject({ status: 200, body: 'once' });
});

test('503 is the answer where the body is too large to be kept', async () => {
  const endpoints = [
    await site.answering('a', (asked, answer) => {
      asked.resume().on('end', () => answer.writeHead(503).end('busy'));
    }),
    await site.answering('b', says('b')),
  ];
  const { port } = await listen({ endpoints });
  const answer = await ask(port, { method: 'POST', body: 'x'.repeat(70_000) });
  expect(answer).toMatchObject({ status: 503, body: 'busy' });
});

test('a connection that breaks off before the answer is tried again only where that does no harm', async () => {
  const cutOff: RequestListener = (asked) => {
    asked.resume().on('end', () => asked.socket.destroy());
  };
  const endpoints = [await site.answering('a', cutOff), await site.answering('b', says('b'))];
  const get = await listen({ endpoints });
  expect(await ask(get.port)).toMatchObject({ status: 200, body: 'b' });
  const post = await listen({ endpoints });
  expect(await ask(post.port, { method: 'POST', body: 'x' })).toMatchObject({
    status: 503,
    body: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
  });
});

test('a connection that the endpoint has closed meanwhile is no failure of the endpoint', async () => {
  let asked = 0;
  const endpoint = await site.answering('a', (request, answer) => {
    asked += 1;
    // Each connection carries one request, and breaks off at the next.
    if (sockets.has(request.socket)) return void request.socket.destroy();
    sockets.add(request.socket);
    answer.end('a');
  });
  const sockets = new Set<Socket>();
  const { port } = await listen({ direction: 'ingress', endpoints: [endpoint] });
  for (let time = 0; time < 8; time += 1) expect(await ask(port)).toMatchObject({ body: 'a' });
  expect(asked).toBe(15);
});

test('what comes in is tried once', async () => {
  const { port } = await listen({
    direction: 'ingress',
    endpoints: [await site.answering('a', status(503))],
  });
  expect(await ask(port)).toMatchObject({ status: 503 });
});

test('an answer that takes too long is 504', async () => {
  let asked = () => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const { port } = await listen({ endpoints: [await site.answering('a', () => asked())] });
  const answer = ask(port);
  await reached;
  site.clock.advance(15_000);
  expect(await answer).toMatchObject({ status: 504, body: 'upstream request timeout' });
  expect(await site.reported(1)).toMatchObject([{ flags: 'UT' }]);
});

test('an answer that has begun and takes too long is cut off', async () => {
  const endpoint = await site.answering('a', (_, answer) => void answer.write('begun'));
  const { port } = await listen({ endpoints: [endpoint] });
  const sent = request({ host: proxyAddress, port, agent: false }).end();
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  site.clock.advance(15_000);
  await expect(answer && text(answer)).rejects.toThrow('aborted');
});

test('without a limit only standing still ends a request', async () => {
  const steps: (() => void)[] = [];
  const endpoint = await site.answering('a', (_, answer) => {
    answer.write('begun');
    steps.push(() => answer.write('on'));
  });
  const { port } = await listen({ endpoints: [endpoint], requestMs: 0 });
  const sent = request({ host: proxyAddress, port, agent: false }).end();
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  await once(answer ?? sent, 'data');
  site.clock.advance(299_000);
  steps[0]?.();
  await once(answer ?? sent, 'data');
  site.clock.advance(299_000);
  expect(answer?.destroyed).toBe(false);
  site.clock.advance(1_000);
  await expect(answer && text(answer)).rejects.toThrow('aborted');
});

test('an answer that the endpoint breaks off is broken off', async () => {
  const endpoint = await site.answering('a', (_, answer) => {
    answer.writeHead(200, { 'content-length': 10 });
    answer.write('begun', () => answer.destroy());
  });
  const { port } = await listen({ endpoints: [endpoint] });
  await expect(ask(port)).rejects.toThrow('aborted');
  expect(await site.reported(1)).toMatchObject([{ flags: 'UC' }]);
});

test('what a client no longer wants is not asked for any more', async () => {
  const ends: Promise<unknown>[] = [];
  let asked = () => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const endpoint = await site.answering('a', (_, answer) => {
    ends.push(once(answer, 'close'));
    asked();
  });
  const { port } = await listen({ endpoints: [endpoint] });
  const sent = request({ host: proxyAddress, port, agent: false }).end();
  sent.on('error', () => {});
  await reached;
  sent.destroy();
  await Promise.all(ends);
  expect(await site.reported(1)).toMatchObject([{ flags: 'DC', request: { status: 0 } }]);
});

test('HTTP/1.0 is not spoken', async () => {
  const { port } = await listen({ endpoints: [await site.answering('a', says('a'))] });
  const client = connect(port, proxyAddress).end('GET / HTTP/1.0\r\n\r\n');
  expect(await text(client)).toMatch(/^HTTP\/1\.1 426 Upgrade Required/);
});

test('an endpoint that has gone is not asked any more, what was asked of it is answered', async () => {
  let answerLate = () => {};
  const reached = new Promise<void>((resolve) => {
    answerLate = resolve;
  });
  const steps: (() => void)[] = [];
  const a = await site.answering('a', (_, answer) => {
    steps.push(() => answer.end('late'));
    answerLate();
  });
  const b = await site.answering('b', says('b'));
  const { listener, port } = await listen({ endpoints: [a] });
  const early = ask(port);
  await reached;
  listener.update(aRoute({ endpoints: [b] }));
  expect(await ask(port)).toMatchObject({ body: 'b' });
  steps[0]?.();
  expect(await early).toMatchObject({ status: 200, body: 'late' });
});

test('a proxy that closes answers what it was asked, and tells the client to go', async () => {
  const steps: (() => void)[] = [];
  let asked = () => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const endpoint = await site.answering('a', (_, answer) => {
    steps.push(() => answer.end('done'));
    asked();
  });
  const { listener, port } = await listen({ endpoints: [endpoint] });
  const answer = ask(port, { headers: { connection: 'keep-alive' } });
  await reached;
  const closed = listener.close();
  await expect(ask(port)).rejects.toThrow('ECONNREFUSED');
  steps[0]?.();
  expect(await answer).toMatchObject({ body: 'done', headers: { connection: 'close' } });
  await closed;
});
