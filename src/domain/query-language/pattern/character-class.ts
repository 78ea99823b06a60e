import type { CharacterClass } from './pattern.ts';

export function oneOf(characters: string): CharacterClass {
  const codePoints = new Set(Array.from(characters, codePointOf));
  return (codePoint) => codePoints.has(codePoint);
}

export function range(first: number, last: number): CharacterClass {
  return (codePoint) => first <= codePoint && codePoint <= last;
}

export function not(inner: CharacterClass): CharacterClass {
  return (codePoint) => !inner(codePoint);
}

export function union(classes: readonly CharacterClass[]): CharacterClass {
  return (codePoint) => classes.some((matches) => matches(codePoint));
}

export function intersection(classes: readonly CharacterClass[]): CharacterClass {
  return (codePoint) => classes.every((matches) => matches(codePoint));
}

/** As `(?i)` has it: only letters of ASCII have another case. */
export function ignoringCase(inner: CharacterClass): CharacterClass {
  const letter = ofForm(/[A-Za-z]/);
  return (codePoint) =>
    inner(codePoint) || (letter(codePoint) && (inner(codePoint | 32) || inner(codePoint & ~32)));
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function ofForm(form: RegExp): CharacterClass {
  return (codePoint) => form.test(String.fromCodePoint(codePoint));
}

export const isWordCharacter = ofForm(/[A-Za-z0-9_]/);
export const anyButLineEnd = not(oneOf('\n\r\u0085\u2028\u2029'));

const digit = ofForm(/[0-9]/);
const space = oneOf(' \t\n\u000B\f\r');
const horizontalSpace = union([
  oneOf(' \t\u00A0\u1680\u180E\u202F\u205F\u3000'),
  range(0x2000, 0x200a),
]);
const verticalSpace = oneOf('\n\u000B\f\r\u0085\u2028\u2029');

/** The classes that a backslash and a letter stand for. */
export const predefinedClasses: ReadonlyMap<string, CharacterClass> = new Map([
  ['d', digit],
  ['D', not(digit)],
  ['w', isWordCharacter],
  ['W', not(isWordCharacter)],
  ['s', space],
  ['S', not(space)],
  ['h', horizontalSpace],
  ['H', not(horizontalSpace)],
  ['v', verticalSpace],
  ['V', not(verticalSpace)],
]);

/** The classes of `\p{...}` that are of ASCII alone. */
const posixClasses: ReadonlyMap<string, CharacterClass> = new Map([
  ['Lower', ofForm(/[a-z]/)],
  ['Upper', ofForm(/[A-Z]/)],
  ['ASCII', range(0, 0x7f)],
  ['Alpha', ofForm(/[A-Za-z]/)],
  ['Digit', digit],
  ['Alnum', ofForm(/[A-Za-z0-9]/)],
  ['Punct', union([range(0x21, 0x2f), range(0x3a, 0x40), range(0x5b, 0x60), range(0x7b, 0x7e)])],
  ['Graph', range(0x21, 0x7e)],
  ['Print', range(0x20, 0x7e)],
  ['Blank', oneOf(' \t')],
  ['Cntrl', union([range(0, 0x1f), oneOf('\u007F')])],
  ['XDigit', ofForm(/[0-9A-Fa-f]/)],
  ['Space', space],
]);

const generalCategory =
  /^(?:Is)?(?<name>C[cfos]?|L[ltmou]?|M[nce]?|N[dlo]?|P[cdsefio]?|S[mcko]?|Z[slp]?)$/;

/** The class of `\p{name}`: of POSIX, or a general category of Unicode. */
export function namedClass(name: string): CharacterClass | undefined {
  const category = generalCategory.exec(name)?.groups?.['name'];
  if (category !== undefined) return ofForm(new RegExp(`^\\p{${category}}$`, 'u'));
  return posixClasses.get(name);
}
