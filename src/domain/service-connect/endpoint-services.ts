import type { DiscoveryService } from '../cloud-map/discovery-service.ts';
import { newDiscoveryService } from '../cloud-map/new-service.ts';
import type { Instant } from '../instant.ts';
import { ecsManagedTag, type Namespace } from '../namespace/namespace.ts';
import { revisionsOf, type AnyService } from '../service/service.ts';
import type { ServiceConnect, ServiceConnectEndpoint } from './service-connect.ts';

/** The service of Cloud Map that ECS makes for an endpoint: its instances are found by the API alone. */
export function endpointService(
  { discoveryName: name, discoveryArn: arn }: ServiceConnectEndpoint,
  {
    namespace,
    ownerServiceArn,
    now,
  }: {
    readonly namespace: Namespace;
    readonly ownerServiceArn: string;
    readonly now: Instant;
  },
): DiscoveryService {
  const spec = { name, type: 'HTTP', customHealthCheck: false } as const;
  return newDiscoveryService({ spec, namespace, arn, tags: [ecsManagedTag], now, ownerServiceArn });
}

/** Service Connect of all that a service may still start tasks from. */
export function connectionsOf(service: AnyService | undefined): readonly ServiceConnect[] {
  if (!service || service.status === 'INACTIVE') return [];
  return revisionsOf(service).flatMap(({ serviceConnect }) => serviceConnect ?? []);
}
