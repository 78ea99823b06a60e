import { namespaceScope } from '../namespace/namespace.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';

export const recordTypes = ['A', 'AAAA', 'CNAME', 'SRV'] as const;
export type RecordType = (typeof recordTypes)[number];

/** A record of DNS that there is for each instance. */
export interface DnsRecord {
  readonly type: RecordType;
  readonly ttlSeconds: number;
}

export interface DnsConfig {
  readonly routingPolicy: 'MULTIVALUE' | 'WEIGHTED';
  /** In the order in which they were given. */
  readonly records: readonly DnsRecord[];
}

/** A health check of Route 53. It is kept and shown; nobody here makes it. */
export interface EndpointHealthCheck {
  readonly type: 'HTTP' | 'HTTPS' | 'TCP';
  readonly resourcePath?: string;
  readonly failureThreshold: number;
}

/** A service of Cloud Map: a name in a namespace that has instances. ECS's own are in `domain/service`. */
export interface DiscoveryService {
  readonly arn: string;
  /** `srv-` and 16 hexadecimal digits, as its ARN ends. */
  readonly id: string;
  readonly namespaceArn: string;
  readonly name: string;
  /** The account and region, as `scopeKey` gives them. */
  readonly scope: string;
  /** HTTP: its instances have no names in DNS. */
  readonly type: 'HTTP' | 'DNS_HTTP';
  /** There for DNS_HTTP only. */
  readonly dnsConfig?: DnsConfig;
  /** Whether UpdateInstanceCustomHealthStatus tells how its instances are. */
  readonly customHealthCheck: boolean;
  /** Never there together with a custom health check. */
  readonly healthCheckConfig?: EndpointHealthCheck;
  readonly description?: string;
  readonly creatorRequestId?: string;
  readonly tags: readonly Tag[];
  readonly createdAt: Instant;
  /** Grows each time that an instance is registered or deregistered. */
  readonly instancesRevision: number;
  /** The ECS service whose Service Connect it was made for. */
  readonly ownerServiceArn?: string;
}

/** @param id 32 hexadecimal digits; the ARN shows `srv-` and 16 of them */
export function newDiscoveryServiceArn(namespaceArn: string, id: string): string {
  return discoveryServiceArn(namespaceScope(namespaceArn), `srv-${id.slice(-16)}`);
}

/** @param prefix as `cloudMapPrefix` gives it */
export function discoveryServiceArn(prefix: string, id: string): string {
  return `${prefix}:service/${id}`;
}

/**
 * The service once its instances have changed. That the number follows the time lets it grow even over a service that
 * was deleted and made anew under the same name.
 */
export function withInstancesChanged(service: DiscoveryService, now: Instant): DiscoveryService {
  return { ...service, instancesRevision: Math.max(service.instancesRevision + 1, now) };
}

/** How services are told apart in DNS, where upper and lower case are the same. */
export function dnsKey(name: string): string {
  return name.toLowerCase();
}
