import { CloudMapError } from '../domain/cloud-map/cloud-map-error.ts';
import {
  mostInstancesInNamespace,
  mostInstancesOfService,
  registeredInstance,
  type DiscoveryInstance,
  type InstanceSpec,
} from '../domain/cloud-map/discovery-instance.ts';
import {
  withInstancesChanged,
  type DiscoveryService,
} from '../domain/cloud-map/discovery-service.ts';
import type { Instant } from '../domain/instant.ts';
import type { Transaction } from './tables.ts';

/**
 * Registers an instance with a service of Cloud Map, or changes the one that has its id.
 * @throws CloudMapError InvalidInput, ResourceLimitExceeded
 */
export function registerInstance(
  tx: Transaction,
  service: DiscoveryService,
  spec: InstanceSpec,
  now: Instant,
): DiscoveryInstance {
  const before = tx.discoveryInstances.findInstance(service.arn, spec.instanceId);
  const registered = registeredInstance(service, spec, { before, now });
  if (!before) checkRoom(tx, service);
  tx.discoveryInstances.put(registered);
  tx.discoveryServices.put(withInstancesChanged(service, now));
  return registered;
}

/** Takes an instance out of its service. */
export function deregisterInstance(
  tx: Transaction,
  instance: DiscoveryInstance,
  now: Instant,
): void {
  tx.discoveryInstances.delete(instance);
  const service = tx.discoveryServices.findByArn(instance.serviceArn);
  if (service) tx.discoveryServices.put(withInstancesChanged(service, now));
}

function checkRoom(
  { discoveryInstances }: Transaction,
  { arn, namespaceArn }: DiscoveryService,
): void {
  if (discoveryInstances.countOf(arn) >= mostInstancesOfService) {
    throw tooManyInstances(`service ${arn}`);
  }
  if (discoveryInstances.countIn(namespaceArn) >= mostInstancesInNamespace) {
    throw tooManyInstances(`namespace ${namespaceArn}`);
  }
}

/** [inferred text] */
function tooManyInstances(where: string): CloudMapError {
  return new CloudMapError(
    'ResourceLimitExceeded',
    `The maximum number of instances in the ${where} has been reached.`,
  );
}
