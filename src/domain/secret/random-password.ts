import { invalidSecretParameter } from './secret-error.ts';

/** What GetRandomPassword takes, by its own names. */
export interface GivenPassword {
  readonly PasswordLength?: number | undefined;
  readonly ExcludeCharacters?: string | undefined;
  readonly ExcludeNumbers?: boolean | undefined;
  readonly ExcludePunctuation?: boolean | undefined;
  readonly ExcludeUppercase?: boolean | undefined;
  readonly ExcludeLowercase?: boolean | undefined;
  readonly IncludeSpace?: boolean | undefined;
  readonly RequireEachIncludedType?: boolean | undefined;
}

const usualLength = 32;
const mostLength = 4096;
const lowercase = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/**
 * A password (Secrets Manager API reference, "GetRandomPassword"): of each kind of character that may be there is at
 * least one, unless that is not required.
 * @param pick gives a number from 0 on that is less than the one it is given, any with the same chance
 * @throws SecretError InvalidParameterException
 */
export function randomPassword(given: GivenPassword, pick: (below: number) => number): string {
  const { PasswordLength: length = usualLength, RequireEachIncludedType: isEach = true } = given;
  if (!Number.isInteger(length) || length < 1 || length > mostLength) {
    throw invalidSecretParameter(`PasswordLength is between 1 and ${mostLength}.`);
  }
  const kinds = kindsOf(given);
  const all = kinds.join('');
  const required = isEach ? kinds : [];
  if (all === '' || required.length > length) throw cannotBeMade();
  const one = (characters: string): string => characters.charAt(pick(characters.length));
  const password = required.map(one);
  while (password.length < length) password.push(one(all));
  return shuffled(password, pick).join('');
}

/** The kinds of which something is left. */
function kindsOf(given: GivenPassword): readonly string[] {
  const excluded = new Set(given.ExcludeCharacters ?? '');
  const kinds = [
    given.ExcludeLowercase ? '' : lowercase,
    given.ExcludeUppercase ? '' : lowercase.toUpperCase(),
    given.ExcludeNumbers ? '' : digits,
    given.ExcludePunctuation ? '' : punctuation,
    given.IncludeSpace ? ' ' : '',
  ];
  const left = kinds.map((kind) =>
    Array.from(kind)
      .filter((one) => !excluded.has(one))
      .join(''),
  );
  return left.filter((kind) => kind !== '');
}

function shuffled(items: readonly string[], pick: (below: number) => number): readonly string[] {
  const left = [...items];
  const result: string[] = [];
  while (left.length > 0) result.push(...left.splice(pick(left.length), 1));
  return result;
}

/** [inferred wording] */
function cannotBeMade(): Error {
  return invalidSecretParameter(
    'The password length must be at least as many as the types of characters that are to be in it.',
  );
}
