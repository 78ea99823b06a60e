import type {
  DiscoverInstancesRequest,
  DiscoverInstancesResponse,
  DiscoverInstancesRevisionRequest,
  DiscoverInstancesRevisionResponse,
} from '@aws-sdk/client-servicediscovery';
import { namespaceUnknown, serviceUnknown } from '../../domain/cloud-map/cloud-map-error.ts';
import { discover, healthFilters, healthOf } from '../../domain/cloud-map/discover.ts';
import type { DiscoveryService } from '../../domain/cloud-map/discovery-service.ts';
import { oneOf, required } from '../../domain/cloud-map/members.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { parsePageSize } from './list-page.ts';

const mostInstances = 1_000;

/** Its default health is [inferred]. */
export function discoverInstances(
  input: DiscoverInstancesRequest,
  ctx: CloudMapContext,
): DiscoverInstancesResponse {
  const { HealthStatus = 'HEALTHY_OR_ELSE_ALL', QueryParameters, OptionalParameters } = input;
  const filter = {
    health: oneOf('healthStatus', HealthStatus, healthFilters),
    query: QueryParameters ?? {},
    optional: OptionalParameters ?? {},
  };
  const size = parsePageSize(input.MaxResults, mostInstances);
  const service = discoveredService(input, ctx);
  const registered = ctx.state.read.discoveryInstances.ofService(service.arn, undefined);
  const found = ctx.shuffled(discover(service, registered, filter)).slice(0, size);
  return {
    Instances: found.map((instance) => ({
      InstanceId: instance.instanceId,
      NamespaceName: input.NamespaceName,
      ServiceName: service.name,
      HealthStatus: healthOf(instance),
      Attributes: { ...instance.attributes },
    })),
    InstancesRevision: service.instancesRevision,
  };
}

export function discoverInstancesRevision(
  input: DiscoverInstancesRevisionRequest,
  ctx: CloudMapContext,
): DiscoverInstancesRevisionResponse {
  return { InstancesRevision: discoveredService(input, ctx).instancesRevision };
}

/**
 * The service that is asked for by names. Namespaces of other accounts are out of reach.
 * @throws CloudMapError NamespaceNotFound, ServiceNotFound
 */
function discoveredService(
  { NamespaceName, ServiceName, OwnerAccount }: DiscoverInstancesRevisionRequest,
  { state: { read }, scope }: CloudMapContext,
): DiscoveryService {
  const namespaceName = required('namespaceName', NamespaceName);
  const serviceName = required('serviceName', ServiceName);
  const isOwn = OwnerAccount === undefined || OwnerAccount === scope.accountId;
  const namespace = isOwn ? read.namespaces.findByHttpName(scope, namespaceName) : undefined;
  if (!namespace) throw namespaceUnknown(namespaceName);
  const service = read.discoveryServices.findByName(namespace.arn, serviceName);
  if (!service) throw serviceUnknown(serviceName);
  return service;
}
