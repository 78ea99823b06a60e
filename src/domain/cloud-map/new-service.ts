import { lastPathElement } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import type { Namespace } from '../namespace/namespace.ts';
import type { Tag } from '../tags.ts';
import { CloudMapError, invalidInput } from './cloud-map-error.ts';
import { parseDnsConfig, type GivenDnsConfig } from './dns-config.ts';
import type { DiscoveryService, DnsConfig, EndpointHealthCheck } from './discovery-service.ts';
import {
  checkDescription,
  checkLength,
  checkPattern,
  checkRange,
  checkRequestId,
  oneOf,
  required,
} from './members.ts';

/** A request for a service, but for its namespace. */
export interface GivenService {
  readonly Name?: string | undefined;
  readonly CreatorRequestId?: string | undefined;
  readonly Description?: string | undefined;
  readonly DnsConfig?: GivenDnsConfig | undefined;
  readonly HealthCheckConfig?: GivenHealthCheck | undefined;
  readonly HealthCheckCustomConfig?: object | undefined;
  readonly Type?: string | undefined;
}

export interface GivenHealthCheck {
  readonly Type: string | undefined;
  readonly ResourcePath?: string | undefined;
  readonly FailureThreshold?: number | undefined;
}

/** What a service is made of. */
export type ServiceSpec = Pick<
  DiscoveryService,
  | 'name'
  | 'type'
  | 'dnsConfig'
  | 'customHealthCheck'
  | 'healthCheckConfig'
  | 'description'
  | 'creatorRequestId'
>;

const longestName = 127;
const label = '([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)';
const wellFormedName = new RegExp(`^${label}(\\.${label})*$`);
const longestPath = 255;
const mostFailures = 10;

/** How many a namespace may have. Cloud Map names no such quota; without one a store could grow without end. */
export const mostServicesInNamespace = 5_000;

/** @throws CloudMapError InvalidInput */
export function parseDiscoveryService(
  given: GivenService,
  { kind }: Pick<Namespace, 'kind'>,
): ServiceSpec {
  const { CreatorRequestId: creatorRequestId, Description: description } = given;
  const name = required('name', given.Name);
  checkLength('name', name, longestName);
  checkPattern('name', name, wellFormedName);
  checkRequestId('creatorRequestId', creatorRequestId);
  checkDescription(description);
  if (given.Type !== undefined) oneOf('type', given.Type, ['HTTP']);

  const dnsConfig = given.DnsConfig && parseDnsConfig(given.DnsConfig);
  if (dnsConfig && (kind === 'HTTP' || given.Type === 'HTTP')) throw httpServiceWithDns();
  const customHealthCheck = given.HealthCheckCustomConfig !== undefined;
  const healthCheckConfig = given.HealthCheckConfig && parseHealthCheck(given.HealthCheckConfig);
  if (healthCheckConfig) checkHealthCheckFits(kind, dnsConfig);
  if (healthCheckConfig && customHealthCheck) throw twoHealthChecks();
  return {
    name,
    type: dnsConfig ? 'DNS_HTTP' : 'HTTP',
    customHealthCheck,
    ...present({ dnsConfig, healthCheckConfig, description, creatorRequestId }),
  };
}

/** @throws CloudMapError InvalidInput */
export function parseHealthCheck(given: GivenHealthCheck): EndpointHealthCheck {
  const { ResourcePath: resourcePath, FailureThreshold: failureThreshold = 1 } = given;
  const type = oneOf('healthCheckConfig.type', given.Type, ['HTTP', 'HTTPS', 'TCP']);
  checkLength('healthCheckConfig.resourcePath', resourcePath, longestPath);
  checkRange('healthCheckConfig.failureThreshold', failureThreshold, 1, mostFailures);
  if (type !== 'TCP') return { type, resourcePath: resourcePath ?? '/', failureThreshold };
  if (resourcePath === undefined) return { type, failureThreshold };
  throw invalidInput('A health check of the type TCP can have no ResourcePath.'); // [inferred text]
}

/** HealthCheckConfig: "Public DNS and HTTP namespaces only", and not with CNAME records. [inferred texts] */
export function checkHealthCheckFits(
  kind: Namespace['kind'],
  dnsConfig: DnsConfig | undefined,
): void {
  if (kind === 'DNS_PRIVATE') {
    throw invalidInput('A service in a private DNS namespace can have no HealthCheckConfig.');
  }
  if (dnsConfig?.records.some(({ type }) => type === 'CNAME')) {
    throw invalidInput('A service with CNAME records can have no HealthCheckConfig.');
  }
}

export interface NewDiscoveryService {
  readonly spec: ServiceSpec;
  readonly namespace: Namespace;
  readonly arn: string;
  readonly tags: readonly Tag[];
  readonly now: Instant;
  readonly ownerServiceArn?: string;
}

export function newDiscoveryService({
  spec,
  namespace,
  arn,
  tags,
  now,
  ownerServiceArn,
}: NewDiscoveryService): DiscoveryService {
  return {
    ...spec,
    arn,
    id: lastPathElement(arn),
    namespaceArn: namespace.arn,
    scope: namespace.scope,
    tags,
    createdAt: now,
    instancesRevision: now,
    ...present({ ownerServiceArn }),
  };
}

/** [inferred text] */
export function serviceExists({ id, arn, creatorRequestId }: DiscoveryService): CloudMapError {
  return new CloudMapError('ServiceAlreadyExists', 'Service already exists.', {
    ServiceId: id,
    ServiceArn: arn,
    ...present({ CreatorRequestId: creatorRequestId }),
  });
}

/** [seen] */
export function httpServiceWithDns(): CloudMapError {
  return invalidInput("When you specify an HTTP service, you can't include a DnsConfig element.");
}

/** [inferred text] */
export function twoHealthChecks(): CloudMapError {
  return invalidInput(
    'You can specify HealthCheckConfig or HealthCheckCustomConfig, but not both.',
  );
}
