import { scopeKey, scopeOfArn, type Scope } from '../domain/arn.ts';
import {
  statusOf,
  type DaemonTaskDefinition,
} from '../domain/daemon-task-definition/daemon-task-definition.ts';
import type { TaskDefinitionFamily } from '../domain/task-definition/task-definition-family.ts';
import { GroupIndex, MembershipIndex, Table, type Journal } from './table.ts';
import type { RevisionCursor } from './task-definition-table.ts';

/** Families of daemon task definitions have nothing to do with those of task definitions. */
export class DaemonFamilyTable extends Table<TaskDefinitionFamily> {
  constructor(journal: Journal) {
    super('daemon-family', ({ scope, name }) => `${scope} ${name}`, journal);
  }

  findByName(scope: Scope, name: string): TaskDefinitionFamily | undefined {
    return this.find(`${scopeKey(scope)} ${name}`);
  }
}

export interface DaemonRevisionQuery {
  readonly scope: Scope;
  readonly status: 'ACTIVE' | 'DELETE_IN_PROGRESS' | 'ALL';
  readonly direction: 'ASC' | 'DESC';
  /** What the names of families begin with; one that ends with a space is the whole name. */
  readonly prefix: string;
}

export class DaemonTaskDefinitionTable extends Table<DaemonTaskDefinition> {
  readonly #activeOf = this.derive(
    new GroupIndex<DaemonTaskDefinition>((row) =>
      row.status === 'ACTIVE' ? `${scopeKey(scopeOfArn(row.arn))} ${row.family}` : undefined,
    ),
  );
  readonly #byStatus = this.derive(
    new MembershipIndex<DaemonTaskDefinition>((row) => {
      const scope = scopeKey(scopeOfArn(row.arn));
      return [`${scope} ALL`, `${scope} ${statusOf(row)}`];
    }),
  );
  readonly #deleting = this.derive(
    new GroupIndex<DaemonTaskDefinition>((row) => (row.status === 'ACTIVE' ? undefined : '')),
  );

  constructor(journal: Journal) {
    super(
      'daemon-task-definition',
      ({ arn, family, revision }) => keyOf(scopeOfArn(arn), family, revision),
      journal,
    );
  }

  findRevision(scope: Scope, family: string, revision: number): DaemonTaskDefinition | undefined {
    return this.find(keyOf(scope, family, revision));
  }

  findByArn(arn: string): DaemonTaskDefinition | undefined {
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    const colon = name.lastIndexOf(':');
    const revision = Number(name.slice(colon + 1));
    const found = this.findRevision(scopeOfArn(arn), name.slice(0, colon), revision);
    return found?.arn === arn ? found : undefined;
  }

  /** What a bare family name stands for. */
  findLatestActive(scope: Scope, family: string): DaemonTaskDefinition | undefined {
    const key = this.#activeOf.of(`${scopeKey(scope)} ${family}`).last();
    return key === undefined ? undefined : this.find(key);
  }

  /** Revisions by family and then by number, up or down from the cursor. */
  *list(
    { scope, status, direction, prefix }: DaemonRevisionQuery,
    from: RevisionCursor | undefined,
  ): IterableIterator<DaemonTaskDefinition> {
    const keys = this.#byStatus.of(`${scopeKey(scope)} ${status}`);
    const key = from ? keyOf(scope, from.family, from.revision) : edge(scope, prefix, direction);
    for (const row of this.rowsOf(direction === 'ASC' ? keys.after(key) : keys.before(key))) {
      if (!`${row.family} `.startsWith(prefix)) return;
      yield row;
    }
  }

  /** Those that are to be DELETED, and those that are to be forgotten in time. */
  deleting(): IterableIterator<DaemonTaskDefinition> {
    return this.rowsOf(this.#deleting.of('').after(undefined));
  }
}

/** Numbers sort as text once they are padded; a space sorts before all that a family may hold. */
function keyOf(scope: Scope, family: string, revision: number): string {
  return `${scopeKey(scope)} ${family} ${String(revision).padStart(7, '0')}`;
}

/** Sorts behind all that a family may hold. */
const behindAll = '~';

/** What sorts right before, or right behind, all families of a prefix. */
function edge(scope: Scope, prefix: string, direction: 'ASC' | 'DESC'): string {
  return `${scopeKey(scope)} ${prefix}${direction === 'ASC' ? '' : behindAll}`;
}
