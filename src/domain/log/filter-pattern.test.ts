import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogError } from './log-error.ts';
import { compileFilterPattern } from './filter-pattern.ts';

const access = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

test.each([
  ['', 'anything', true],
  ['ERROR', '[ERROR] 400', true],
  ['ERROR', '[Error] 400', false],
  ['ERROR ARGUMENTS', 'ERROR 401 INVALID ARGUMENTS', true],
  ['ERROR ARGUMENTS', 'ERROR 401', false],
  ['?ERROR ?ARGUMENTS', 'INVALID ARGUMENTS', true],
  ['?ERROR ?ARGUMENTS', 'fine', false],
  ['?ERROR fine', 'fine', true],
  ['ERROR -EXITING', 'ERROR', true],
  ['ERROR -EXITING', 'ERROR, EXITING', false],
  ['"INTERNAL SERVER ERROR"', 'an INTERNAL SERVER ERROR', true],
  ['"INTERNAL SERVER ERROR"', 'INTERNAL ERROR of the SERVER', false],
  [String.raw`"say \"no\""`, 'they say "no"', true],
  ['%4[0-9]{2}%', 'status 404', true],
  ['%4[0-9]{2}%', 'status 504', false],
  ['{ $.level = "error" }', '{"level":"error"}', true],
  ['{ $.level = "error" }', '{"level":"info"}', false],
  ['{ $.level = "error" }', 'error', false],
  ['{ $.level = error }', '{"level":"error"}', true],
  ['{ $.level = "err*" }', '{"level":"error"}', true],
  ['{ $.a.b[1] = 5 }', '{"a":{"b":[4,5]}}', true],
  ['{ $.a != 5 }', '{"a":6}', true],
  ['{ $.a != 5 }', '{}', false],
  ['{ $.a > 5 && $.a <= 7 }', '{"a":7}', true],
  ['{ ($.a = 1 || $.b = 2) && $.c = 3 }', '{"b":2,"c":3}', true],
  ['{ ($.a = 1 || $.b = 2) && $.c = 3 }', '{"b":2}', false],
  ['{ $.a IS NULL }', '{"a":null}', true],
  ['{ $.a IS TRUE }', '{"a":true}', true],
  ['{ $.a NOT EXISTS }', '{"b":1}', true],
  ['{ $.a NOT EXISTS }', '{"a":1}', false],
  ['{ $.a = %^4[0-9]+$% }', '{"a":"404"}', true],
  ['{ $["a b"] = 1 }', '{"a b":1}', true],
  ['{ $.tags[*] = "x" }', '{"tags":["y","x"]}', true],
  ['{ $.constructor EXISTS }', '{}', false],
  ['[ip, id, user, time, request, status = 4*, size]', access, true],
  ['[ip, id, user, time, request, status = 5*, size]', access, false],
  ['[ip, id, user, time, request, status = 4* || status = 5*, size > 1000]', access, true],
  ['[ip, ..., size < 1000]', access, false],
  ['[..., request = "GET *", status != 200, size]', access, true],
  ['[ip, user]', access, false],
])('the pattern %s for %s says %s', (pattern, message, found) => {
  expect(compileFilterPattern(pattern)(message)).toBe(found);
});

test.each([
  '{ $.a = }',
  '{ $.a',
  '{ a = 1 }',
  '[a, b',
  '[..., ...]',
  '"open',
  '%(%',
  '{ $.a > "x" }',
])('the pattern %s is refused', (pattern) => {
  expect(() => compileFilterPattern(pattern)).toThrow('Invalid filter pattern');
});

test('any pattern is either refused or answers for any message', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (pattern, message) => {
      expect([true, false, 'InvalidParameterException']).toContain(outcome(pattern, message));
    }),
  );
});

function outcome(pattern: string, message: string): unknown {
  try {
    return compileFilterPattern(pattern)(message);
  } catch (error) {
    return error instanceof LogError ? error.code : error;
  }
}

test('a quoted text finds the messages that contain it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (before, text, after) => {
      const quoted = `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
      expect(compileFilterPattern(quoted)(before + text + after)).toBe(true);
    }),
  );
});
