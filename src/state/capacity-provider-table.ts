import {
  capacityProviderArn,
  scopeKey,
  scopeOfArn,
  type CapacityProviderArn,
  type Scope,
} from '../domain/arn.ts';
import type {
  AutoScalingGroupProvider,
  CapacityProvider,
} from '../domain/capacity-provider/capacity-provider.ts';
import { groupName } from '../domain/capacity-provider/parse-auto-scaling-group.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

export class CapacityProviderTable extends Table<CapacityProvider> {
  readonly #unsettled: GroupIndex<CapacityProvider>;
  readonly #byScope: GroupIndex<CapacityProvider>;
  readonly #byAutoScalingGroup: GroupIndex<CapacityProvider>;
  readonly #byCluster: GroupIndex<CapacityProvider>;

  constructor(journal: Journal) {
    super('capacity-provider', (provider) => provider.arn, journal);
    this.#unsettled = this.derive(
      new GroupIndex(({ status, updateStatus }) =>
        status === 'INACTIVE' || updateStatus?.endsWith('_IN_PROGRESS') ? '' : undefined,
      ),
    );
    this.#byScope = this.derive(new GroupIndex(({ arn }) => scopeKey(scopeOfArn(arn))));
    this.#byAutoScalingGroup = this.derive(
      new GroupIndex((provider) =>
        provider.type === 'EC2_AUTOSCALING' && provider.status !== 'INACTIVE'
          ? autoScalingGroupKey(provider)
          : undefined,
      ),
    );
    this.#byCluster = this.derive(
      new GroupIndex((provider) =>
        provider.type === 'MANAGED_INSTANCES' && provider.status !== 'INACTIVE'
          ? provider.clusterArn
          : undefined,
      ),
    );
  }

  findByArn(arn: CapacityProviderArn): CapacityProvider | undefined {
    return this.find(arn);
  }

  findByName(scope: Scope, name: string): CapacityProvider | undefined {
    return this.find(capacityProviderArn(scope, name));
  }

  /** All that are remembered, INACTIVE ones too, by ARN. */
  *list(scope: Scope, after: string | undefined): IterableIterator<CapacityProvider> {
    yield* this.rowsOf(this.#byScope.of(scopeKey(scope)).after(after));
  }

  /** Providers whose creation, update or deletion goes on, or which are to be forgotten in time. */
  unsettled(): IterableIterator<CapacityProvider> {
    return this.rowsOf(this.#unsettled.of('').after(undefined));
  }

  count(scope: Scope): number {
    return this.#byScope.of(scopeKey(scope)).size;
  }

  /** Whether a provider that is not INACTIVE has the Auto Scaling group. */
  usesAutoScalingGroup(scope: Scope, name: string): boolean {
    return this.#byAutoScalingGroup.of(`${scopeKey(scope)} ${name}`).size > 0;
  }

  /** Managed Instances providers that belong to a cluster. */
  countOf(clusterArn: string): number {
    return this.#byCluster.of(clusterArn).size;
  }
}

function autoScalingGroupKey({ arn, autoScalingGroup }: AutoScalingGroupProvider): string {
  const scope = scopeOfArn(arn);
  return `${scopeKey(scope)} ${groupName(scope, autoScalingGroup) ?? autoScalingGroup}`;
}
