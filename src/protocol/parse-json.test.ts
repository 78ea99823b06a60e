import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './parse-json.ts';

const maximumDepth = 8;

function parse(text: string): unknown {
  return parseJson(Buffer.from(text), maximumDepth);
}

test('An absent body is an empty object', () => {
  expect(parse('')).toEqual({});
});

test.each(['{', '[1,', '{"a":}', '{"a":1,}', "{'a':1}", 'undefined', '{} {}', '\ufeff{}', ' '])(
  'The body %j is refused without a message',
  (text) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ status: 400, code: 'SerializationException', text: undefined }),
    );
  },
);

test('A body that is not UTF-8 is refused', () => {
  expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]), maximumDepth)).toThrow(
    expect.objectContaining({ code: 'SerializationException' }),
  );
});

test.each([
  '['.repeat(9),
  '{"a":'.repeat(9),
  '[{"a":'.repeat(5),
  `${'["\\\\\\"]",'.repeat(9)}`,
  '['.repeat(4_000_000),
])('A body that nests deeper than the bound is refused before it is parsed', (text) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({
      code: 'SerializationException',
      text: 'Request body is nested too deeply',
    }),
  );
});

test.each([
  '['.repeat(8) + ']'.repeat(8),
  JSON.stringify(Array.from({ length: 100 }, () => [{}])),
  JSON.stringify('[{'.repeat(100)),
  JSON.stringify({ 'a\\"[[[[[[[[[[': '\\\\"[[[[[[[[[[' }),
])('Brackets side by side, or in strings, do not nest', (text) => {
  expect(parse(text)).toEqual(JSON.parse(text));
});

test('What is JSON and not too deep is parsed as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});
