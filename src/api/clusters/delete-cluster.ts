import type { DeleteClusterRequest, DeleteClusterResponse } from '@aws-sdk/client-ecs';
import { deletedCluster } from '../../domain/cluster/delete-cluster.ts';
import type { RequestContext } from '../operation.ts';
import { requireCluster, requireClusterRef } from '../require.ts';
import { clusterView, total } from './cluster-view.ts';

export function deleteCluster(
  input: DeleteClusterRequest,
  ctx: RequestContext,
): DeleteClusterResponse {
  const { before, after } = ctx.state.transact((tx) => {
    const cluster = requireCluster(tx, ctx.scope, requireClusterRef(input.cluster));
    const tasks = tx.tasks.countsOf(cluster.arn).notStopped;
    const { active, draining } = tx.services.countsOf(cluster.arn);
    const capacityProviders = tx.capacityProviders.countOf(cluster.arn);
    const services = total(active) + total(draining);
    const containerInstances = tx.containerInstances.count(cluster.arn);
    const contents = { containerInstances, services, tasks, capacityProviders };
    const deleted = deletedCluster(cluster, contents, ctx.now);
    tx.clusters.put(deleted);
    return { before: cluster, after: deleted };
  });

  return {
    cluster: clusterView(after, ctx.state.read, {
      settings: true,
      configuration: true,
      attachments: before.status === 'INACTIVE' ? 'always' : 'if-any',
    }),
  };
}
