import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
} from '@aws-sdk/client-ecs';
import {
  parseServiceDeploymentArn,
  serviceDeploymentNotFound,
} from '../../domain/service/service-part-ref.ts';
import {
  checkHookId,
  continuedDeployment,
} from '../../domain/service/strategies/continue-service-deployment.ts';
import { parseHookAction } from '../../domain/service/strategies/parse-hooks.ts';
import type { RequestContext } from '../operation.ts';

export function continueServiceDeployment(
  input: ContinueServiceDeploymentRequest,
  { state, scope, now }: RequestContext,
): ContinueServiceDeploymentResponse {
  const action = parseHookAction(input.action ?? 'CONTINUE');
  const arn = parseServiceDeploymentArn(scope, input.serviceDeploymentArn ?? '');
  const hookId = checkHookId(input.hookId);

  state.transact((tx) => {
    const deployment = tx.serviceDeployments.findByArn(arn);
    if (!deployment) throw serviceDeploymentNotFound();
    tx.serviceDeployments.put(continuedDeployment(deployment, hookId, action, now));
  });

  return { serviceDeploymentArn: arn };
}
