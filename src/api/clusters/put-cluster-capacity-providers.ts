import type {
  PutClusterCapacityProvidersRequest,
  PutClusterCapacityProvidersResponse,
} from '@aws-sdk/client-ecs';
import { putCapacityProviders } from '../../domain/cluster/put-capacity-providers.ts';
import { knownCapacityProviders } from '../capacity-providers/known-capacity-providers.ts';
import type { RequestContext } from '../operation.ts';
import { requireActiveCluster } from '../require.ts';
import { changedClusterView } from './cluster-view.ts';

export function putClusterCapacityProviders(
  input: PutClusterCapacityProvidersRequest,
  { state, scope, newUuid }: RequestContext,
): PutClusterCapacityProvidersResponse {
  const updated = state.transact((tx) => {
    const cluster = requireActiveCluster(tx, scope, input.cluster);
    const providers = knownCapacityProviders(tx, scope);
    const isUsed = (name: string): boolean =>
      tx.tasks.usesCapacityProvider(cluster.arn, name) ||
      tx.services.usesCapacityProvider(cluster.arn, name);
    const after = putCapacityProviders({ cluster, input, providers, isUsed, newUuid });
    tx.clusters.put(after);
    return after;
  });

  return {
    cluster: changedClusterView(updated, state.read),
  };
}
