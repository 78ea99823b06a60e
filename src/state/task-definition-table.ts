import { scopeKey, scopeOfArn, type Scope, type TaskDefinitionArn } from '../domain/arn.ts';
import type { TaskDefinitionFamily } from '../domain/task-definition/task-definition-family.ts';
import type {
  TaskDefinition,
  TaskDefinitionStatus,
} from '../domain/task-definition/task-definition.ts';
import { GroupIndex, Table, type Derivation, type Journal } from './table.ts';

export class FamilyTable extends Table<TaskDefinitionFamily> {
  constructor(journal: Journal) {
    super('family', ({ scope, name }) => familyKey(scope, name), journal);
  }

  findByName(scope: Scope, name: string): TaskDefinitionFamily | undefined {
    return this.find(familyKey(scopeKey(scope), name));
  }
}

function familyKey(scope: string, name: string): string {
  return `${scope} ${name}`;
}

/** How many revisions a family has in each status. */
export type RevisionCounts = Readonly<Record<TaskDefinitionStatus, number>>;

const none: RevisionCounts = { ACTIVE: 0, INACTIVE: 0, DELETE_IN_PROGRESS: 0 };

/** A step through a list of task definitions: where it goes on, and which way. */
export interface RevisionCursor {
  readonly family: string;
  readonly revision: number;
}

export class TaskDefinitionTable extends Table<TaskDefinition> {
  readonly #byFamily: GroupIndex<TaskDefinition>;
  readonly #byStatus: GroupIndex<TaskDefinition>;
  readonly #deleting: GroupIndex<TaskDefinition>;
  readonly #families = this.derive(new FamilyCounts());

  constructor(journal: Journal) {
    super('task-definition', sortKey, journal);
    this.#byFamily = this.derive(
      new GroupIndex((row) =>
        row.status === 'ACTIVE' ? groupKey(scopeKey(scopeOfArn(row.arn)), row.family) : undefined,
      ),
    );
    this.#byStatus = this.derive(
      new GroupIndex((row) => groupKey(scopeKey(scopeOfArn(row.arn)), row.status)),
    );
    this.#deleting = this.derive(
      new GroupIndex((row) => (row.status === 'DELETE_IN_PROGRESS' ? '' : undefined)),
    );
  }

  findRevision(scope: Scope, family: string, revision: number): TaskDefinition | undefined {
    return this.find(keyOf(scopeKey(scope), family, revision));
  }

  findByArn(arn: TaskDefinitionArn): TaskDefinition | undefined {
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    const colon = name.lastIndexOf(':');
    const revision = Number(name.slice(colon + 1));
    const found = this.findRevision(scopeOfArn(arn), name.slice(0, colon), revision);
    return found?.arn === arn ? found : undefined;
  }

  /** What a bare family name stands for. */
  findLatestActive(scope: Scope, family: string): TaskDefinition | undefined {
    const key = this.#byFamily.of(groupKey(scopeKey(scope), family)).last();
    return key === undefined ? undefined : this.find(key);
  }

  /** Revisions of a status, by family and then by number, up or down from the cursor. */
  list(
    scope: Scope,
    status: TaskDefinitionStatus,
    direction: 'ASC' | 'DESC',
    from: RevisionCursor | undefined,
  ): IterableIterator<TaskDefinition> {
    const keys = this.#byStatus.of(groupKey(scopeKey(scope), status));
    const key = from && keyOf(scopeKey(scope), from.family, from.revision);
    return this.rowsOf(direction === 'ASC' ? keys.after(key) : keys.before(key));
  }

  /** TaskDefinitionFamily names in order, with the number of their revisions by status. */
  families(scope: Scope): IterableIterator<[string, RevisionCounts]> {
    return this.#families.of(scopeKey(scope));
  }

  deleting(): IterableIterator<TaskDefinition> {
    return this.rowsOf(this.#deleting.of('').after(undefined));
  }
}

/** Numbers sort as text once they are padded; a space sorts before all that a family may hold. */
function keyOf(scope: string, family: string, revision: number): string {
  return `${scope} ${family} ${String(revision).padStart(7, '0')}`;
}

function sortKey({ arn, family, revision }: TaskDefinition): string {
  return keyOf(scopeKey(scopeOfArn(arn)), family, revision);
}

function groupKey(scope: string, group: string): string {
  return `${scope} ${group}`;
}

class FamilyCounts implements Derivation<TaskDefinition> {
  readonly #scopes = new Map<string, Map<string, RevisionCounts>>();

  changed(_: string, before: TaskDefinition | undefined, after: TaskDefinition | undefined): void {
    if (before?.status === after?.status) return;
    if (before) this.#add(before, -1);
    if (after) this.#add(after, 1);
  }

  *of(scope: string): IterableIterator<[string, RevisionCounts]> {
    const families = this.#scopes.get(scope);
    if (families) yield* [...families].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  #add({ arn, family, status }: TaskDefinition, by: number): void {
    const scope = scopeKey(scopeOfArn(arn));
    let families = this.#scopes.get(scope);
    if (!families) this.#scopes.set(scope, (families = new Map()));
    const counts = families.get(family) ?? none;
    const next = { ...counts, [status]: counts[status] + by };
    if (next.ACTIVE + next.INACTIVE + next.DELETE_IN_PROGRESS === 0) families.delete(family);
    else families.set(family, next);
  }
}
