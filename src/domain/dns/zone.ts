import type { DiscoveryInstance } from '../cloud-map/discovery-instance.ts';
import type { DiscoveryService } from '../cloud-map/discovery-service.ts';
import { suffixesOf } from './dns-name.ts';
import type { ResourceRecord } from './resource-record.ts';

/** A private namespace as DNS sees it. Names of its services are relative to its own, in lower case. */
export interface Zone {
  readonly name: string;
  /** How long the absence of a name may be remembered. */
  readonly soaTtlSeconds: number;
  findService(name: string): NamedService | undefined;
  /** Those of all services that have instances. */
  serviceNames(): Iterable<string>;
}

export interface NamedService {
  readonly service: Pick<DiscoveryService, 'dnsConfig'>;
  readonly instances: readonly DiscoveryInstance[];
}

/** The zones that a name is in: those with the longest name, of which several networks may each have one. */
export function closestZones<Found>(
  name: string,
  zonesNamed: (name: string) => readonly Found[],
): readonly Found[] {
  for (const suffix of suffixesOf(name)) {
    const zones = zonesNamed(suffix);
    if (zones.length > 0) return zones;
  }
  return [];
}

/** Route 53 has these in each private hosted zone. */
const nameServers = [
  'ns-1536.awsdns-00.co.uk',
  'ns-0.awsdns-00.com',
  'ns-1024.awsdns-00.org',
  'ns-512.awsdns-00.net',
];
const authority = {
  mname: 'ns-1536.awsdns-00.co.uk',
  rname: 'awsdns-hostmaster.amazon.com',
  serial: 1,
  refresh: 7_200,
  retry: 900,
  expire: 1_209_600,
  minimum: 86_400,
};
const nameServerTtlSeconds = 172_800;

export function startOfAuthority({ name, soaTtlSeconds: ttlSeconds }: Zone): ResourceRecord {
  return { name, ttlSeconds, type: 'SOA', data: authority };
}

export function nameServerRecords({ name }: Zone): readonly ResourceRecord[] {
  const ttlSeconds = nameServerTtlSeconds;
  return nameServers.map((data) => ({ name, ttlSeconds, type: 'NS', data }));
}
