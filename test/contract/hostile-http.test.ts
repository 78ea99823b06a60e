import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { expectUnharmed, faultsOf, test } from './hostile-server.ts';
import { sendBytes, usualHeaders, type RawRequest } from './raw-client.ts';
import { newAccount } from './server.ts';

const mebibyte = 1024 * 1024;
const largest = 4 * mebibyte;

const padded = (bytes: number): string => `{"clusterName":"${'x'.repeat(bytes - 18)}"}`;
const nested = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const gzip = { 'content-encoding': 'gzip' };

/** What is sent, how it is answered, and with which code. */
type Case = readonly [what: string, request: RawRequest, status: number, code: string];

const bodies: readonly Case[] = [
  ...[
    '{',
    '}',
    '[',
    '{"a"',
    '{"a":}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":NaN}',
    '{"a":01}',
    'hello',
    '\0',
  ].map((body): Case => [
    `the broken JSON ${JSON.stringify(body)}`,
    { body },
    400,
    'SerializationException',
  ]),
  ...['[]', '"a"', '1', 'true'].map((body): Case => [
    `${body} where an object is due`,
    { body },
    400,
    'SerializationException',
  ]),
  [
    'a body that is no UTF-8',
    { body: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d) },
    400,
    'SerializationException',
  ],
  ['a byte order mark', { body: '\ufeff{}' }, 400, 'SerializationException'],
  ['deep nesting', { body: nested(100) }, 400, 'SerializationException'],
  ['very deep nesting', { body: nested(500_000) }, 400, 'SerializationException'],
  ['brackets without an end', { body: '['.repeat(mebibyte) }, 400, 'SerializationException'],
  [
    'a body that is too large',
    { body: padded(largest + 1) },
    413,
    'RequestEntityTooLargeException',
  ],
  ['gzip that is none', { headers: gzip, body: '{}' }, 400, 'SerializationException'],
  [
    'gzip that is cut off',
    { headers: gzip, body: gzipSync('{}').subarray(0, 15) },
    400,
    'SerializationException',
  ],
  [
    'a gzip bomb',
    { headers: gzip, body: gzipSync(Buffer.alloc(64 * mebibyte)) },
    413,
    'RequestEntityTooLargeException',
  ],
  [
    'gzip in gzip',
    { headers: gzip, body: gzipSync(gzipSync('{}')) },
    400,
    'SerializationException',
  ],
  [
    'an unknown encoding',
    { headers: { 'content-encoding': 'br' } },
    415,
    'UnsupportedMediaTypeException',
  ],
];

const unknown = 'UnknownOperationException';
const target = (name: string | undefined): RawRequest => ({ headers: { 'x-amz-target': name } });
const authorization = (value: string | undefined): RawRequest => ({
  headers: { authorization: value },
});
const credential = (scope: string): RawRequest =>
  authorization(`AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`);

const heads: readonly Case[] = [
  ['no target', target(undefined), 400, unknown],
  ...[
    '',
    'ListClusters',
    '__proto__',
    'constructor.name',
    'AmazonEC2ContainerServiceV20141113.',
  ].map((name): Case => [`the target '${name}'`, target(name), 400, unknown]),
  ['an operation in another case', { operation: 'listClusters' }, 400, unknown],
  ['an operation that is none', { operation: 'toString' }, 400, unknown],
  [
    'a target of another version',
    target('AmazonEC2ContainerServiceV20151113.ListClusters'),
    400,
    unknown,
  ],
  ...['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'].map((method): Case => [
    `the method ${method}`,
    { method },
    405,
    unknown,
  ]),
  ...['/clusters', '//', '/../', '/%00', '/?Action=ListClusters'].map((path): Case => [
    `the path ${path}`,
    { path },
    404,
    unknown,
  ]),
  [
    'no content type',
    { headers: { 'content-type': undefined } },
    415,
    'UnsupportedMediaTypeException',
  ],
  [
    'JSON of another kind',
    { headers: { 'content-type': 'application/json' } },
    415,
    'UnsupportedMediaTypeException',
  ],
  [
    'a form',
    { headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    415,
    'UnsupportedMediaTypeException',
  ],
  ['a host of elsewhere', { headers: { host: 'ecs.example.com' } }, 403, 'AccessDeniedException'],
  [
    'a host that only begins like ours',
    { headers: { host: '127.0.0.1.example.com' } },
    403,
    'AccessDeniedException',
  ],
  [
    'a page of elsewhere',
    { headers: { origin: 'https://example.com' } },
    403,
    'AccessDeniedException',
  ],
  ['a page without an origin', { headers: { origin: 'null' } }, 403, 'AccessDeniedException'],
  ['no signature', authorization(undefined), 400, 'MissingAuthenticationTokenException'],
  ['a password', authorization('Basic dXNlcjpwYXNz'), 400, 'IncompleteSignatureException'],
  [
    'half a signature',
    authorization('AWS4-HMAC-SHA256 Credential=a'),
    400,
    'IncompleteSignatureException',
  ],
  [
    'a signature of separators',
    authorization(`AWS4-HMAC-SHA256 ${'=,'.repeat(4_000)}`),
    400,
    'IncompleteSignatureException',
  ],
  ['a scope that is too short', credential('a/b/c'), 400, 'IncompleteSignatureException'],
  ['a scope that is too long', credential('a/b/c/d/e/f'), 400, 'IncompleteSignatureException'],
  [
    'a region that is none',
    credential('a/20260916/<script>/ecs/aws4_request'),
    400,
    'InvalidSignatureException',
  ],
  [
    'a region that would break ARNs',
    credential('a/20260916/us:east/ecs/aws4_request'),
    400,
    'InvalidSignatureException',
  ],
];

test.for([...bodies, ...heads])(
  '%s is refused',
  async ([, request, status, code], { raw, server, accountId }) => {
    const answer = await raw.send(request);
    expect([answer.status, answer.errorType]).toEqual([status, code]);
    if (request.method !== 'HEAD') expect(faultsOf(answer)).toEqual([]);
    await expectUnharmed(server, accountId);
  },
);

test('what is unusual but clear is taken', async ({ raw }) => {
  const usual: readonly RawRequest[] = [
    { body: '' },
    { body: ' \n{}\t' },
    { body: '{"unknown":{"__proto__":[1]}}' },
    { body: gzipSync('{}'), headers: gzip },
    { headers: { 'content-type': 'application/x-amz-json-1.1; charset=utf-8' } },
    { headers: { 'content-type': 'application/x-amz-json-1.0' } },
    { headers: { 'x-forwarded-for': 'a', accept: 'text/html', expect: '100-continue' } },
    { headers: { origin: 'http://localhost:4510', host: 'localhost' } },
  ];
  for (const request of usual) {
    expect([request, (await raw.send(request)).body]).toEqual([request, '{"clusterArns":[]}']);
  }
});

/** The head of a request as bytes, with a body still to come. */
function head(accountId: string, bodyHeader: string): string {
  const headers = Object.entries(usualHeaders('ListClusters', accountId));
  const lines = headers.map(([name, value]) => `${name}: ${String(value)}`);
  return ['POST / HTTP/1.1', 'host: localhost', ...lines, bodyHeader, '', ''].join('\r\n');
}

const malformed: readonly (readonly [
  string,
  (head: (bodyHeader: string) => string) => string,
  RegExp,
])[] = [
  ['bytes that are no HTTP', () => '\u0016\u0003\u0001\u0002\0\u0001', /^HTTP\/1\.1 400 /],
  ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.1 (?:400|505) /],
  ['a request line without a version', () => 'POST /\r\n\r\n', /^HTTP\/1\.1 4/],
  ['no host', () => 'POST / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['a header without a colon', () => 'POST / HTTP/1.1\r\nhost\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'a length and chunks',
    (h) => `${h('content-length: 2\r\ntransfer-encoding: chunked')}{}`,
    /^HTTP\/1\.1 400 /,
  ],
  ['two lengths', (h) => `${h('content-length: 2\r\ncontent-length: 3')}{}`, /^HTTP\/1\.1 400 /],
  ['a negative length', (h) => `${h('content-length: -1')}{}`, /^HTTP\/1\.1 400 /],
  [
    'a chunk of no length',
    (h) => `${h('transfer-encoding: chunked')}xyz\r\n{}\r\n0\r\n\r\n`,
    /^HTTP\/1\.1 400 /,
  ],
  ['headers that are too large', (h) => h(`x-large: ${'x'.repeat(100_000)}`), /^HTTP\/1\.1 431 /],
  [
    'a tunnel',
    () => 'CONNECT example.com:443 HTTP/1.1\r\nhost: localhost\r\n\r\n',
    /^HTTP\/1\.1 405 /,
  ],
  ['a body that ends early', (h) => `${h('content-length: 100')}{}`, /^(?:HTTP\/1\.1 400 |$)/],
];

test.for(malformed)(
  '%s ends the connection and nothing else',
  async ([, bytes, answer], { server, accountId }) => {
    const sent = bytes((bodyHeader) => head(accountId, bodyHeader));
    expect(await sendBytes(server.url, sent)).toMatch(answer);
    await expectUnharmed(server, accountId);
  },
);

test('bodies that come slowly, and those that never come, hold up nobody', async ({
  server,
  accountId,
}) => {
  const { hostname, port } = new URL(server.url);
  const sockets = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const socket = connect({ host: hostname, port: Number(port) });
      await once(socket, 'connect');
      socket.write(`${head(accountId, 'content-length: 2\r\nconnection: close')}{`);
      return socket;
    }),
  );
  await expectUnharmed(server, newAccount());
  const answers = sockets.map(async (socket, index) => {
    if (index % 2 === 0) return socket.destroy();
    socket.write('}');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
    return socket;
  });
  await Promise.all(answers);
  await expectUnharmed(server, accountId);
});

/** Bytes in use once nothing that can go is left: what held memory outside the heap gives it back a turn after it was collected. */
async function bytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  await nextTurn();
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

test('a flood of the largest bodies leaves nothing behind in memory', async ({
  raw,
  server,
  accountId,
}) => {
  const bomb = gzipSync(Buffer.alloc(64 * mebibyte));
  const flood = async (): Promise<void> => {
    const requests = [
      { body: padded(largest) },
      { operation: 'CreateCluster', body: padded(largest) },
      { operation: 'RegisterTaskDefinition', body: padded(largest + 1) },
      { headers: gzip, body: bomb },
    ];
    for (const answer of await Promise.all([...requests, ...requests].map((r) => raw.send(r)))) {
      expect(faultsOf(answer)).toEqual([]);
    }
  };
  await flood();
  const before = await bytesInUse();
  for (let round = 0; round < 10; round += 1) await flood();
  // An answer is there before its connection has let go of all that it held.
  await expect.poll(async () => (await bytesInUse()) - before).toBeLessThan(16 * mebibyte);
  await expectUnharmed(server, accountId);
});
