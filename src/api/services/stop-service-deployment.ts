import type {
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
} from '@aws-sdk/client-ecs';
import {
  parseServiceDeploymentArn,
  serviceDeploymentNotFound,
} from '../../domain/service/service-part-ref.ts';
import { stoppedDeployment } from '../../domain/service/stop-service-deployment.ts';
import type { RequestContext } from '../operation.ts';

export function stopServiceDeployment(
  input: StopServiceDeploymentRequest,
  { state, scope, now }: RequestContext,
): StopServiceDeploymentResponse {
  const arn = parseServiceDeploymentArn(scope, input.serviceDeploymentArn ?? '');

  state.transact((tx) => {
    const deployment = tx.serviceDeployments.findByArn(arn);
    if (!deployment) throw serviceDeploymentNotFound();
    tx.serviceDeployments.put(stoppedDeployment(deployment, input.stopType, now));
  });

  return { serviceDeploymentArn: arn };
}
