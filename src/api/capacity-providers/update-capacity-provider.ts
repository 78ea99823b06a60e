import type {
  UpdateCapacityProviderRequest,
  UpdateCapacityProviderResponse,
} from '@aws-sdk/client-ecs';
import { capacityProviderDoesNotExist } from '../../domain/capacity-provider/capacity-provider-errors.ts';
import {
  checkScope,
  updatedCapacityProvider,
} from '../../domain/capacity-provider/change-capacity-provider.ts';
import { parseClusterRef } from '../../domain/cluster/cluster-ref.ts';
import { invalidParameter } from '../../domain/errors.ts';
import type { RequestContext } from '../operation.ts';
import { capacityProviderView } from './capacity-provider-view.ts';
import { knownCapacityProviders } from './known-capacity-providers.ts';
import { requireCapacityProvider } from './require-capacity-provider.ts';

/** Answers with the former settings: the new ones are shown once the update has completed. */
export function updateCapacityProvider(
  input: UpdateCapacityProviderRequest,
  { state, scope }: RequestContext,
): UpdateCapacityProviderResponse {
  const { name: ref, cluster } = input;
  if (!ref) throw invalidParameter('A name is required when updating a capacity provider');

  const provider = state.transact((tx) => {
    const before = requireCapacityProvider(tx, { scope, ref, change: 'updated' });
    if (before.status === 'INACTIVE') throw capacityProviderDoesNotExist();
    checkScope(before, cluster ? parseClusterRef(scope, cluster) : undefined);
    const associations = [...knownCapacityProviders(tx, scope).clustersOf(before.name)].length;
    const updated = updatedCapacityProvider(before, input, associations);
    tx.capacityProviders.put(updated);
    return updated;
  });

  return { capacityProvider: capacityProviderView(provider, { tags: false }) };
}
