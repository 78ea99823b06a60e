import { serviceDeploymentArn } from '../../domain/arn.ts';
import { breakerThreshold } from '../../domain/service/deployment-configuration.ts';
import {
  newServiceDeployment,
  statusReasons,
  stopRequested,
} from '../../domain/service/service-deployment.ts';
import { serviceDeploymentId } from '../../domain/service/service-ids.ts';
import { primaryOf, type Service } from '../../domain/service/service.ts';
import type { Transaction } from '../../state/state.ts';
import type { RequestContext } from '../operation.ts';

/** Records the deployment that a service has just begun; those under way make room for it. */
export function beginDeployment(
  tx: Transaction,
  { newId, now }: RequestContext,
  service: Service,
): void {
  for (const former of tx.serviceDeployments.unfinishedOf(service.arn)) {
    tx.serviceDeployments.put(stopRequested(former, statusReasons.superseded, now));
  }
  const target = primaryOf(service).revision;
  const { circuitBreaker } = service.deploymentConfiguration;
  const begun = newServiceDeployment({
    arn: serviceDeploymentArn(service.arn, serviceDeploymentId(newId())),
    service,
    target,
    sources: service.deployments.slice(1).map(({ revision }) => revision.arn),
    threshold: breakerThreshold(circuitBreaker, service.desiredCount),
  });
  tx.serviceRevisions.put(target);
  tx.serviceDeployments.put(begun);
}
