import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aRoute, proxyAddress, ProxySite } from '../../test/fixtures/proxy-route.ts';
import type { Route } from './route.ts';
import { TcpListener } from './tcp-listener.ts';

let site: ProxySite;
beforeEach(() => {
  site = new ProxySite();
});
afterEach(() => site.close());

async function listen(route: Partial<Route>) {
  const given = aRoute({ protocol: 'tcp', idleMs: 3_600_000, requestMs: 0, ...route });
  const listener = new TcpListener(given, site.surroundings);
  return { listener, port: await site.open(listener) };
}

async function serving(id: string, take: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    take(socket);
  });
  site.onClose(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return site.serve(id, server);
}

function call(port: number): Socket {
  return connect({ port, host: proxyAddress, allowHalfOpen: true });
}

test('each of the directions of a connection ends by itself', async () => {
  const endpoint = await serving('a', (socket) => {
    let asked = '';
    socket.on('data', (chunk: Buffer) => (asked += chunk.toString()));
    socket.on('end', () => socket.end(`${asked} and back`));
  });
  const { port } = await listen({ endpoints: [endpoint] });
  const client = call(port);
  client.end('there');
  expect(await text(client)).toBe('there and back');
  const [access] = await site.reported(1);
  expect(access).toMatchObject({ bytesReceived: 5, bytesSent: 14 });
});

test('connections go to the endpoints in turn, past those that take none', async () => {
  const [a, b] = [
    await serving('a', (socket) => socket.end('a')),
    await serving('b', (socket) => socket.end('b')),
  ];
  const { port } = await listen({ endpoints: [a, await site.absent('gone'), b] });
  const words: string[] = [];
  for (let time = 0; time < 4; time += 1) words.push(await text(call(port).end()));
  expect(words).toEqual(['a', 'b', 'a', 'b']);
});

test.each([{ endpoints: 0 }, { endpoints: 1 }])(
  'a connection is reset where $endpoints endpoints take it',
  async ({ endpoints }) => {
    const absent = await site.absent('gone');
    const { port } = await listen({ endpoints: endpoints === 0 ? [] : [absent] });
    const [error]: [NodeJS.ErrnoException] = await new Promise((resolve) => {
      call(port)
        .resume()
        .once('error', (failure) => resolve([failure]));
    });
    expect(error.code).toBe('ECONNRESET');
    const [access] = await site.reported(1);
    expect(access?.flags).toBe(endpoints === 0 ? 'UH' : 'UF');
  },
);

test('much that one side is slow to take waits at the other', async () => {
  const body = Buffer.alloc(8_000_000, 'x');
  const endpoint = await serving('a', (socket) => socket.end(body));
  const { port } = await listen({ endpoints: [endpoint] });
  const client = call(port).end();
  await once(client, 'connect');
  expect((await text(client)).length).toBe(body.length);
});

test('a connection that an endpoint resets is reset', async () => {
  const endpoint = await serving('a', (socket) => {
    socket.once('data', () => socket.resetAndDestroy());
  });
  const { port } = await listen({ endpoints: [endpoint] });
  const client = call(port);
  client.write('x');
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
    client.resume().once('error', resolve);
  });
  expect(error.code).toBe('ECONNRESET');
});

test('a connection on which nothing moves for long ends', async () => {
  const endpoint = await serving('a', (socket) => void socket.pipe(socket));
  const { port } = await listen({ endpoints: [endpoint] });
  const client = call(port);
  client.write('x');
  await once(client, 'data');
  site.clock.advance(3_599_000);
  client.write('x');
  await once(client, 'data');
  site.clock.advance(3_599_000);
  expect(client.destroyed).toBe(false);
  const ended = once(client.resume(), 'end');
  site.clock.advance(1_000);
  await ended;
  client.end();
  expect(await site.reported(1)).toMatchObject([{ flags: 'SI' }]);
});

test('connections to an endpoint that has gone stay, new ones go elsewhere', async () => {
  const a = await serving('a', (socket) => void socket.pipe(socket));
  const b = await serving('b', (socket) => socket.end('b'));
  const { listener, port } = await listen({ endpoints: [a] });
  const client = call(port);
  client.write('x');
  await once(client, 'data');
  listener.update(aRoute({ endpoints: [b] }));
  expect(await text(call(port).end())).toBe('b');
  client.end('still');
  expect(await text(client)).toBe('still');
});
