import type { CreateDaemonRequest, CreateDaemonResponse } from '@aws-sdk/client-ecs';
import { daemonArn } from '../../domain/arn.ts';
import { newDaemon, checkDaemonReplay } from '../../domain/daemon/new-daemon.ts';
import { parseNewDaemonName } from '../../domain/daemon/daemon-ref.ts';
import { checkServiceToken } from '../../domain/service/new-service.ts';
import { parseTags } from '../../domain/tags.ts';
import type { RequestContext } from '../operation.ts';
import { requestDigest } from '../request-digest.ts';
import { requireLiveCluster } from '../require.ts';
import { beginDaemonDeployment, parseDeployment } from './begin-daemon-deployment.ts';

export function createDaemon(
  input: CreateDaemonRequest,
  ctx: RequestContext,
): CreateDaemonResponse {
  const request = { clientToken: input.clientToken, requestDigest: requestDigest(input) };
  const name = parseNewDaemonName(input.daemonName);
  checkServiceToken(input.clientToken);

  const daemon = ctx.state.transact((tx) => {
    const cluster = requireLiveCluster(tx, ctx.scope, input.clusterArn);
    const arn = daemonArn(ctx.scope, cluster.name, name);
    const existing = tx.daemons.findByArn(arn);
    if (existing) {
      checkDaemonReplay(existing, request);
      return existing;
    }
    const tags = parseTags(input.tags);
    const asked = parseDeployment(tx, ctx, input, { cluster, daemonArn: arn });
    const created = newDaemon({ arn, cluster, name, asked, tags, request, now: ctx.now });
    beginDaemonDeployment(tx, ctx, asked, created);
    return created;
  });

  return {
    daemonArn: daemon.arn,
    status: daemon.status,
    createdAt: new Date(daemon.createdAt),
    deploymentArn: daemon.deploymentArn,
  };
}
