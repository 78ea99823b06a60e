import { Reader } from '../reader.ts';
import {
  anyButLineEnd,
  ignoringCase,
  intersection,
  isWordCharacter,
  namedClass,
  not,
  oneOf,
  predefinedClasses,
  range,
  union,
} from './character-class.ts';
import type { Assertion, CharacterClass, Pattern } from './pattern.ts';

/** How many groups and classes may be open at a place. */
const deepestNesting = 100;

class UnmatchablePattern extends Error {}

/** Reads a pattern; undefined for one that is malformed or needs backtracking to be matched. */
export function parsePattern(source: string): Pattern | undefined {
  try {
    return new PatternParser(source).parse();
  } catch (error) {
    if (error instanceof UnmatchablePattern) return undefined;
    throw error;
  }
}

const controlCharacters: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
  ['a', '\u0007'],
  ['e', '\u001B'],
]);

const assertions: ReadonlyMap<string, Assertion> = new Map([
  ['^', isStart],
  ['$', isEnd],
  ['\\A', isStart],
  ['\\z', isEnd],
  ['\\Z', isEnd],
  ['\\b', isBoundary],
  ['\\B', (before, after) => !isBoundary(before, after)],
]);

function isStart(before: number | undefined): boolean {
  return before === undefined;
}

function isEnd(_before: number | undefined, after: number | undefined): boolean {
  return after === undefined;
}

function isBoundary(before: number | undefined, after: number | undefined): boolean {
  const isWord = (codePoint: number | undefined): boolean =>
    codePoint !== undefined && isWordCharacter(codePoint);
  return isWord(before) !== isWord(after);
}

/** A recursive-descent parser, a method for each rule of the grammar. */
class PatternParser {
  readonly #reader: Reader;
  readonly #ignoresCase: boolean;
  #nesting = 0;

  constructor(source: string) {
    this.#reader = new Reader(source);
    this.#ignoresCase = this.#reader.take(/\(\?i\)/y) !== undefined;
  }

  parse(): Pattern {
    const pattern = this.#alternatives();
    if (!this.#reader.atEnd) throw new UnmatchablePattern();
    return pattern;
  }

  #alternatives(): Pattern {
    const branches = [this.#sequence()];
    while (this.#reader.take(/\|/y) !== undefined) branches.push(this.#sequence());
    const [only] = branches;
    return branches.length === 1 && only ? only : { kind: 'Alternatives', branches };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (!this.#reader.atEnd) {
      const quoted = this.#reader.take(/\\Q[^]*?(?:\\E|$)/y);
      const atom = quoted === undefined ? this.#atom() : undefined;
      if (quoted !== undefined) parts.push(...this.#literals(quoted.replace(/^\\Q|\\E$/g, '')));
      else if (atom) parts.push(this.#quantified(atom));
      else break;
    }
    return parts.length === 0 ? { kind: 'Empty' } : { kind: 'Sequence', parts };
  }

  #quantified(atom: Pattern): Pattern {
    const quantifier = this.#reader.take(/[*+?]|\{\d{1,4}(?:,\d{0,4})?\}/y);
    if (quantifier === undefined) return atom;
    // A reluctant quantifier finds another match than a greedy one, but not another answer to
    // whether the whole value matches. A possessive one may change that.
    this.#reader.take(/\?/y);
    if (this.#reader.take(/[*+?{]/y) !== undefined) throw new UnmatchablePattern();
    const [least, most] = bounds(quantifier);
    if (least > most) throw new UnmatchablePattern();
    return { kind: 'Repeat', pattern: atom, least, most };
  }

  /** One thing that a quantifier may follow; undefined at the end of a branch. */
  #atom(): Pattern | undefined {
    const holds = assertions.get(this.#reader.take(/\^|\$|\\[AzZbB]/y) ?? '');
    if (holds) return { kind: 'Assertion', holds };
    if (this.#reader.take(/\(/y) !== undefined) return this.#group();
    if (this.#reader.take(/\[/y) !== undefined)
      return this.#character(this.#nested(() => this.#set()));
    if (this.#reader.take(/\./y) !== undefined) return this.#character(anyButLineEnd);
    const escaped = this.#escape();
    if (escaped) return this.#character(escaped);
    const literal = this.#reader.take(/[^\\()|*+?{]/uy);
    if (literal !== undefined) return this.#character(oneOf(literal));
    if (this.#reader.take(/[*+?{]/y) !== undefined) throw new UnmatchablePattern();
    return undefined;
  }

  #group(): Pattern {
    const isPlain = this.#reader.take(/\?:|\?<[A-Za-z][A-Za-z0-9]*>|(?!\?)/y) !== undefined;
    if (!isPlain) throw new UnmatchablePattern();
    const inner = this.#nested(() => this.#alternatives());
    if (this.#reader.take(/\)/y) === undefined) throw new UnmatchablePattern();
    return inner;
  }

  #nested<T>(rule: () => T): T {
    this.#nesting += 1;
    if (this.#nesting > deepestNesting) throw new UnmatchablePattern();
    const result = rule();
    this.#nesting -= 1;
    return result;
  }

  #character(matches: CharacterClass): Pattern {
    return { kind: 'Character', matches: this.#ignoresCase ? ignoringCase(matches) : matches };
  }

  #literals(text: string): readonly Pattern[] {
    return Array.from(text, (character) => this.#character(oneOf(character)));
  }

  /** What is in brackets, up to the closing one: unions, and intersections of them. */
  #set(): CharacterClass {
    const isNegated = this.#reader.take(/\^/y) !== undefined;
    const unions = [this.#setUnion()];
    while (this.#reader.take(/&&/y) !== undefined) unions.push(this.#setUnion());
    if (this.#reader.take(/\]/y) === undefined) throw new UnmatchablePattern();
    return isNegated ? not(intersection(unions)) : intersection(unions);
  }

  #setUnion(): CharacterClass {
    const items: CharacterClass[] = [];
    // A bracket that comes first stands for itself.
    if (this.#reader.take(/\]/y) !== undefined) items.push(oneOf(']'));
    while (this.#reader.take(/(?=\]|&&|$)/y) === undefined) items.push(this.#setItem());
    if (items.length === 0) throw new UnmatchablePattern();
    return union(items);
  }

  #setItem(): CharacterClass {
    if (this.#reader.take(/\[/y) !== undefined) return this.#nested(() => this.#set());
    const predefined = this.#escapedClass();
    if (predefined) return predefined;
    const first = this.#setCharacter();
    if (this.#reader.take(/-(?![\][]|&&)/y) === undefined) return range(first, first);
    const last = this.#setCharacter();
    if (first > last) throw new UnmatchablePattern();
    return range(first, last);
  }

  #setCharacter(): number {
    return this.#escapedCharacter() ?? codePoint(this.#reader.take(/[^\\[\]]/uy));
  }

  #escape(): CharacterClass | undefined {
    const predefined = this.#escapedClass();
    if (predefined) return predefined;
    const escaped = this.#escapedCharacter();
    return escaped === undefined ? undefined : range(escaped, escaped);
  }

  #escapedClass(): CharacterClass | undefined {
    const letter = this.#reader.take(/\\[dDwWsShHvV]/y);
    if (letter !== undefined) return predefinedClasses.get(letter.charAt(1));
    const property = this.#reader.take(/\\[pP](?:\{\w+\}|[A-Z])/y);
    if (property === undefined) return undefined;
    const named = namedClass(property.slice(2).replace(/[{}]/g, ''));
    if (!named) throw new UnmatchablePattern();
    return property.startsWith('\\P') ? not(named) : named;
  }

  #escapedCharacter(): number | undefined {
    const coded = this.#reader.take(/\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|x\{[\dA-Fa-f]{1,6}\})/y);
    if (coded !== undefined) return Number.parseInt(coded.replace(/[\\xu{}]/g, ''), 16);
    const control = this.#reader.take(/\\[tnrfae]/y);
    if (control !== undefined) return codePoint(controlCharacters.get(control.charAt(1)));
    const punctuation = this.#reader.take(/\\[^A-Za-z0-9]/uy);
    if (punctuation !== undefined) return codePoint(punctuation.slice(1));
    if (this.#reader.take(/\\/y) !== undefined) throw new UnmatchablePattern();
    return undefined;
  }
}

function codePoint(character: string | undefined): number {
  const found = character?.codePointAt(0);
  if (found === undefined) throw new UnmatchablePattern();
  return found;
}

function bounds(quantifier: string): readonly [least: number, most: number] {
  switch (quantifier) {
    case '*':
      return [0, Infinity];
    case '+':
      return [1, Infinity];
    case '?':
      return [0, 1];
    default: {
      const [least = '', most] = quantifier.slice(1, -1).split(',');
      return [Number(least), most === undefined ? Number(least) : Number(most || Infinity)];
    }
  }
}
