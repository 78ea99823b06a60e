import { scopeKey, scopeOfArn, type ClusterArn, type Scope } from '../domain/arn.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import { isBuiltInCapacityProvider } from '../domain/capacity-provider/provider-kind.ts';
import { GroupIndex, MembershipIndex, Table, type Journal } from './table.ts';

export class ClusterTable extends Table<Cluster> {
  readonly #listed: GroupIndex<Cluster>;
  readonly #unsettled: GroupIndex<Cluster>;
  readonly #inactive: GroupIndex<Cluster>;
  readonly #byCapacityProvider = this.derive(new MembershipIndex<Cluster>(associationsOf));

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

  /** ARNs of the clusters that a created provider is associated with; INACTIVE ones are not. */
  associatedWith(scope: Scope, capacityProvider: string): IterableIterator<string> {
    return this.#byCapacityProvider
      .of(associationKey(scopeKey(scope), capacityProvider))
      .after(undefined);
  }

  /** Clusters whose creation, update or deletion has not come to its end. */
  unsettled(): IterableIterator<Cluster> {
    return this.rowsOf(this.#unsettled.of('').after(undefined));
  }

  inactive(): IterableIterator<Cluster> {
    return this.rowsOf(this.#inactive.of('').after(undefined));
  }
}

/** Of the built-in providers nobody ever asks which clusters they are associated with. */
function associationsOf({ arn, status, capacityProviders }: Cluster): readonly string[] {
  if (status === 'INACTIVE') return [];
  const scope = scopeKey(scopeOfArn(arn));
  return capacityProviders
    .filter((name) => !isBuiltInCapacityProvider(name))
    .map((name) => associationKey(scope, name));
}

function associationKey(scope: string, capacityProvider: string): string {
  return `${scope} ${capacityProvider}`;
}

function isUnsettled({ status, attachmentsStatus }: Cluster): boolean {
  return (
    status === 'PROVISIONING' ||
    status === 'DEPROVISIONING' ||
    attachmentsStatus === 'UPDATE_IN_PROGRESS'
  );
}
