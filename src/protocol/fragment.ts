import type { Encoder } from './service.ts';

/** Answers in which fragments may stand for structures. */
export type Encodable<Value> = Value extends Date | Uint8Array
  ? Value
  : Value extends readonly (infer Element)[]
    ? readonly Encodable<Element>[]
    : Value extends object
      ? Fragment<Value> | { readonly [Name in keyof Value]: Encodable<Value[Name]> }
      : Value;

export interface FragmentParts<View extends object> {
  /** The immutable record that is shown. */
  readonly record: object;
  /** The kind of view, and all that it depends on besides the record. */
  readonly variant: string;
  readonly view: () => View;
}

/**
 * Stands for a structure in an answer: what a record looks like to callers. As long as the record is
 * the same one, so is its JSON, which is made once and kept.
 */
export class Fragment<View extends object> {
  readonly #parts: FragmentParts<View>;

  constructor(parts: FragmentParts<View>) {
    this.#parts = parts;
  }

  json(encode: Encoder): string {
    const { record, variant, view } = this.#parts;
    const known = kept.find(record, variant);
    if (known !== undefined) return known;
    // In one piece: text that was put together would be put together anew in each answer.
    const text = Buffer.from(encode(view())).toString();
    kept.keep(record, variant, text);
    return text;
  }
}

const mostVariants = 8;
const charactersPerGeneration = 16 * 1024 * 1024;

/**
 * JSON by record and variant. It goes with its record; and in two generations, so that what was last
 * asked for long ago makes room for the rest.
 */
class KeptJson {
  #young = new WeakMap<object, Map<string, string>>();
  #old = new WeakMap<object, Map<string, string>>();
  #youngCharacters = 0;

  find(record: object, variant: string): string | undefined {
    const young = this.#young.get(record)?.get(variant);
    if (young !== undefined) return young;
    const old = this.#old.get(record)?.get(variant);
    if (old !== undefined) this.keep(record, variant, old);
    return old;
  }

  keep(record: object, variant: string, json: string): void {
    if (this.#youngCharacters > charactersPerGeneration) {
      this.#old = this.#young;
      this.#young = new WeakMap();
      this.#youngCharacters = 0;
    }
    const variants = this.#young.get(record) ?? new Map<string, string>();
    if (variants.size >= mostVariants) variants.clear();
    variants.set(variant, json);
    this.#young.set(record, variants);
    this.#youngCharacters += json.length;
  }
}

const kept = new KeptJson();
