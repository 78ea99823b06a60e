import type {
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  Failure,
  ServiceDeployment as WireServiceDeployment,
} from '@aws-sdk/client-ecs';
import { checkArnCount, parseServiceDeploymentArn } from '../../domain/service/service-part-ref.ts';
import type { RequestContext } from '../operation.ts';
import { serviceDeploymentView } from './service-deployment-view.ts';

export function describeServiceDeployments(
  input: DescribeServiceDeploymentsRequest,
  { state: { read }, scope }: RequestContext,
): DescribeServiceDeploymentsResponse {
  const refs = checkArnCount('serviceDeploymentArns', input.serviceDeploymentArns);

  const serviceDeployments: WireServiceDeployment[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseServiceDeploymentArn(scope, ref)))) {
    const deployment = read.serviceDeployments.findByArn(arn);
    if (deployment) serviceDeployments.push(serviceDeploymentView(deployment, read));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { serviceDeployments, failures };
}
