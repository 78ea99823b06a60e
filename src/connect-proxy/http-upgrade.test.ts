import { createServer, request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
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

/** Greets in capitals after the change of protocol. */
function upgrading() {
  const server = createServer((_, answer) => void answer.writeHead(400).end('no'));
  server.on('upgrade', (asked, socket, head) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        `Sec-WebSocket-Accept: ${asked.headers['sec-websocket-key']}\r\n\r\n`,
    );
    socket.on('data', (chunk: Buffer) => socket.write(chunk.toString().toUpperCase()));
    socket.on('end', () => socket.end());
    if (head.length > 0) socket.write(head.toString().toUpperCase());
  });
  return server;
}

async function upgrade(port: number): Promise<[IncomingMessage, Socket]> {
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': 'key' };
  const sent = request({ host: proxyAddress, port, headers, agent: false }).end();
  const [answer, socket]: [IncomingMessage, Socket] = await new Promise((resolve) => {
    sent.once('upgrade', (...given) => resolve([given[0], given[1]]));
  });
  return [answer, socket];
}

test('a WebSocket goes through, from its first byte to its last', async () => {
  const server = upgrading();
  const endpoint = await site.serve('a', server);
  site.onClose(() => server.close());
  const { port } = await listen({ endpoints: [await site.absent('b'), endpoint] });
  const [answer, socket] = await upgrade(port);
  expect(answer.headers['sec-websocket-accept']).toBe('key');
  socket.end('hello');
  expect(await text(socket)).toBe('HELLO');
  const [access] = await site.reported(1);
  expect(access).toMatchObject({ bytesReceived: 5, bytesSent: 5, request: { status: 101 } });
});

test('a change of protocol that the endpoint does not want is answered as the endpoint does', async () => {
  const endpoint = await site.answering('a', (_, answer) => void answer.writeHead(400).end('no'));
  const { port } = await listen({ endpoints: [endpoint] });
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
  expect(await ask(port, { headers })).toMatchObject({ status: 400, body: 'no' });
});

test('without an endpoint a change of protocol is answered with 503', async () => {
  const { port } = await listen({ endpoints: [] });
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
  expect(await ask(port, { headers })).toMatchObject({ status: 503, body: 'no healthy upstream' });
});

test('a change of protocol that takes too long to be answered is 504', async () => {
  let asked = () => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const { port } = await listen({ endpoints: [await site.answering('a', () => asked())] });
  const answer = ask(port, { headers: { Connection: 'Upgrade', Upgrade: 'websocket' } });
  await reached;
  site.clock.advance(14_999);
  site.clock.advance(1);
  expect(await answer).toMatchObject({ status: 504, body: 'upstream request timeout' });
});

test('a WebSocket ends when nothing has come for long', async () => {
  const server = upgrading();
  const endpoint = await site.serve('a', server);
  site.onClose(() => server.close());
  const { port } = await listen({ endpoints: [endpoint] });
  const [, socket] = await upgrade(port);
  site.clock.advance(300_000);
  expect(await text(socket)).toBe('');
});
