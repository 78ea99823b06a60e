import { invalidLogParameter } from './log-error.ts';

/** @throws this where a filter pattern cannot be read [inferred wording] */
export function invalidFilterPattern(): Error {
  return invalidLogParameter('Invalid filter pattern');
}

/** Walks over the text of a filter pattern. */
export class FilterScanner {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = 0;
    this.skipSpace();
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get next(): string {
    return this.#text.charAt(this.#at);
  }

  skipSpace(): void {
    while (/\s/.test(this.next)) this.#at += 1;
  }

  /** Goes past a word or sign, and the space behind it, if it is there. */
  take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    this.skipSpace();
    return true;
  }

  /** @throws LogError */
  require(token: string): void {
    if (!this.take(token)) throw invalidFilterPattern();
  }

  /** What a sticky expression matches here, and the space behind it is passed. */
  match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    if (found === undefined || found === '') return undefined;
    this.#at += found.length;
    this.skipSpace();
    return found;
  }

  /** A quoted text without its quotes; a backslash stands before a quote or a backslash in it. */
  quoted(): string | undefined {
    const found = this.match(/"(?:[^"\\]|\\.)*"/sy);
    return found?.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
  }

  /** The expression between two percent signs. */
  regExp(): string | undefined {
    return this.match(/%(?:[^%\\]|\\.)+%/sy)?.slice(1, -1);
  }
}
