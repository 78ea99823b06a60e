import { scopeKey, type Scope } from '../../domain/arn.ts';
import {
  instanceUnknown,
  namespaceUnknown,
  serviceUnknown,
} from '../../domain/cloud-map/cloud-map-error.ts';
import type { DiscoveryInstance } from '../../domain/cloud-map/discovery-instance.ts';
import {
  discoveryServiceArn,
  type DiscoveryService,
} from '../../domain/cloud-map/discovery-service.ts';
import { required } from '../../domain/cloud-map/members.ts';
import { cloudMapPrefix, type Namespace } from '../../domain/namespace/namespace.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/** The ARN of a namespace that is called by its id or its ARN. */
export function namespaceArnOf(scope: Scope, ref: string): string {
  return ref.startsWith('arn:') ? ref : `${cloudMapPrefix(scope)}:namespace/${ref}`;
}

/**
 * The namespace of an id or an ARN. Those of other accounts and regions are out of reach.
 * @throws CloudMapError InvalidInput, NamespaceNotFound
 */
export function requireNamespace(
  { namespaces }: ReadonlyTables,
  scope: Scope,
  given: string | undefined,
  member = 'id',
): Namespace {
  const ref = required(member, given);
  const namespace = namespaces.findByArn(namespaceArnOf(scope, ref));
  if (namespace?.scope !== scopeKey(scope)) throw namespaceUnknown(ref);
  return namespace;
}

/** The same of a namespace that must be there, because a service is in it. */
export function namespaceOf(
  { namespaces }: ReadonlyTables,
  { namespaceArn }: DiscoveryService,
): Namespace {
  const namespace = namespaces.findByArn(namespaceArn);
  if (!namespace) throw new Error(`The namespace ${namespaceArn} of a service is gone.`);
  return namespace;
}

/**
 * The service of an id or an ARN.
 * @throws CloudMapError InvalidInput, ServiceNotFound
 */
export function requireDiscoveryService(
  { discoveryServices }: ReadonlyTables,
  scope: Scope,
  given: string | undefined,
  member = 'serviceId',
): DiscoveryService {
  const ref = required(member, given);
  const arn = ref.startsWith('arn:') ? ref : discoveryServiceArn(cloudMapPrefix(scope), ref);
  const service = discoveryServices.findByArn(arn);
  if (service?.scope !== scopeKey(scope)) throw serviceUnknown(ref);
  return service;
}

/** @throws CloudMapError InvalidInput, InstanceNotFound */
export function requireInstance(
  { discoveryInstances }: ReadonlyTables,
  service: DiscoveryService,
  given: string | undefined,
): DiscoveryInstance {
  const instanceId = required('instanceId', given);
  const instance = discoveryInstances.findInstance(service.arn, instanceId);
  if (!instance) throw instanceUnknown(instanceId);
  return instance;
}
