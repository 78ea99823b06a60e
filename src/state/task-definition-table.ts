import { scopeKey, scopeOfArn, type Scope } from '../domain/arn.ts';
import { sharingParts } from '../domain/sharing-parts.ts';
import type { TaskDefinitionFamily } from '../domain/task-definition/task-definition-family.ts';
import type {
  TaskDefinition,
  TaskDefinitionStatus,
} from '../domain/task-definition/task-definition.ts';
import { jsonOfPart } from '../support/part-json.ts';
import { SortedKeys } from './sorted-keys.ts';
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

export interface RevisionQuery {
  readonly scope: Scope;
  readonly status: TaskDefinitionStatus;
  readonly direction: 'ASC' | 'DESC';
  /** One family alone, by its full name. */
  readonly family: string | undefined;
}

/** The revision behind which a list goes on. */
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

  /** Containers are most of it. Answers show them as well, and so do the revisions to come. */
  override jsonOf({ content, ...definition }: TaskDefinition): string {
    const { containerDefinitions, ...settings } = content;
    const containers = containerDefinitions.map(jsonOfPart).join();
    const contentJson = withMember(settings, 'containerDefinitions', `[${containers}]`);
    return withMember(definition, 'content', contentJson);
  }

  /** Revisions share what they have in common, as those that are registered do. */
  override restore(row: TaskDefinition): void {
    const previous = this.findRevision(scopeOfArn(row.arn), row.family, row.revision - 1);
    if (!previous) return super.restore(row);
    super.restore({ ...row, content: sharingParts(previous.content, row.content) });
  }

  findRevision(scope: Scope, family: string, revision: number): TaskDefinition | undefined {
    return this.find(keyOf(scopeKey(scope), family, revision));
  }

  findByArn(arn: string): TaskDefinition | undefined {
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

  /** Revisions by family and then by number, up or down from the cursor. */
  *list(
    { scope, status, direction, family }: RevisionQuery,
    from: RevisionCursor | undefined,
  ): IterableIterator<TaskDefinition> {
    const prefix = scopeKey(scope);
    const keys = this.#byStatus.of(groupKey(prefix, status));
    const start = from ?? startOf(direction, family);
    const key = start && keyOf(prefix, start.family, start.revision);
    for (const row of this.rowsOf(direction === 'ASC' ? keys.after(key) : keys.before(key))) {
      if (family !== undefined && row.family !== family) return;
      yield row;
    }
  }

  /** Family names with a prefix, in order, behind the given one. */
  *families(
    scope: Scope,
    prefix: string,
    after: string | undefined,
  ): IterableIterator<[string, RevisionCounts]> {
    const { names, counts } = this.#families.of(scopeKey(scope));
    const from = after ?? prefix;
    const startsHere = after === undefined ? counts.get(prefix) : undefined;
    if (startsHere) yield [prefix, startsHere];
    for (const name of names.after(from)) {
      if (!name.startsWith(prefix)) return;
      yield [name, counts.get(name) ?? none];
    }
  }

  deleting(): IterableIterator<TaskDefinition> {
    return this.rowsOf(this.#deleting.of('').after(undefined));
  }
}

/** The JSON of an object that has members, and one more. */
function withMember(object: object, name: string, json: string): string {
  return `${JSON.stringify(object).slice(0, -1)},"${name}":${json}}`;
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

const beyondAllRevisions = 9_999_999;

function startOf(
  direction: 'ASC' | 'DESC',
  family: string | undefined,
): RevisionCursor | undefined {
  if (family === undefined) return undefined;
  return { family, revision: direction === 'ASC' ? 0 : beyondAllRevisions };
}

interface ScopeFamilies {
  readonly names: SortedKeys;
  readonly counts: Map<string, RevisionCounts>;
}

class FamilyCounts implements Derivation<TaskDefinition> {
  readonly #scopes = new Map<string, ScopeFamilies>();

  changed(_: string, before: TaskDefinition | undefined, after: TaskDefinition | undefined): void {
    if (before?.status === after?.status) return;
    if (before) this.#add(before, -1);
    if (after) this.#add(after, 1);
  }

  of(scope: string): ScopeFamilies {
    let families = this.#scopes.get(scope);
    if (!families) {
      families = { names: new SortedKeys(), counts: new Map() };
      this.#scopes.set(scope, families);
    }
    return families;
  }

  #add({ arn, family, status }: TaskDefinition, by: number): void {
    const { names, counts } = this.of(scopeKey(scopeOfArn(arn)));
    const before = counts.get(family) ?? none;
    const after = { ...before, [status]: before[status] + by };
    if (after.ACTIVE + after.INACTIVE + after.DELETE_IN_PROGRESS === 0) {
      counts.delete(family);
      names.delete(family);
    } else {
      counts.set(family, after);
      names.add(family);
    }
  }
}
