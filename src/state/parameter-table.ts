import type { Scope } from '../domain/arn.ts';
import type { Parameter } from '../domain/parameter/parameter.ts';
import { parameterPrefix } from '../domain/parameter/parameter-name.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

export class ParameterTable extends Table<Parameter> {
  readonly #byScope = this.derive(
    new GroupIndex<Parameter>(({ arn }) => arn.slice(0, arn.indexOf('/'))),
  );

  constructor(journal: Journal) {
    super('parameter', ({ arn }) => arn, journal);
  }

  /** Those whose ARNs begin with a prefix, by ARN. */
  *list(scope: Scope, prefix: string, after: string | undefined): IterableIterator<Parameter> {
    const arns = this.#byScope.of(parameterPrefix(scope));
    for (const parameter of this.rowsOf(arns.after(after ?? prefix))) {
      if (!parameter.arn.startsWith(prefix)) return;
      yield parameter;
    }
  }

  count(scope: Scope): number {
    return this.#byScope.of(parameterPrefix(scope)).size;
  }
}
