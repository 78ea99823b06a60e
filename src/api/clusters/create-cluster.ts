import type { CreateClusterRequest, CreateClusterResponse } from '@aws-sdk/client-ecs';
import { clusterArn } from '../../domain/arn.ts';
import { tooManyClusters } from '../../domain/cluster/cluster-errors.ts';
import {
  checkReplay,
  maximumClusters,
  newCluster,
  parseClusterSpec,
} from '../../domain/cluster/new-cluster.ts';
import { parseContainerInsights } from '../../domain/cluster/parse-settings.ts';
import { callersSetting } from '../account-settings/effective-account-setting.ts';
import { knownCapacityProviders } from '../capacity-providers/known-capacity-providers.ts';
import type { RequestContext } from '../operation.ts';
import { clusterView } from './cluster-view.ts';
import { requireNamespace } from './require-namespace.ts';

export function createCluster(
  input: CreateClusterRequest,
  ctx: RequestContext,
): CreateClusterResponse {
  const cluster = ctx.state.transact((tx) => {
    const insights = callersSetting(tx, ctx, 'containerInsights');
    const spec = parseClusterSpec(ctx.scope, input, parseContainerInsights(insights?.value));
    const existing = tx.clusters.findByArn(clusterArn(ctx.scope, spec.name));
    if (existing && existing.status !== 'INACTIVE') {
      checkReplay(existing, spec);
      return existing;
    }
    if (tx.clusters.count(ctx.scope) >= maximumClusters) throw tooManyClusters();
    const namespaceArn = spec.namespace && requireNamespace(tx, ctx, spec.namespace);
    const { scope, newUuid } = ctx;
    const providers = knownCapacityProviders(tx, scope);
    const created = newCluster({ scope, spec, namespaceArn, providers, newUuid });
    tx.clusters.put(created);
    return created;
  });

  return {
    cluster: clusterView(cluster, ctx.state.read, {
      tags: true,
      settings: true,
      configuration: true,
      attachments: 'if-any',
    }),
  };
}
