import { scopeOfArn } from '../domain/arn.ts';
import { settledCapacityProvider } from '../domain/capacity-provider/change-capacity-provider.ts';
import type { CapacityProvider } from '../domain/capacity-provider/capacity-provider.ts';
import type { FindCapacityProvider } from '../domain/capacity-provider/provider-kind.ts';
import { withProviderAttachments } from '../domain/cluster/attachments.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import { withoutCapacityProvider } from '../domain/cluster/put-capacity-providers.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { inactiveCapacityProviderRetentionMs } from './retention.ts';

export interface CapacityProviderControllerParts {
  readonly state: State;
  readonly clock: Clock;
  readonly newUuid: () => string;
}

/**
 * Finishes what CreateCapacityProvider, UpdateCapacityProvider and DeleteCapacityProvider began, in
 * the provider's clusters as well, and forgets INACTIVE providers in time.
 */
export class CapacityProviderController implements Controller {
  readonly name = 'capacity-provider';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #newUuid: () => string;

  constructor({ state, clock, newUuid }: CapacityProviderControllerParts) {
    this.#state = state;
    this.#clock = clock;
    this.#newUuid = newUuid;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'capacity-provider' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    for (const provider of this.#state.read.capacityProviders.unsettled()) yield provider.arn;
  }

  reconcile(key: string): Next {
    return this.#state.transact((tx) => {
      const provider = tx.capacityProviders.find(key);
      if (!provider) return settled;
      if (provider.status === 'INACTIVE') return this.#retain(tx, provider);
      const after = settledCapacityProvider(provider, this.#clock.now());
      if (after === provider) return settled;
      tx.capacityProviders.put(after);
      this.#updateClusters(tx, after);
      return settled;
    });
  }

  #retain(tx: Transaction, provider: CapacityProvider): Next {
    const until = (provider.inactiveAt ?? 0) + inactiveCapacityProviderRetentionMs;
    if (until > this.#clock.now()) return lookAgain(until);
    tx.capacityProviders.delete(provider);
    return settled;
  }

  #updateClusters(tx: Transaction, { arn, name, status }: CapacityProvider): void {
    const scope = scopeOfArn(arn);
    const find: FindCapacityProvider = (other) => tx.capacityProviders.findByName(scope, other);
    const clusters = [...tx.clusters.associatedWith(scope, name)].flatMap(
      (clusterArn): Cluster | [] => tx.clusters.find(clusterArn) ?? [],
    );
    for (const cluster of clusters) {
      if (status === 'INACTIVE') tx.clusters.put(withoutCapacityProvider(cluster, name));
      else if (cluster.status !== 'DEPROVISIONING') {
        tx.clusters.put(withProviderAttachments(cluster, find, this.#newUuid));
      }
    }
  }
}
