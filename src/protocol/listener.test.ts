import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  call,
  headersFor,
  openDoor,
  rawCall,
  responsesIn,
  send,
  sendRaw,
} from '../../test/fixtures/door.ts';
import { parseCredentials } from './credentials.ts';
import type { RouteHandler } from './listener.ts';
import { refuseForeign } from './loopback-guard.ts';

const echo = { ListClusters: (input: unknown) => ({ nextToken: JSON.stringify(input) }) };
const unknownOperation = '{"__type":"UnknownOperationException"}';

describe('routes', () => {
  const routes = new Map<string, RouteHandler>([
    ['/healthz', (_, response) => void response.end('ok')],
    ['/console/', (_, response) => void response.end('console')],
    ['/console/api/', (_, response) => void response.end('api')],
    ['/broken', () => Promise.reject(new Error('broken'))],
    [
      '/torn',
      (_, response) => {
        response.write('half');
        throw new Error('torn');
      },
    ],
  ]);

  test.each([
    { path: '/healthz', body: 'ok' },
    { path: '/healthz?verbose=1', body: 'ok' },
    { path: '/console/', body: 'console' },
    { path: '/console/a/b.js', body: 'console' },
    { path: '/console/api/x', body: 'api' },
  ])('$path is answered by its handler', async ({ path, body }) => {
    await using door = await openDoor(echo, { routes });
    expect(await send(door, { path })).toMatchObject({ status: 200, body });
  });

  test.each(['/console', '/healthz/', '/nowhere', '//', '/?x=1', '/../healthz'])(
    '%s is not found',
    async (path) => {
      await using door = await openDoor(echo, { routes });
      expect(await send(door, { path })).toMatchObject({ status: 404, body: unknownOperation });
    },
  );

  test('A handler that fails is answered as the API is, and logged', async () => {
    await using door = await openDoor(echo, { routes });
    expect(await send(door, { path: '/broken' })).toMatchObject({ status: 500 });
    expect(door.logged).toMatchObject([{ fields: { err: new Error('broken') } }]);
  });

  test('A handler that fails half-way cuts its answer short', async () => {
    await using door = await openDoor(echo, { routes });
    await expect(send(door, { path: '/torn' })).rejects.toThrow('socket hang up');
    expect(door.logged).toMatchObject([{ fields: { err: new Error('torn') } }]);
  });

  test('A web page from elsewhere does not reach a route either', async () => {
    await using door = await openDoor(echo, { routes });
    const headers = { origin: 'http://evil.example' };
    expect(await send(door, { path: '/healthz', headers })).toMatchObject({ status: 403 });
  });
});

test.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
  '%s of / is not allowed',
  async (method) => {
    await using door = await openDoor(echo);
    const answer = await send(door, {
      method,
      path: '/',
      headers: { ...headersFor('ListClusters') },
    });
    expect(answer).toMatchObject({
      status: 405,
      body: unknownOperation,
      headers: { allow: 'POST' },
    });
    const names = Object.keys(answer.headers);
    expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
  },
);

test('HEAD of / is not allowed, without a body', async () => {
  await using door = await openDoor(echo);
  expect(await send(door, { method: 'HEAD', path: '/' })).toMatchObject({ status: 405, body: '' });
});

test.each(['streaming-localhost', 'stream-127.0.0.1', 'data-localhost', 'logs.localhost'])(
  'Without credentials, the host %s is as good as localhost',
  (host) => {
    expect(refuseForeign({ host: `${host}:4510` })).toBeUndefined();
  },
);

test.each(['localhost.example', 'xlocalhost', 'stream-evil.example', 'stream-10.0.0.1'])(
  'Without credentials, the host %s is foreign',
  (host) => {
    expect(refuseForeign({ host })).toMatchObject({ status: 403 });
  },
);

test('With credentials, any host and origin may call', async () => {
  const entry = { accessKeyId: 'AKID', secretAccessKey: 'secret', accountId: '123456789012' };
  const credentials = parseCredentials(JSON.stringify({ credentials: [entry] }));
  await using door = await openDoor(echo, { credentials });
  const headers = { host: 'ecs.example', origin: 'http://console.example' };
  expect(await call(door, 'ListClusters', '{}', headers)).toMatchObject({
    status: 400,
    headers: { 'x-amzn-errortype': 'UnrecognizedClientException' },
  });
});

test('One connection carries many calls, and pipelined calls are answered in order', async () => {
  const held = Promise.withResolvers<object>();
  await using door = await openDoor({
    ...echo,
    DescribeClusters: () => held.promise,
  });
  const calls = Array.from({ length: 20 }, (_, index) =>
    rawCall('ListClusters', `{"maxResults":${index}}`),
  );
  const received = sendRaw(door.port, rawCall('DescribeClusters', '{}') + calls.join(''));
  held.resolve({ failures: [] });
  const responses = responsesIn(await received);
  expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 21 }, () => 200));
  expect(responses[0]?.body).toBe('{"failures":[]}');
  expect(responses[20]?.body).toBe('{"nextToken":"{\\"maxResults\\":19}"}');
});

test('A chunked body is one body', async () => {
  await using door = await openDoor(echo);
  const body = '2\r\n{"\r\n11\r\nmaxResults":12345\r\n1\r\n}\r\n0\r\n\r\n';
  const raw = rawCall('ListClusters', body, { 'transfer-encoding': 'chunked' });
  expect(responsesIn(await sendRaw(door.port, raw))).toMatchObject([
    { status: 200, body: '{"nextToken":"{\\"maxResults\\":12345}"}' },
  ]);
});

test('A chunked body is cut off where it gets too large', async () => {
  await using door = await openDoor(echo, { limits: { bodyBytes: 100 } });
  const body = `40\r\n${' '.repeat(64)}\r\n`.repeat(3) + '0\r\n\r\n';
  const raw = rawCall('ListClusters', body, { 'transfer-encoding': 'chunked' });
  expect(responsesIn(await sendRaw(door.port, raw))).toMatchObject([{ status: 413 }]);
});

describe('clients that break off', () => {
  test('in the middle of a body free what they held', async () => {
    const limits = { requestsInFlight: 1, bufferedBytes: 64 };
    await using door = await openDoor(echo, { limits });
    const socket = connect(door.port, '127.0.0.1');
    socket.write(rawCall('ListClusters', '{"nextToken":"', { 'content-length': '60' }));
    const [request] = await once(door.listener.server, 'request');
    const gone = new Promise((resolve) => request.on('close', resolve));
    socket.destroy();
    await gone;
    const body = JSON.stringify({ nextToken: 'x'.repeat(40) });
    expect(await call(door, 'ListClusters', body)).toMatchObject({ status: 200 });
  });

  test('before their answer leave the others alone', async () => {
    const held = Promise.withResolvers<object>();
    const entered = Promise.withResolvers<void>();
    const handlers = {
      ...echo,
      DescribeClusters: () => {
        entered.resolve();
        return held.promise;
      },
    };
    await using door = await openDoor(handlers, { limits: { requestsInFlight: 1 } });
    const socket = connect(door.port, '127.0.0.1');
    socket.write(rawCall('DescribeClusters', '{}').repeat(3));
    await entered.promise;
    socket.destroy();
    await once(socket, 'close');
    held.resolve({ clusters: [] });
    await expect.poll(() => door.answered.length).toBe(3);
    expect(await call(door, 'ListClusters')).toMatchObject({ status: 200 });
    expect(door.logged).toEqual([]);
  });
});

describe('slow clients', () => {
  const limits = { headersTimeoutMs: 50, requestTimeoutMs: 50, timeoutCheckMs: 10 };

  test.each([
    { name: 'headers', raw: 'POST / HTTP/1.1\r\nHost: localhost\r\nX-A: ' },
    { name: 'body', raw: rawCall('ListClusters', '{', { 'content-length': '2' }) },
    {
      name: 'chunks',
      raw: rawCall('ListClusters', '1\r\n{\r\n', { 'transfer-encoding': 'chunked' }),
    },
  ])('who never finish their $name are told so and cut off', async ({ raw }) => {
    await using door = await openDoor(echo, { limits });
    const received = await sendRaw(door.port, raw, { half: false });
    expect(responsesIn(received)).toMatchObject([{ status: 408 }]);
  });

  test('who idle between calls are cut off', async () => {
    await using door = await openDoor(echo, { limits: { keepAliveTimeoutMs: 10 } });
    const received = await sendRaw(door.port, rawCall('ListClusters', '{}'), { half: false });
    expect(responsesIn(received)).toMatchObject([{ status: 200 }]);
  });
});

describe('closing', () => {
  test('lets a request finish, asks its client to go, and takes no more', async () => {
    const held = Promise.withResolvers<object>();
    const entered = Promise.withResolvers<void>();
    const door = await openDoor({
      DescribeClusters: () => {
        entered.resolve();
        return held.promise;
      },
    });
    const answer = call(door, 'DescribeClusters');
    await entered.promise;
    const closed = door.listener.close();
    await expect(call(door, 'DescribeClusters')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    held.resolve({});
    expect(await answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await closed;
  });

  test('does not wait for ever', async () => {
    const never = new Promise<object>(() => {});
    const entered = Promise.withResolvers<void>();
    const handlers = {
      DescribeClusters: () => {
        entered.resolve();
        return never;
      },
    };
    const door = await openDoor(handlers, { limits: { closeGraceMs: 10 } });
    const answer = call(door, 'DescribeClusters');
    const failed = answer.catch((error: unknown) => error);
    await entered.promise;
    await door.listener.close();
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  });

  test('closes connections that idle', async () => {
    const door = await openDoor(echo);
    const received = sendRaw(door.port, rawCall('ListClusters', '{}'), { half: false });
    await expect.poll(() => door.answered.length).toBe(1);
    await door.listener.close();
    expect(responsesIn(await received)).toMatchObject([{ status: 200 }]);
  });
});

test('A port that is taken is an error', async () => {
  await using door = await openDoor(echo);
  const other = await openDoor(echo);
  await other.listener.close();
  const taken = other.listener.listen('127.0.0.1', door.port);
  await expect(taken).rejects.toThrow('another program listens there already');
});
