import fc from 'fast-check';
import { expect, test } from 'vitest';
import { call, openDoor, rawCall, responsesIn, sendRaw } from '../../test/fixtures/door.ts';

const good = rawCall('RegisterTaskDefinition', '{"family":"web","containerDefinitions":[]}');
const handlers = { RegisterTaskDefinition: () => ({}), ListClusters: () => ({}) };

/** Requests that are wrong in their HTTP, each in one way. */
const malformed = [
  'nonsense\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'POST /\r\n\r\n',
  'POST / HTTP/9.9\r\nHost: localhost\r\n\r\n',
  'POST / HTTP/1.1\r\n\r\n',
  'POST  / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'PO ST / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'POST / HTTP/1.1\r\nHost localhost\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nA\u0000B: c\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1e3\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\n\r\n',
  'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  `POST /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  `POST / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`,
  `POST / HTTP/1.1\r\nHost: localhost\r\n${'X-A: a\r\n'.repeat(3000)}\r\n`,
  rawCall('ListClusters', 'zz\r\n{}\r\n0\r\n\r\n', { 'transfer-encoding': 'chunked' }),
  rawCall('ListClusters', '2\r\n{}xx0\r\n\r\n', { 'transfer-encoding': 'chunked' }),
  rawCall('ListClusters', `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`, {
    'transfer-encoding': 'chunked',
  }),
  rawCall('ListClusters', '{}', { 'content-length': '20' }),
  rawCall('ListClusters', '2\r\n{}\r\n', { 'transfer-encoding': 'chunked' }),
];

test.each(malformed)('Malformed HTTP, %j, is answered with one 4xx', async (raw) => {
  await using door = await openDoor(handlers);
  const responses = responsesIn(await sendRaw(door.port, raw));
  expect(responses).toHaveLength(1);
  expect(responses[0]?.status).toSatisfy(isClientError);
  expect(await call(door, 'ListClusters')).toMatchObject({ status: 200 });
  expect(door.logged).toEqual([]);
});

/** A good request with some of its bytes cut out, doubled, or replaced. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(good.length - 1),
      cut: fc.nat(12),
      put: fc.oneof(
        fc.string({ unit: fc.nat(255).map((byte) => String.fromCharCode(byte)), maxLength: 8 }),
        fc.constantFrom('\r\n', '\r\n\r\n', '\u0000', '{', '"', 'chunked', '99999999999'),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((edits) =>
    edits.reduce((raw, { at, cut, put }) => raw.slice(0, at) + put + raw.slice(at + cut), good),
  );

test('Mutilated requests get well-formed answers, and the door stays open', async () => {
  await using door = await openDoor(handlers);
  await fc.assert(
    fc.asyncProperty(mutated, async (raw) => {
      const responses = responsesIn(await sendRaw(door.port, raw));
      expect(responses.length).toBeGreaterThan(0);
      // A mutilation may hit what nobody looks at, such as the date.
      expect(responses.filter(({ status }) => status !== 200 && !isClientError(status))).toEqual(
        [],
      );
    }),
    { numRuns: 200 },
  );
  expect(await call(door, 'ListClusters')).toMatchObject({ status: 200 });
  expect(door.logged).toEqual([]);
});

function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}
