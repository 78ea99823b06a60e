import type {
  DeleteCapacityProviderRequest,
  DeleteCapacityProviderResponse,
} from '@aws-sdk/client-ecs';
import { isArn, lastPathElement } from '../../domain/arn.ts';
import type { CapacityProvider } from '../../domain/capacity-provider/capacity-provider.ts';
import {
  checkScope,
  deletedCapacityProvider,
} from '../../domain/capacity-provider/change-capacity-provider.ts';
import { parseClusterRef } from '../../domain/cluster/cluster-ref.ts';
import { providerHasDaemons } from '../../domain/daemon/daemon-errors.ts';
import { invalidParameter } from '../../domain/errors.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { RequestContext } from '../operation.ts';
import { capacityProviderView } from './capacity-provider-view.ts';
import { knownCapacityProviders } from './known-capacity-providers.ts';
import { requireCapacityProvider } from './require-capacity-provider.ts';

export function deleteCapacityProvider(
  { capacityProvider: ref, cluster }: DeleteCapacityProviderRequest,
  { state, scope }: RequestContext,
): DeleteCapacityProviderResponse {
  // [inferred text]
  if (!ref) throw invalidParameter('CapacityProvider can not be blank.');

  const provider = state.transact((tx) => {
    const before = requireCapacityProvider(tx, { scope, ref, change: 'deleted' });
    // An ARN says enough: Terraform deletes providers of clusters by nothing else.
    if (cluster) checkScope(before, parseClusterRef(scope, cluster));
    else if (!isArn(ref)) checkScope(before, undefined);
    if (!tx.daemons.ofProvider(before.arn).next().done) throw providerHasDaemons();
    const { clustersOf } = knownCapacityProviders(tx, scope);
    const deleted = deletedCapacityProvider(before, {
      clusterNames: [...clustersOf(before.name)].map(lastPathElement),
      isUsed: isUsed(tx, before),
    });
    tx.capacityProviders.put(deleted);
    // The answer shows the status that it had (AWS CLI, "delete-capacity-provider").
    return { ...deleted, status: before.status };
  });

  return { capacityProvider: capacityProviderView(provider, { tags: false }) };
}

/** An Auto Scaling group's provider is held by its clusters, which tasks hold in turn. */
function isUsed(tables: ReadonlyTables, provider: CapacityProvider): boolean {
  return (
    provider.type === 'MANAGED_INSTANCES' &&
    tables.tasks.usesCapacityProvider(provider.clusterArn, provider.name)
  );
}
