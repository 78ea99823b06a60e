import { expect, test } from 'vitest';
import { parseAuthorization } from './authorization.ts';

const beginning =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260916/us-east-1/ecs/aws4_request, ' +
  'SignedHeaders=host;x-amz-date, Signature=';

function parse(authorization: string, date = '20260916T093000Z') {
  return parseAuthorization({ authorization, 'x-amz-date': date });
}

test('each request of a client has its own signature and date', () => {
  const first = parse(beginning + 'a'.repeat(64));
  const second = parse(beginning + 'b'.repeat(64), '20260916T093001Z');
  expect(first).toMatchObject({ signature: 'a'.repeat(64), date: '20260916T093000Z' });
  expect(second).toEqual({ ...first, signature: 'b'.repeat(64), date: '20260916T093001Z' });
});

test('a parameter behind a known beginning still counts', () => {
  parse(beginning + 'a'.repeat(64));
  const other = parse(`${beginning}${'a'.repeat(64)}, SignedHeaders=host`);
  expect(other).toMatchObject({ signature: 'a'.repeat(64), signedNames: ['host'] });
});

test('a request without a date is incomplete, however well its beginning is known', () => {
  parse(beginning + 'a'.repeat(64));
  expect(() => parse(beginning + 'a'.repeat(64), '')).toThrow("existence of either a 'X-Amz-Date'");
});
