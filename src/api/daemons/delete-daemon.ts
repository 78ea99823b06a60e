import type { DeleteDaemonRequest, DeleteDaemonResponse } from '@aws-sdk/client-ecs';
import { daemonStatusReasons, newDaemonDeployment } from '../../domain/daemon/daemon-deployment.ts';
import { deletedDaemon } from '../../domain/daemon/new-daemon.ts';
import { parseDaemonConfiguration } from '../../domain/daemon/parse-daemon.ts';
import type { RequestContext } from '../operation.ts';
import { newDeploymentArn, sourcesOf, stopUnfinished } from './begin-daemon-deployment.ts';
import { daemonChangeView } from './daemon-view.ts';
import { requireActiveDaemon } from './require-daemon.ts';

/** Its last deployment takes its tasks away; then there is nothing left of it. */
export function deleteDaemon(
  input: DeleteDaemonRequest,
  ctx: RequestContext,
): DeleteDaemonResponse {
  const { state, scope, now } = ctx;
  const daemon = state.transact((tx) => {
    const before = requireActiveDaemon(tx, scope, input.daemonArn);
    const arn = newDeploymentArn(ctx, before.arn);
    const configuration = parseDaemonConfiguration();
    const deleted = deletedDaemon(before, { arn, configuration, now });
    stopUnfinished(tx, before, daemonStatusReasons.deleted, now);
    const sources = sourcesOf(before);
    tx.daemonDeployments.put(
      newDaemonDeployment({ arn, daemon: before, target: undefined, sources, configuration, now }),
    );
    tx.daemons.put(deleted);
    return deleted;
  });

  return daemonChangeView(daemon);
}
