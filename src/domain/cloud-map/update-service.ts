import { present } from '../present.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { changedDnsConfig, type GivenDnsRecord } from './dns-config.ts';
import type { DiscoveryService } from './discovery-service.ts';
import { checkDescription } from './members.ts';
import {
  checkHealthCheckFits,
  httpServiceWithDns,
  parseHealthCheck,
  twoHealthChecks,
  type GivenHealthCheck,
} from './new-service.ts';

/** What UpdateService is given. */
export interface GivenChange {
  readonly Description?: string | undefined;
  readonly DnsConfig?: { readonly DnsRecords: readonly GivenDnsRecord[] | undefined } | undefined;
  readonly HealthCheckConfig?: GivenHealthCheck | undefined;
}

/**
 * The service as an update leaves it. Records and a health check that the update does not name are deleted
 * (UpdateService); a description and a custom health check stay.
 * @throws CloudMapError InvalidInput
 */
export function updatedDiscoveryService(
  service: DiscoveryService,
  given: GivenChange,
  { kind }: Pick<Namespace, 'kind'>,
): DiscoveryService {
  const { dnsConfig: before, healthCheckConfig: _, ...rest } = service;
  const { Description: description = service.description } = given;
  checkDescription(description);
  if (given.DnsConfig && !before) throw httpServiceWithDns();
  const dnsConfig =
    before && given.DnsConfig && changedDnsConfig(before, given.DnsConfig.DnsRecords);
  const healthCheckConfig = given.HealthCheckConfig && parseHealthCheck(given.HealthCheckConfig);
  if (healthCheckConfig) checkHealthCheckFits(kind, dnsConfig);
  if (healthCheckConfig && service.customHealthCheck) throw twoHealthChecks();
  return {
    ...rest,
    type: dnsConfig ? 'DNS_HTTP' : 'HTTP',
    ...present({ dnsConfig, healthCheckConfig, description }),
  };
}
