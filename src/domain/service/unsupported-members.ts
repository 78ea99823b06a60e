import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { notInThisRelease } from './service-errors.ts';

type ServiceRequest = CreateServiceRequest | UpdateServiceRequest;

/**
 * Refuses what ECS knows and this release does not have, so that nothing is taken and then ignored.
 * @throws EcsError UnsupportedFeatureException
 */
export function refuseUnsupported(input: ServiceRequest): void {
  const lists = [
    [input.loadBalancers, 'load balancers'],
    [input.serviceRegistries, 'service registries'],
    [input.volumeConfigurations, 'volumes that are configured at launch'],
    [input.vpcLatticeConfigurations, 'VPC Lattice'],
    [input.gatewayConnectors, 'gateway connectors'],
  ] as const;
  for (const [list, what] of lists) {
    if (list && list.length > 0) throw notInThisRelease(what);
  }
  if (input.serviceConnectConfiguration?.enabled) throw notInThisRelease('Service Connect');
  if (input.monitoring) throw notInThisRelease('the monitoring settings of services');
}

/** @throws EcsError for another controller than ECS */
export function checkController(type: string | undefined): void {
  switch (type) {
    case undefined:
    case '':
    case 'ECS':
      return;
    case 'CODE_DEPLOY':
    case 'EXTERNAL':
      throw notInThisRelease(`the deployment controller ${type}`);
    default:
      throw invalidParameter(
        'Deployment controller type should be one of [CODE_DEPLOY,ECS,EXTERNAL]',
      );
  }
}
