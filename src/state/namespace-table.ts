import { scopeKey, type Scope } from '../domain/arn.ts';
import type { Namespace } from '../domain/namespace/namespace.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

export class NamespaceTable extends Table<Namespace> {
  readonly #byName: GroupIndex<Namespace>;
  readonly #byScope: GroupIndex<Namespace>;

  constructor(journal: Journal) {
    super('namespace', (namespace) => namespace.arn, journal);
    this.#byName = this.derive(new GroupIndex(({ scope, name }) => `${scope} ${name}`));
    this.#byScope = this.derive(new GroupIndex(({ scope }) => scope));
  }

  findByArn(arn: string): Namespace | undefined {
    return this.find(arn);
  }

  findByName(scope: Scope, name: string): Namespace | undefined {
    const arn = this.#byName.of(`${scopeKey(scope)} ${name}`).first();
    return arn === undefined ? undefined : this.find(arn);
  }

  count(scope: Scope): number {
    return this.#byScope.of(scopeKey(scope)).size;
  }
}
