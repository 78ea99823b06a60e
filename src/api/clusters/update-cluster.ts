import type { UpdateClusterRequest, UpdateClusterResponse } from '@aws-sdk/client-ecs';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { attachmentsBusy } from '../../domain/cluster/cluster-errors.ts';
import { parseConfiguration } from '../../domain/cluster/parse-configuration.ts';
import { parseSettings } from '../../domain/cluster/parse-settings.ts';
import { withNamespace, withoutNamespace } from '../../domain/cluster/service-connect.ts';
import { parseNamespaceRef } from '../../domain/namespace/namespace.ts';
import type { Transaction } from '../../state/state.ts';
import type { RequestContext } from '../operation.ts';
import { requireActiveCluster } from '../require.ts';
import { changedClusterView } from './cluster-view.ts';
import { requireNamespace } from './require-namespace.ts';

/** Each member that is given replaces that part of the cluster whole; the others stay. */
export function updateCluster(
  input: UpdateClusterRequest,
  ctx: RequestContext,
): UpdateClusterResponse {
  const cluster = ctx.state.transact((tx) => {
    const before = requireActiveCluster(tx, ctx.scope, input.cluster);
    const configuration = parseConfiguration(input.configuration);
    const updated = withDefaults(tx, ctx, input, {
      ...before,
      containerInsights: parseSettings(input.settings, before.containerInsights),
      ...(configuration && { configuration }),
    });
    tx.clusters.put(updated);
    return updated;
  });

  return {
    cluster: changedClusterView(cluster, ctx.state.read),
  };
}

function withDefaults(
  tx: Transaction,
  ctx: RequestContext,
  { serviceConnectDefaults }: UpdateClusterRequest,
  cluster: Cluster,
): Cluster {
  const namespace = serviceConnectDefaults?.namespace;
  if (namespace === undefined) return cluster;
  if (cluster.attachmentsStatus === 'UPDATE_IN_PROGRESS') throw attachmentsBusy();
  if (namespace === '') return withoutNamespace(cluster);
  const arn = requireNamespace(tx, ctx, parseNamespaceRef(namespace));
  if (arn === cluster.serviceConnectNamespaceArn) return cluster;
  return withNamespace(cluster, arn, ctx.newUuid());
}
