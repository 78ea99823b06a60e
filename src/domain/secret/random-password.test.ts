import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomPassword, type GivenPassword } from './random-password.ts';

const anyPassword = fc.record(
  {
    PasswordLength: fc.integer({ min: 5, max: 64 }),
    ExcludeCharacters: fc.string({ maxLength: 10 }),
    ExcludeNumbers: fc.boolean(),
    ExcludePunctuation: fc.boolean(),
    ExcludeUppercase: fc.boolean(),
    IncludeSpace: fc.boolean(),
  },
  { requiredKeys: [] },
);

test('A password has something of each kind that may be in it, and nothing else', () => {
  fc.assert(
    fc.property(anyPassword, fc.infiniteStream(fc.nat()), (given: GivenPassword, numbers) => {
      const pick = (below: number) => numbers.next().value % below;
      const password = randomPassword(given, pick);
      expect(password).toHaveLength(given.PasswordLength ?? 32);
      const kinds: readonly (readonly [RegExp, boolean])[] = [
        [/[a-z]/, true],
        [/[A-Z]/, !given.ExcludeUppercase],
        [/[0-9]/, !given.ExcludeNumbers],
        [/ /, (given.IncludeSpace ?? false) && !given.ExcludeCharacters?.includes(' ')],
      ];
      for (const [kind, isThere] of kinds) expect(kind.test(password)).toBe(isThere);
      for (const one of given.ExcludeCharacters ?? '') expect(password).not.toContain(one);
      expect(/[^a-zA-Z0-9 ]/.test(password)).toBe(!given.ExcludePunctuation);
    }),
  );
});

test.each<GivenPassword>([
  { PasswordLength: 0 },
  { PasswordLength: 4097 },
  { PasswordLength: 3 },
  {
    ExcludeNumbers: true,
    ExcludePunctuation: true,
    ExcludeUppercase: true,
    ExcludeLowercase: true,
  },
])('A password that cannot be is refused: %j', (given) => {
  expect(() => randomPassword(given, () => 0)).toThrow(/^P|^The password length/);
});

test('A short password is made where not each kind is required', () => {
  const given = { PasswordLength: 1, RequireEachIncludedType: false };
  expect(randomPassword(given, () => 0)).toBe('a');
});
