import type {
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
} from '@aws-sdk/client-ecs';
import {
  parseServiceDeploymentArn,
  serviceDeploymentNotFound,
} from '../../domain/service/service-part-ref.ts';
import { parseStopType, stoppedDeployment } from '../../domain/service/stop-service-deployment.ts';
import type { RequestContext } from '../operation.ts';

export function stopServiceDeployment(
  input: StopServiceDeploymentRequest,
  { state, scope, now }: RequestContext,
): StopServiceDeploymentResponse {
  const stopType = parseStopType(input.stopType);
  const arn = parseServiceDeploymentArn(scope, input.serviceDeploymentArn ?? '');

  state.transact((tx) => {
    const deployment = tx.serviceDeployments.findByArn(arn);
    if (!deployment) throw serviceDeploymentNotFound();
    tx.serviceDeployments.put(stoppedDeployment(deployment, stopType, now));
  });

  return { serviceDeploymentArn: arn };
}
