import type {
  DaemonDeployment as WireDaemonDeployment,
  DescribeDaemonDeploymentsRequest,
  DescribeDaemonDeploymentsResponse,
  Failure,
} from '@aws-sdk/client-ecs';
import { parseDaemonDeploymentArn } from '../../domain/daemon/daemon-ref.ts';
import { checkArnCount } from '../../domain/service/service-part-ref.ts';
import type { RequestContext } from '../operation.ts';
import { daemonDeploymentView } from './daemon-deployment-view.ts';

export function describeDaemonDeployments(
  input: DescribeDaemonDeploymentsRequest,
  { state: { read }, scope }: RequestContext,
): DescribeDaemonDeploymentsResponse {
  const refs = checkArnCount('daemonDeploymentArns', input.daemonDeploymentArns);

  const daemonDeployments: WireDaemonDeployment[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseDaemonDeploymentArn(scope, ref)))) {
    const deployment = read.daemonDeployments.findByArn(arn);
    if (deployment) daemonDeployments.push(daemonDeploymentView(deployment, read));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { daemonDeployments, failures };
}
