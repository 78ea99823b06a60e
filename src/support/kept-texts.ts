const mostVariants = 8;

/**
 * Texts that were made of immutable records, by record and variant. Each goes with its record; and in two generations, so
 * that what was last asked for long ago makes room for the rest.
 */
export class KeptTexts {
  #young = new WeakMap<object, Map<string, string>>();
  #old = new WeakMap<object, Map<string, string>>();
  #youngCharacters = 0;
  readonly #charactersPerGeneration: number;

  constructor(charactersPerGeneration: number) {
    this.#charactersPerGeneration = charactersPerGeneration;
  }

  find(record: object, variant: string): string | undefined {
    const young = this.#young.get(record)?.get(variant);
    if (young !== undefined) return young;
    const old = this.#old.get(record)?.get(variant);
    if (old !== undefined) this.keep(record, variant, old);
    return old;
  }

  keep(record: object, variant: string, text: string): void {
    if (this.#youngCharacters > this.#charactersPerGeneration) {
      this.#old = this.#young;
      this.#young = new WeakMap();
      this.#youngCharacters = 0;
    }
    const variants = this.#young.get(record) ?? new Map<string, string>();
    if (variants.size >= mostVariants) variants.clear();
    variants.set(variant, text);
    this.#young.set(record, variants);
    this.#youngCharacters += text.length;
  }
}
