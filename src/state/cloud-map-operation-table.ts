import { scopeKey, type Scope } from '../domain/arn.ts';
import { mostOperations, type CloudMapOperation } from '../domain/cloud-map/cloud-map-operation.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

/** What has been done in Cloud Map, by time. */
export class CloudMapOperationTable extends Table<CloudMapOperation> {
  readonly #byScope: GroupIndex<CloudMapOperation>;
  readonly #byRequest: GroupIndex<CloudMapOperation>;

  constructor(journal: Journal) {
    super('cloud-map-operation', ({ id }) => id, journal);
    this.#byScope = this.derive(new GroupIndex(({ scope }) => scope));
    this.#byRequest = this.derive(
      new GroupIndex(({ scope, request }) => request && `${scope} ${request.id}`),
    );
  }

  findById(scope: Scope, id: string): CloudMapOperation | undefined {
    const operation = this.find(id);
    return operation?.scope === scopeKey(scope) ? operation : undefined;
  }

  /** The newest one that a request with this id began. */
  findByRequest(scope: Scope, requestId: string): CloudMapOperation | undefined {
    const id = this.#byRequest.of(`${scopeKey(scope)} ${requestId}`).last();
    return id === undefined ? undefined : this.find(id);
  }

  /** Newest first; those before `before`, which is an id. */
  list(scope: Scope, before: string | undefined): IterableIterator<CloudMapOperation> {
    return this.rowsOf(this.#byScope.of(scopeKey(scope)).before(before));
  }

  /** Notes an operation, for which the oldest one gives way where there are too many. */
  add(operation: CloudMapOperation): void {
    this.put(operation);
    const ids = this.#byScope.of(operation.scope);
    const oldest = ids.size > mostOperations ? this.find(ids.first() ?? '') : undefined;
    if (oldest) this.delete(oldest);
  }
}
