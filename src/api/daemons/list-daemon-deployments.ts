import type {
  ListDaemonDeploymentsRequest,
  ListDaemonDeploymentsResponse,
} from '@aws-sdk/client-ecs';
import type { DaemonDeployment } from '../../domain/daemon/daemon-deployment.ts';
import { parseDaemonDeploymentFilter } from '../../domain/daemon/list-daemon-deployments.ts';
import { present } from '../../domain/present.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { daemonDeploymentSummary } from './daemon-deployment-view.ts';
import { requireDaemon } from './require-daemon.ts';

export function listDaemonDeployments(
  input: ListDaemonDeploymentsRequest,
  { state, scope }: RequestContext,
): ListDaemonDeploymentsResponse {
  const daemon = requireDaemon(state.read, scope, input.daemonArn);
  const { matches, maxResults } = parseDaemonDeploymentFilter(input);
  const { rows, nextToken } = pageOf<DaemonDeployment>({
    request: { maxResults, nextToken: input.nextToken },
    list: [
      'ListDaemonDeployments',
      daemon.arn,
      JSON.stringify([input.status, input.createdAt?.before, input.createdAt?.after]),
    ],
    // The newest come first, so that a page goes on before its last one.
    rowsAfter: function* (key) {
      for (const deployment of state.read.daemonDeployments.newestOf(daemon.arn, key)) {
        if (matches(deployment)) yield deployment;
      }
    },
    keyOf: (deployment) => deployment.arn,
  });
  return { daemonDeployments: rows.map(daemonDeploymentSummary), ...present({ nextToken }) };
}
