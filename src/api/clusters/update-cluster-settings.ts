import type {
  UpdateClusterSettingsRequest,
  UpdateClusterSettingsResponse,
} from '@aws-sdk/client-ecs';
import { attachmentsBusy } from '../../domain/cluster/cluster-errors.ts';
import { parseSettings } from '../../domain/cluster/parse-settings.ts';
import { invalidParameter } from '../../domain/errors.ts';
import type { RequestContext } from '../operation.ts';
import { requireActiveCluster } from '../require.ts';
import { changedClusterView } from './cluster-view.ts';

export function updateClusterSettings(
  input: UpdateClusterSettingsRequest,
  ctx: RequestContext,
): UpdateClusterSettingsResponse {
  const cluster = ctx.state.transact((tx) => {
    const before = requireActiveCluster(tx, ctx.scope, input.cluster);
    // [inferred text]
    if (!input.settings?.length) throw invalidParameter('settings can not be empty.');
    const containerInsights = parseSettings(input.settings, before.containerInsights);
    if (before.attachmentsStatus === 'UPDATE_IN_PROGRESS') throw attachmentsBusy();
    const updated = { ...before, containerInsights };
    tx.clusters.put(updated);
    return updated;
  });

  return {
    cluster: changedClusterView(cluster, ctx.state.read),
  };
}
