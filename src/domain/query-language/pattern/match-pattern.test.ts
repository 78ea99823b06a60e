import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern } from './match-pattern.ts';
import { parsePattern } from './parse-pattern.ts';
import { patternSize } from './pattern.ts';

/** Whether a value matches as a whole; undefined if the pattern is refused. */
function matches(source: string, value: string): boolean | undefined {
  const pattern = parsePattern(source);
  return pattern && compilePattern(pattern)(value);
}

test.each([
  ['', '', 'a'],
  ['t2.*', 't2.small', 'm5.large'],
  ['t2\\.(small|micro)', 't2.micro', 't2.large'],
  ['[ct][2-5]\\.\\w+', 'c5.large', 'm5.large'],
  ['a{2}', 'aa', 'a'],
  ['a{2,}', 'aaaa', 'a'],
  ['a{1,2}', 'aa', 'aaa'],
  ['(ab)+?', 'abab', 'aba'],
  ['a|b|', '', 'c'],
  ['^a$', 'a', 'ab'],
  ['\\Aa\\z', 'a', 'b'],
  ['a\\b-\\bb', 'a-b', 'ab'],
  ['a\\Bb', 'ab', 'a b'],
  ['[^a-c]', 'd', 'b'],
  ['[a-d&&[^b]]', 'a', 'b'],
  ['[a[x-z]]', 'y', 'b'],
  ['[]a]', ']', 'b'],
  ['[a-]', '-', 'b'],
  ['\\d\\D\\s\\S', '1a b', 'aa b'],
  ['\\p{Alpha}\\P{Alpha}', 'a1', '1a'],
  ['\\p{Lu}\\pN', 'É7', 'é7'],
  ['\\x41\\u0042\\x{43}', 'ABC', 'abc'],
  ['\\Qa.b\\E.', 'a.bc', 'axbc'],
  ['(?i)Prod', 'pROD', 'test'],
  ['(?:a)(?<name>b)', 'ab', 'a'],
  ['.', '\u{1F600}', '\n'],
  ['a}', 'a}', 'a'],
  ['\\.\\*\\\\', '.*\\', '.*'],
  ['\\t\\h\\v', '\t \n', '\ta\n'],
  ['(a*)*', 'aaa', 'b'],
])('%s matches %j and not %j', (source, yes, no) => {
  expect([matches(source, yes), matches(source, no)]).toEqual([true, false]);
});

test.each([
  '*a',
  'a**',
  'a*+',
  'a{2',
  'a{3,2}',
  '(a',
  'a)',
  '[a',
  '[b-a]',
  '[]',
  'a\\',
  '\\1',
  '\\k<a>',
  '(?=a)',
  '(?<!a)b',
  '(?>a)',
  '(?s).',
  '\\p{Klingon}',
  '\\q',
  '\\G',
  '('.repeat(101),
])('%j is refused', (source) => {
  expect(matches(source, '')).toBeUndefined();
});

test('a pattern that makes other matchers try every way takes as long as any other', () => {
  const value = 'a'.repeat(5000);
  expect(matches('(a|aa|a?)+b', value)).toBe(false);
  expect(matches('(((a*)*)*)*b', value)).toBe(false);
});

test('the size of a pattern counts what its repetitions become', () => {
  const size = (source: string): number => patternSize(parsePattern(source) ?? { kind: 'Empty' });
  expect(size('((a{99}){99}){99}')).toBeGreaterThan(900_000);
  expect(size('((){9999}){9999}')).toBeGreaterThan(9_000_000);
});

const anyPattern = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '^', '$', '\\b', ''),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'))
      .map(([a, quantifier]) => `(${a})${quantifier}`),
  ),
})).pattern;

test('a pattern matches the values that a backtracking matcher finds', () => {
  const value = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 6 });
  fc.assert(
    fc.property(anyPattern, value, (source, text) => {
      expect(matches(source, text)).toBe(new RegExp(`^(?:${source})$`).test(text));
    }),
    { numRuns: 1000 },
  );
});
