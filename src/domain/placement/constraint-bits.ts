import { compileExpression, type InstanceTest } from '../query-language/compile-expression.ts';
import { dependsOnTasks } from '../query-language/expression.ts';
import { parseExpression } from '../query-language/parse-expression.ts';
import { invalidParameter } from '../errors.ts';
import type { InstanceTable } from './instance-table.ts';

/** Of which container instances an expression holds: a bit for each, found out when asked for. */
export class ConstraintBits {
  readonly dependsOnTasks: boolean;
  readonly #table: InstanceTable;
  readonly #test: InstanceTest;
  readonly #known: Uint32Array;
  readonly #holds: Uint32Array;

  constructor(text: string, table: InstanceTable) {
    const expression = parseExpression(text, invalidParameter);
    this.dependsOnTasks = dependsOnTasks(expression);
    this.#test = compileExpression(expression);
    this.#table = table;
    this.#known = new Uint32Array(Math.ceil(table.capacity / 32));
    this.#holds = new Uint32Array(Math.ceil(table.capacity / 32));
  }

  holds(slot: number): boolean {
    const word = slot >>> 5;
    const bit = 1 << (slot & 31);
    if (((this.#known[word] ?? 0) & bit) === 0) this.#findOut(slot, word, bit);
    return ((this.#holds[word] ?? 0) & bit) !== 0;
  }

  /** The instance has changed. */
  forget(slot: number): void {
    const word = slot >>> 5;
    this.#known[word] = (this.#known[word] ?? 0) & ~(1 << (slot & 31));
  }

  #findOut(slot: number, word: number, bit: number): void {
    const entry = this.#table.entry(slot);
    const isMember = entry !== undefined && this.#test(entry);
    this.#known[word] = (this.#known[word] ?? 0) | bit;
    const others = (this.#holds[word] ?? 0) & ~bit;
    this.#holds[word] = isMember ? others | bit : others;
  }
}
