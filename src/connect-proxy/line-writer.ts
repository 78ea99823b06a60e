import type { Writable } from 'node:stream';

/** Writes the lines of one turn of the event loop at once. */
export class LineWriter {
  readonly #output: Writable;
  #lines: string[] = [];

  constructor(output: Writable) {
    this.#output = output;
  }

  write(line: string): void {
    if (this.#lines.length === 0) setImmediate(() => this.flush());
    this.#lines.push(line);
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    this.#output.write(this.#lines.join(''));
    this.#lines = [];
  }
}
