import type {
  CreateCapacityProviderRequest,
  CreateCapacityProviderResponse,
} from '@aws-sdk/client-ecs';
import { parseNewCapacityProviderName } from '../../domain/capacity-provider/capacity-provider-ref.ts';
import {
  checkNameIsFree,
  checkQuota,
  newCapacityProvider,
} from '../../domain/capacity-provider/new-capacity-provider.ts';
import { withCapacityProvider } from '../../domain/cluster/put-capacity-providers.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { capacityProviderView } from './capacity-provider-view.ts';

export function createCapacityProvider(
  input: CreateCapacityProviderRequest,
  { state, scope }: RequestContext,
): CreateCapacityProviderResponse {
  const name = parseNewCapacityProviderName(input.name);

  const provider = state.transact((tx) => {
    const cluster = input.cluster ? requireLiveCluster(tx, scope, input.cluster) : undefined;
    const clusterArn = cluster?.arn;
    checkNameIsFree(tx.capacityProviders.findByName(scope, name), clusterArn);
    checkQuota(tx.capacityProviders.count(scope));
    const isGroupUsed = (group: string): boolean =>
      tx.capacityProviders.usesAutoScalingGroup(scope, group);
    const created = newCapacityProvider({ scope, name, input, clusterArn, isGroupUsed });
    tx.capacityProviders.put(created);
    if (cluster) tx.clusters.put(withCapacityProvider(cluster, name));
    return created;
  });

  return { capacityProvider: capacityProviderView(provider, { tags: true }) };
}
