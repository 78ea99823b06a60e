import type { HealthCheckConfig, Service as ServiceShape } from '@aws-sdk/client-servicediscovery';
import type { DiscoveryService } from '../../domain/cloud-map/discovery-service.ts';
import { namespaceId } from '../../domain/cloud-map/new-namespace.ts';
import { present } from '../../domain/present.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

export function serviceView(
  service: DiscoveryService,
  { discoveryInstances }: ReadonlyTables,
): ServiceShape {
  const { id, arn, name, namespaceArn, type, description, creatorRequestId, createdAt } = service;
  const account = arn.split(':')[4] ?? '';
  return {
    Id: id,
    Arn: arn,
    ResourceOwner: account,
    Name: name,
    NamespaceId: namespaceId(namespaceArn),
    ...present({ Description: description, CreatorRequestId: creatorRequestId }),
    InstanceCount: discoveryInstances.countOf(arn),
    ...dnsView(service),
    Type: type,
    ...healthCheckView(service),
    CreateDate: new Date(createdAt),
    CreatedByAccount: account,
  };
}

/** In lists services have neither `NamespaceId` nor `CreatorRequestId`. */
export function serviceSummary(
  service: DiscoveryService,
  tables: ReadonlyTables,
): Omit<ServiceShape, 'NamespaceId' | 'CreatorRequestId'> {
  const { NamespaceId: _, CreatorRequestId: __, ...summary } = serviceView(service, tables);
  return summary;
}

function dnsView({ dnsConfig, namespaceArn }: DiscoveryService): Pick<ServiceShape, 'DnsConfig'> {
  if (!dnsConfig) return {};
  return {
    DnsConfig: {
      NamespaceId: namespaceId(namespaceArn),
      RoutingPolicy: dnsConfig.routingPolicy,
      DnsRecords: dnsConfig.records.map(({ type, ttlSeconds }) => ({
        Type: type,
        TTL: ttlSeconds,
      })),
    },
  };
}

/** The threshold of a custom health check is always 1 (HealthCheckCustomConfig). */
function healthCheckView({
  customHealthCheck,
  healthCheckConfig,
}: DiscoveryService): Pick<ServiceShape, 'HealthCheckConfig' | 'HealthCheckCustomConfig'> {
  if (customHealthCheck) return { HealthCheckCustomConfig: { FailureThreshold: 1 } };
  if (!healthCheckConfig) return {};
  const { type, resourcePath, failureThreshold } = healthCheckConfig;
  const shown: HealthCheckConfig = {
    Type: type,
    ...present({ ResourcePath: resourcePath }),
    FailureThreshold: failureThreshold,
  };
  return { HealthCheckConfig: shown };
}
