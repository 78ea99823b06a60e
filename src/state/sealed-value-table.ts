import { GroupIndex, Table, type Journal } from './table.ts';

/** One version of a parameter's or a secret's value, encrypted. */
export interface SealedValue {
  /** The ARN of what has the value. */
  readonly owner: string;
  readonly version: string;
  readonly isBinary?: true;
  readonly sealed: string;
}

/** Whose value it is, which is part of its encryption. */
export function sealedValueKey({ owner, version }: Pick<SealedValue, 'owner' | 'version'>): string {
  return `${owner} ${version}`;
}

export class SealedValueTable extends Table<SealedValue> {
  readonly #byOwner = this.derive(new GroupIndex<SealedValue>(({ owner }) => owner));

  constructor(journal: Journal) {
    super('sealed-value', sealedValueKey, journal);
  }

  findVersion(owner: string, version: string): SealedValue | undefined {
    return this.find(sealedValueKey({ owner, version }));
  }

  /** Forgets the values of an owner's versions that are no more; all of them where none is left. */
  keepOnly(owner: string, left: ReadonlySet<string>): void {
    const values = Array.from(this.rowsOf(this.#byOwner.of(owner).after(undefined)));
    for (const value of values) if (!left.has(value.version)) this.delete(value);
  }
}
