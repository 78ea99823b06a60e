import type { UpdateDaemonRequest, UpdateDaemonResponse } from '@aws-sdk/client-ecs';
import { updatedDaemon } from '../../domain/daemon/new-daemon.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { beginDaemonDeployment, parseDeployment } from './begin-daemon-deployment.ts';
import { daemonChangeView } from './daemon-view.ts';
import { requireActiveDaemon } from './require-daemon.ts';

/** What is left out is not kept: it has its default again. */
export function updateDaemon(
  input: UpdateDaemonRequest,
  ctx: RequestContext,
): UpdateDaemonResponse {
  const daemon = ctx.state.transact((tx) => {
    const before = requireActiveDaemon(tx, ctx.scope, input.daemonArn);
    const cluster = requireLiveCluster(tx, ctx.scope, before.clusterArn);
    const asked = parseDeployment(tx, ctx, input, { cluster, daemonArn: before.arn });
    const updated = updatedDaemon(before, asked, ctx.now);
    beginDaemonDeployment(tx, ctx, asked, updated);
    return updated;
  });

  return daemonChangeView(daemon);
}
