import type { Scope } from '../domain/arn.ts';
import type { Secret } from '../domain/secret/secret.ts';
import { secretPrefix, type SecretRef } from '../domain/secret/secret-name.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

export class SecretTable extends Table<Secret> {
  readonly #byScope = this.derive(new GroupIndex<Secret>(({ arn }) => scopeOf(arn)));
  readonly #byName = this.derive(
    new GroupIndex<Secret>(({ arn, name }) => `${scopeOf(arn)}${name}`),
  );
  readonly #deleted = this.derive(
    new GroupIndex<Secret>(({ deletion }) => (deletion ? '' : undefined)),
  );

  constructor(journal: Journal) {
    super('secret', ({ arn }) => arn, journal);
  }

  /** By ARN, else by name: an ARN without its suffix names a secret, too. */
  findByRef(scope: Scope, { arn, name }: SecretRef): Secret | undefined {
    const exact = arn === undefined ? undefined : this.find(arn);
    if (exact) return exact;
    const [named] = this.rowsOf(this.#byName.of(`${secretPrefix(scope)}${name}`).after(undefined));
    return named;
  }

  /** By ARN. */
  list(scope: Scope, after: string | undefined): IterableIterator<Secret> {
    return this.rowsOf(this.#byScope.of(secretPrefix(scope)).after(after));
  }

  count(scope: Scope): number {
    return this.#byScope.of(secretPrefix(scope)).size;
  }

  /** Those that wait for the end of their recovery window. */
  deleted(): IterableIterator<Secret> {
    return this.rowsOf(this.#deleted.of('').after(undefined));
  }
}

function scopeOf(arn: string): string {
  return arn.slice(0, arn.indexOf(':secret:') + ':secret:'.length);
}
