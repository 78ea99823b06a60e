import type { Attribute } from '../domain/container-instance/container-instance.ts';

/** Attributes that only one instance has, such as ids, must not gather here for ever. */
const mostKept = 10_000;

/**
 * Gives one object for all attributes that are alike: thousands of instances have the same fifty, and they are most of what
 * an instance takes of the memory.
 */
export class SharedAttributes {
  readonly #kept = new Map<string, Attribute>();

  of(attributes: readonly Attribute[]): readonly Attribute[] {
    return attributes.map((attribute) => this.#one(attribute));
  }

  #one(attribute: Attribute): Attribute {
    const { name, value } = attribute;
    // No name has a line in it.
    const key = value === undefined ? name : `${name}\n${value}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(key, attribute);
    return attribute;
  }
}
