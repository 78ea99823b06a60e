import { scopeKey, scopeOfArn, type ClusterArn, type Scope } from '../domain/arn.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

export class ClusterTable extends Table<Cluster> {
  readonly #listed: GroupIndex<Cluster>;
  readonly #unsettled: GroupIndex<Cluster>;
  readonly #inactive: GroupIndex<Cluster>;

  constructor(journal: Journal) {
    super('cluster', (cluster) => cluster.arn, journal);
    this.#listed = this.derive(
      new GroupIndex((cluster) =>
        cluster.status === 'INACTIVE' ? undefined : scopeKey(scopeOfArn(cluster.arn)),
      ),
    );
    this.#unsettled = this.derive(
      new GroupIndex((cluster) => (isUnsettled(cluster) ? '' : undefined)),
    );
    this.#inactive = this.derive(
      new GroupIndex((cluster) => (cluster.status === 'INACTIVE' ? '' : undefined)),
    );
  }

  findByArn(arn: ClusterArn): Cluster | undefined {
    return this.find(arn);
  }

  /** Clusters that have not become INACTIVE, by ARN. */
  *list(scope: Scope, after: string | undefined): IterableIterator<Cluster> {
    yield* this.rowsOf(this.#listed.of(scopeKey(scope)).after(after));
  }

  count(scope: Scope): number {
    return this.#listed.of(scopeKey(scope)).size;
  }

  /** Clusters whose creation, update or deletion has not come to its end. */
  unsettled(): IterableIterator<Cluster> {
    return this.rowsOf(this.#unsettled.of('').after(undefined));
  }

  inactive(): IterableIterator<Cluster> {
    return this.rowsOf(this.#inactive.of('').after(undefined));
  }
}

function isUnsettled({ status, attachmentsStatus }: Cluster): boolean {
  return (
    status === 'PROVISIONING' ||
    status === 'DEPROVISIONING' ||
    attachmentsStatus === 'UPDATE_IN_PROGRESS'
  );
}
