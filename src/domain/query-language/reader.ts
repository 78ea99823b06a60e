import { FaultyExpression } from './fault.ts';

/** A text, and how far it has been read. */
export class Reader {
  readonly text: string;
  #offset = 0;

  constructor(text: string) {
    this.text = text;
  }

  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset >= this.text.length;
  }

  /** What a sticky regular expression matches here; it is read. */
  take(form: RegExp): string | undefined {
    form.lastIndex = this.#offset;
    const found = form.exec(this.text)?.[0];
    if (found !== undefined) this.#offset += found.length;
    return found;
  }

  skipSpace(): void {
    this.take(/\s*/y);
  }

  refuse(problem: string, offset: number = this.#offset): FaultyExpression {
    return new FaultyExpression({ position: offset + 1, problem });
  }
}
