import { gzipSync } from 'node:zlib';
import {
  ClusterNotFoundException,
  ConflictException,
  DescribeClustersCommand,
  ECSClient,
  ListClustersCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { CallerError, call, openDoor } from '../../test/fixtures/door.ts';
import { parseCredentials } from './credentials.ts';
import type { Call } from './service.ts';

const unavailable = {
  __type: 'ServerException',
  message: 'Service Unavailable. Please try again later.',
};

function clientOf(url: string, secretAccessKey = 'secret'): ECSClient {
  return new ECSClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
    maxAttempts: 1,
  });
}

const credentials = parseCredentials(
  JSON.stringify({
    credentials: [
      { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', accountId: '210987654321' },
    ],
  }),
);

describe('the AWS SDK', () => {
  test('gets what the handler returns, with dates as dates', async () => {
    await using door = await openDoor({
      DescribeClusters: (input) => ({
        clusters: [{ clusterName: JSON.stringify(input), runningTasksCount: 0, tags: [] }],
        failures: [],
      }),
    });
    const answer = await clientOf(door.url).send(new DescribeClustersCommand({ clusters: ['a'] }));
    expect(answer).toMatchObject({
      clusters: [{ clusterName: '{"clusters":["a"]}', runningTasksCount: 0, tags: [] }],
      failures: [],
      $metadata: { httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  test('knows a modelled error by its class and members', async () => {
    await using door = await openDoor({
      ListClusters: () => {
        throw new CallerError('ConflictException', 'In use.', { resourceIds: ['a', 'b'] });
      },
      DescribeClusters: async () => {
        throw new CallerError('ClusterNotFoundException', 'Cluster not found.');
      },
    });
    const ecs = clientOf(door.url);
    const conflict = await ecs.send(new ListClustersCommand({})).catch((error: unknown) => error);
    expect(conflict).toBeInstanceOf(ConflictException);
    expect(conflict).toMatchObject({ message: 'In use.', resourceIds: ['a', 'b'] });
    const missing = ecs.send(new DescribeClustersCommand({}));
    await expect(missing).rejects.toThrow(ClusterNotFoundException);
    expect(door.logged).toEqual([]);
  });

  test('is let in by its secret, as the account of its key', async () => {
    const calls: Call[] = [];
    const handlers = { ListClusters: (_: unknown, one: Call) => (calls.push(one), {}) };
    await using door = await openDoor(handlers, { credentials });
    await clientOf(door.url).send(new ListClustersCommand({}));
    expect(calls).toMatchObject([
      {
        accessKeyId: 'AKIDEXAMPLE',
        accountId: '210987654321',
        callerArn: 'arn:aws:iam::210987654321:root',
        region: 'eu-west-1',
      },
    ]);
    const guess = clientOf(door.url, 'guess').send(new ListClustersCommand({}));
    await expect(guess).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    expect(calls).toHaveLength(1);
  });
});

test('An answer has the headers of ECS and a right date', async () => {
  await using door = await openDoor({ ListClusters: () => ({ clusterArns: ['ü'] }) });
  const answer = await call(door, 'ListClusters');
  expect(answer.status).toBe(200);
  expect(answer.body).toBe('{"clusterArns":["ü"]}');
  expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1');
  expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers['x-amzn-errortype']).toBeUndefined();
  const date = Date.parse(answer.headers.date ?? '');
  expect(Math.abs(Date.now() - date)).toBeLessThan(5 * 60_000);
});

test.each([
  { name: 'an unknown operation', operation: 'Nothing' },
  { name: 'no target', headers: { 'x-amz-target': '' } },
  {
    name: 'another case',
    headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.listClusters' },
  },
  { name: 'another service', headers: { 'x-amz-target': 'Other.ListClusters' } },
  {
    name: 'another media type',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'UnsupportedMediaTypeException',
    message: 'Content-Type must be application/x-amz-json-1.1',
  },
  {
    name: 'the media type of forms',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'UnsupportedMediaTypeException',
    message: 'Content-Type must be application/x-amz-json-1.1',
  },
  {
    name: 'an unknown encoding',
    headers: { 'content-encoding': 'br' },
    status: 415,
    code: 'UnsupportedMediaTypeException',
    message: 'Content-Encoding must be gzip or identity',
  },
  {
    name: 'a body that is no gzip',
    headers: { 'content-encoding': 'gzip' },
    code: 'SerializationException',
    message: 'Request body is not valid gzip',
  },
  {
    name: 'a bomb',
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(8_000_000, ' ')),
    status: 413,
    code: 'RequestEntityTooLargeException',
    message: 'Request body must not exceed 4194304 bytes',
  },
  {
    name: 'a large body',
    body: ' '.repeat(5_000_000),
    status: 413,
    code: 'RequestEntityTooLargeException',
    message: 'Request body must not exceed 4194304 bytes',
  },
  { name: 'malformed JSON', body: '{', code: 'SerializationException' },
  {
    name: 'a list for a body',
    body: '[]',
    code: 'SerializationException',
    message: 'Start of list found where not expected',
  },
  {
    name: 'a wrong type',
    body: '{"maxResults":"5"}',
    code: 'SerializationException',
    message: 'STRING_VALUE can not be converted to an Integer',
  },
  {
    name: 'deep nesting',
    body: `{"a":${'['.repeat(1_000_000)}`,
    code: 'SerializationException',
    message: 'Request body is nested too deeply',
  },
  {
    name: 'no signature',
    headers: { authorization: '' },
    code: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  },
  {
    name: 'a foreign host',
    headers: { host: 'evil.example' },
    status: 403,
    code: 'AccessDeniedException',
    message:
      'Without a credentials file, the Host header must name a loopback host such as localhost',
  },
  {
    name: 'a foreign origin',
    headers: { origin: 'http://evil.example' },
    status: 403,
    code: 'AccessDeniedException',
    message: 'Without a credentials file, requests of web pages from elsewhere are refused',
  },
  // A fault in what is checked earlier is the one that is told.
  { name: 'no target and malformed JSON', headers: { 'x-amz-target': '' }, body: '{' },
  {
    name: 'malformed JSON and no signature',
    headers: { authorization: '' },
    body: '{',
    code: 'SerializationException',
  },
  {
    name: 'no signature and a wrong type',
    headers: { authorization: '' },
    body: '[]',
    code: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  },
])('$name is answered $status $code', async (row) => {
  const { operation = 'ListClusters', body = '{}', headers = {}, status = 400 } = row;
  const code = row.code ?? 'UnknownOperationException';
  await using door = await openDoor({ ListClusters: () => ({}) });
  const answer = await call(door, operation, body, headers);
  expect(answer.status).toBe(status);
  expect(answer.headers['x-amzn-errortype']).toBe(code);
  expect(JSON.parse(answer.body)).toEqual({ __type: code, message: row.message });
  expect(door.answered).toMatchObject([{ status, code }]);
  expect(door.logged).toEqual([]);
});

test('A call is told its id, time, account and region', async () => {
  const calls: Call[] = [];
  const handlers = { ListClusters: (_: unknown, one: Call) => (calls.push(one), {}) };
  await using door = await openDoor(handlers, { now: () => 1789551555929 });
  const answer = await call(door, 'ListClusters');
  expect(calls).toEqual([
    {
      requestId: answer.headers['x-amzn-requestid'],
      now: 1789551555929,
      accessKeyId: '123456789012',
      accountId: '123456789012',
      callerArn: 'arn:aws:iam::123456789012:root',
      origin: door.url,
      region: 'eu-west-1',
    },
  ]);
});

test.each([
  { headers: { 'content-type': 'application/x-amz-json-1.1; charset=utf-8' } },
  { headers: { 'content-type': 'application/x-amz-json-1.0' } },
  { headers: { 'content-type': 'Application/X-Amz-Json-1.1;charset=UTF-8' } },
  { headers: { 'content-encoding': 'identity' } },
  { headers: { 'content-encoding': 'gzip' }, body: gzipSync('{"maxResults":7}') },
  { headers: { expect: '100-continue' } },
  { headers: { origin: 'http://localhost:4510', host: 'LOCALHOST:80' } },
  { headers: { origin: 'https://[::1]:1', host: '[::1]' } },
  { headers: { host: '127.1.2.3:4510' } },
  { headers: { 'x-unknown': '1' } },
  { headers: { 'transfer-encoding': 'chunked' } },
])('A request with $headers is as good as any', async ({ headers, body }) => {
  await using door = await openDoor({
    ListClusters: (input) => ({ nextToken: JSON.stringify(input) }),
  });
  const answer = await call(door, 'ListClusters', body ?? '{"maxResults":7}', headers);
  expect(answer).toMatchObject({ status: 200, body: '{"nextToken":"{\\"maxResults\\":7}"}' });
});

test('An absent body is an empty object', async () => {
  await using door = await openDoor({
    ListClusters: (input) => ({ nextToken: JSON.stringify(input) }),
  });
  expect(await call(door, 'ListClusters', '')).toMatchObject({ body: '{"nextToken":"{}"}' });
});

test.each([
  {
    name: 'throws',
    handler: () => {
      throw new Error('a secret');
    },
  },
  { name: 'rejects', handler: () => Promise.reject(new Error('a secret')) },
  { name: 'answers what the schema cannot hold', handler: () => ({ clusterArns: 'a secret' }) },
  { name: 'later answers what the schema cannot hold', handler: async () => ({ clusterArns: 5 }) },
])('When a handler $name, the caller learns nothing and it is logged once', async ({ handler }) => {
  await using door = await openDoor({ ListClusters: handler });
  const answer = await call(door, 'ListClusters', '{"nextToken":"a secret"}');
  expect(answer).toMatchObject({ status: 500, headers: { 'x-amzn-errortype': 'ServerException' } });
  expect(JSON.parse(answer.body)).toEqual(unavailable);
  expect(door.logged).toEqual([
    {
      message: 'A request failed',
      fields: {
        err: expect.any(Error),
        requestId: answer.headers['x-amzn-requestid'],
        operation: 'ListClusters',
      },
    },
  ]);
});

test('A fault of the service itself is told with its own status', async () => {
  await using door = await openDoor(
    { ListClusters: () => Promise.reject(new Error('later')) },
    { faultOf: () => ({ status: 500, code: 'ServerException', message: '', members: {} }) },
  );
  expect(await call(door, 'ListClusters')).toMatchObject({
    status: 500,
    body: '{"__type":"ServerException","message":""}',
  });
});

describe('durability', () => {
  test.each([
    { name: 'An answer', handler: () => ({ clusterArns: [] }), status: 200 },
    { name: 'A later answer', handler: async () => ({ clusterArns: [] }), status: 200 },
    {
      name: 'An error',
      handler: () => {
        throw new CallerError('ClientException', 'No.');
      },
      status: 400,
    },
  ])('$name waits until all that it has seen is durable', async ({ handler, status }) => {
    const commit = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    const settled = () => {
      seen.resolve();
      return commit.promise;
    };
    await using door = await openDoor({ ListClusters: handler }, { settled });
    const answer = call(door, 'ListClusters');
    await seen.promise;
    expect(door.answered).toEqual([]);
    commit.resolve();
    expect(await answer).toMatchObject({ status });
  });

  test('What could not be made durable is not answered', async () => {
    const settled = () => Promise.reject(new Error('disk full'));
    await using door = await openDoor({ ListClusters: () => ({}) }, { settled });
    const answer = await call(door, 'ListClusters');
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toEqual(unavailable);
    expect(door.logged).toMatchObject([{ fields: { err: new Error('disk full') } }]);
  });
});

test('Each answer is observed with its service, operation and code', async () => {
  await using door = await openDoor({
    ListClusters: () => ({}),
    DescribeClusters: () => Promise.reject(new CallerError('ClientException', 'No.')),
  });
  await call(door, 'ListClusters');
  await call(door, 'DescribeClusters');
  await call(door, 'Nothing');
  const service = 'AmazonEC2ContainerServiceV20141113';
  const durationMs = expect.any(Number);
  expect(door.answered).toEqual([
    { service, operation: 'ListClusters', status: 200, code: undefined, durationMs },
    { service, operation: 'DescribeClusters', status: 400, code: 'ClientException', durationMs },
    {
      service: undefined,
      operation: undefined,
      status: 400,
      code: 'UnknownOperationException',
      durationMs,
    },
  ]);
});

test('One request too many at a time is throttled, and later ones are not', async () => {
  const held = Promise.withResolvers<object>();
  const entered = Promise.withResolvers<void>();
  const handlers = {
    ListClusters: () => ({}),
    DescribeClusters: () => {
      entered.resolve();
      return held.promise;
    },
  };
  await using door = await openDoor(handlers, { limits: { requestsInFlight: 1 } });
  const first = call(door, 'DescribeClusters');
  await entered.promise;
  const second = await call(door, 'ListClusters');
  expect(second.status).toBe(400);
  expect(JSON.parse(second.body)).toEqual({
    __type: 'ThrottlingException',
    message: 'Rate exceeded',
  });
  held.resolve({});
  expect(await first).toMatchObject({ status: 200 });
  expect(await call(door, 'ListClusters')).toMatchObject({ status: 200 });
});

test('Bodies that together are too much to hold are throttled', async () => {
  await using door = await openDoor(
    { ListClusters: () => ({}) },
    { limits: { bufferedBytes: 10 } },
  );
  expect(await call(door, 'ListClusters', `{"a":"${'b'.repeat(10)}"}`)).toMatchObject({
    status: 400,
    headers: { 'x-amzn-errortype': 'ThrottlingException' },
  });
  expect(await call(door, 'ListClusters')).toMatchObject({ status: 200 });
});
