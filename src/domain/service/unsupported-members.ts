import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { DeploymentConfiguration } from './service.ts';
import type { RevisionContent } from './new-revision.ts';
import { notInThisRelease } from './service-errors.ts';

type ServiceRequest = CreateServiceRequest | UpdateServiceRequest;

/**
 * Refuses what ECS knows and this release does not have, so that nothing is taken and then ignored.
 * @throws EcsError UnsupportedFeatureException; what ECS refuses itself is refused in its words
 */
export function refuseUnsupported(input: ServiceRequest): void {
  const lists = [
    [input.vpcLatticeConfigurations, 'VPC Lattice'],
    [input.gatewayConnectors, 'gateway connectors'],
  ] as const;
  for (const [list, what] of lists) {
    if (list && list.length > 0) throw notInThisRelease(what);
  }
  if (input.monitoring) throw notInThisRelease('the monitoring settings of services');
}

/**
 * A shift of traffic would be the proxies' business, which nobody tells of it.
 * @throws EcsError UnsupportedFeatureException
 */
export function refuseShiftedConnect(
  { shift }: DeploymentConfiguration,
  { serviceConnect }: Pick<RevisionContent, 'serviceConnect'>,
): void {
  if (!shift || !serviceConnect) return;
  throw notInThisRelease('Service Connect for deployments that shift traffic');
}

/**
 * Somebody else makes the deployments, and Service Connect is a part of them. [inferred text]
 * @throws EcsError InvalidParameterException
 */
export function refuseConnectedTaskSets({ serviceConnectConfiguration }: ServiceRequest): void {
  if (!serviceConnectConfiguration?.enabled) return;
  throw invalidParameter(
    'Service Connect is only supported for services using the ECS deployment controller.',
  );
}

/**
 * Rolling deployments need load balancers that route; those that shift traffic record what they ask of them.
 * @throws EcsError UnsupportedFeatureException
 */
export function refuseRollingBalancers(
  { shift }: DeploymentConfiguration,
  loadBalancers: readonly unknown[] = [],
): void {
  if (shift || loadBalancers.length === 0) return;
  throw notInThisRelease('load balancers for services with the deployment strategy ROLLING');
}

/**
 * Between ECS and EXTERNAL a service can go; CODE_DEPLOY needs load balancers.
 * @throws EcsError for another controller than these two
 */
export function checkController({
  deploymentController,
  loadBalancers = [],
}: ServiceRequest): void {
  const type: string | undefined = deploymentController?.type;
  switch (type) {
    case undefined:
    case '':
    case 'ECS':
    case 'EXTERNAL':
      return;
    case 'CODE_DEPLOY':
      if (loadBalancers.length > 0) throw notInThisRelease('the deployment controller CODE_DEPLOY');
      // [inferred text, around what is known of ECS's]
      throw invalidParameter(
        'For the CODE_DEPLOY deployment controller, the service requires an Application Load Balancer ' +
          'or Network Load Balancer',
      );
    default:
      throw invalidParameter(
        'Deployment controller type should be one of [CODE_DEPLOY,ECS,EXTERNAL]',
      );
  }
}
