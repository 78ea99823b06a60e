import { scopeKey, type Scope } from '../domain/arn.ts';
import type { Namespace } from '../domain/namespace/namespace.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

export class NamespaceTable extends Table<Namespace> {
  readonly #byName: GroupIndex<Namespace>;

  constructor(journal: Journal) {
    super('namespace', (namespace) => namespace.arn, journal);
    this.#byName = this.derive(new GroupIndex(({ scope, name }) => `${scope} ${name}`));
  }

  findByArn(arn: string): Namespace | undefined {
    return this.find(arn);
  }

  findByName(scope: Scope, name: string): Namespace | undefined {
    const arn = this.#byName.of(`${scopeKey(scope)} ${name}`).first();
    return arn === undefined ? undefined : this.find(arn);
  }
}
