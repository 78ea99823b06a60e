import { KeptTexts } from '../support/kept-texts.ts';
import { jsonOfPart } from '../support/part-json.ts';
import type { Encoder } from './service.ts';

/** Answers in which fragments may stand for structures. */
export type Encodable<Value> = Value extends Date | Uint8Array
  ? Value
  : Value extends readonly (infer Element)[]
    ? readonly Encodable<Element>[]
    : Value extends object
      ? Fragment<Value> | EncodableMembers<Value>
      : Value;

export type EncodableMembers<Value extends object> = {
  readonly [Name in keyof Value]: Encodable<Value[Name]>;
};

export interface FragmentParts<View extends object> {
  /** The immutable record that is shown. */
  readonly record: object;
  /** The kind of view, and all that it depends on besides the record. */
  readonly variant: string;
  readonly view: () => EncodableMembers<View>;
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

/** Stands for a structure that is plain data, of which JSON's own encoder writes what its schema wants. */
export class PlainFragment<View extends object> extends Fragment<View> {
  readonly #part: object;

  constructor(part: EncodableMembers<View>) {
    super({ record: part, variant: '', view: () => part });
    this.#part = part;
  }

  override json(): string {
    return jsonOfPart(this.#part);
  }
}

const charactersPerGeneration = 16 * 1024 * 1024;
const kept = new KeptTexts(charactersPerGeneration);
