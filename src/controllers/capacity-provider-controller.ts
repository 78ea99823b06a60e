import { scopeOfArn } from '../domain/arn.ts';
import { settledCapacityProvider } from '../domain/capacity-provider/change-capacity-provider.ts';
import type { CapacityProvider } from '../domain/capacity-provider/capacity-provider.ts';
import type { FindCapacityProvider } from '../domain/capacity-provider/provider-kind.ts';
import { withProviderAttachments } from '../domain/cluster/attachments.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import { withoutCapacityProvider } from '../domain/cluster/put-capacity-providers.ts';
import type { Instant } from '../domain/instant.ts';
import type { Transaction } from '../state/state.ts';
import type { ReadonlyTables } from '../state/tables.ts';
import { lookAgain, settled, type Next } from './controller.ts';
import { RecordController, type RecordControllerParts } from './record-controller.ts';
import { inactiveCapacityProviderRetentionMs } from './retention.ts';

export interface CapacityProviderControllerParts extends RecordControllerParts {
  readonly newUuid: () => string;
}

/**
 * Finishes what CreateCapacityProvider, UpdateCapacityProvider and DeleteCapacityProvider began, in
 * the provider's clusters as well, and forgets INACTIVE providers in time.
 */
export class CapacityProviderController extends RecordController {
  readonly name = 'capacity-provider';
  readonly #newUuid: () => string;

  constructor(parts: CapacityProviderControllerParts) {
    super(parts);
    this.#newUuid = parts.newUuid;
  }

  protected *unsettled({ capacityProviders }: ReadonlyTables): Iterable<string> {
    for (const provider of capacityProviders.unsettled()) yield provider.arn;
  }

  protected settle(tx: Transaction, key: string, now: Instant): Next {
    const provider = tx.capacityProviders.find(key);
    if (!provider) return settled;
    if (provider.status === 'INACTIVE') return forgetInTime(tx, provider, now);
    const after = settledCapacityProvider(provider, now);
    if (after === provider) return settled;
    tx.capacityProviders.put(after);
    this.#updateClusters(tx, after);
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

function forgetInTime(tx: Transaction, provider: CapacityProvider, now: Instant): Next {
  const until = (provider.inactiveAt ?? 0) + inactiveCapacityProviderRetentionMs;
  if (until > now) return lookAgain(until);
  tx.capacityProviders.delete(provider);
  return settled;
}
