import type { DiscoveryInstance } from '../cloud-map/discovery-instance.ts';
import type { DnsConfig, RecordType } from '../cloud-map/discovery-service.ts';
import { routableInstances } from '../cloud-map/discover.ts';
import { isDnsName, withoutFinalDot } from './dns-name.ts';
import type { RecordData } from './resource-record.ts';
import type { NamedService } from './zone.ts';

/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

/** What an instance answers with: data of a record, or another name whose records of the type count as its own. */
export type RecordValue = RecordData | { readonly type: 'ALIAS'; readonly target: string };

/** The records of a name that have one type. */
export interface RecordSet {
  readonly type: RecordType;
  readonly ttlSeconds: number;
  readonly routingPolicy: DnsConfig['routingPolicy'];
  readonly values: readonly RecordValue[];
}

/** Of so many records an answer consists at most (CreateService, RoutingPolicy). */
const mostRecords = 8;
/** DnsRecord, Type: both are always 1. */
const priority = 1;
const weight = 1;

/**
 * The records of a service's own name.
 * @param name the service's, with its namespace
 */
export function setsOfService({ service, instances }: NamedService, name: string): RecordSet[] {
  const { records = [], routingPolicy = 'MULTIVALUE' } = service.dnsConfig ?? {};
  const routable = routableInstances(instances);
  return records
    .map(({ type, ttlSeconds }) => {
      const values = distinct(routable.flatMap((one) => valueOf(one, type, name) ?? []));
      return { type, ttlSeconds, routingPolicy, values };
    })
    .filter(({ values }) => values.length > 0);
}

/** The records of the name to which a service's SRV record leads for an instance. */
export function setsOfTarget({ service, instances }: NamedService, id: string): RecordSet[] {
  const location = service.dnsConfig?.records.find(({ type }) => type === 'SRV');
  const own = instances.filter(({ instanceId }) => instanceId.toLowerCase() === id);
  if (!location) return [];
  const { ttlSeconds } = location;
  return (['A', 'AAAA'] as const)
    .map((type): RecordSet => {
      const values = distinct(own.flatMap((one) => valueOf(one, type, '') ?? []));
      return { type, ttlSeconds, routingPolicy: 'MULTIVALUE', values };
    })
    .filter(({ values }) => values.length > 0);
}

/** The values that one answer has: of WEIGHTED one, of MULTIVALUE up to eight, in any order. */
export function chosenValues({ values, routingPolicy }: RecordSet, random: Random): RecordValue[] {
  const count = Math.min(values.length, routingPolicy === 'WEIGHTED' ? 1 : mostRecords);
  const drawn = [...values];
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor(random() * (drawn.length - index));
    const [mine, theirs] = [drawn[index], drawn[other]];
    if (mine && theirs) [drawn[index], drawn[other]] = [theirs, mine];
  }
  return drawn.slice(0, count);
}

/** Several instances on one machine have its address. */
function distinct(values: readonly RecordValue[]): readonly RecordValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function valueOf(
  instance: DiscoveryInstance,
  type: RecordType,
  serviceName: string,
): RecordValue | undefined {
  const { AWS_ALIAS_DNS_NAME: alias } = instance.attributes;
  return alias === undefined ? dataOf(instance, type, serviceName) : aliasOf(type, alias);
}

/** RegisterInstance, "Attributes": what records are made of. */
function dataOf(
  { instanceId, attributes }: DiscoveryInstance,
  type: RecordType,
  serviceName: string,
): RecordData | undefined {
  const {
    AWS_INSTANCE_IPV4: ipv4,
    AWS_INSTANCE_IPV6: ipv6,
    AWS_INSTANCE_CNAME: name = '',
    AWS_INSTANCE_PORT: port,
  } = attributes;
  switch (type) {
    case 'A':
      return ipv4 === undefined ? undefined : { type, data: ipv4 };
    case 'AAAA':
      return ipv6 === undefined ? undefined : { type, data: ipv6 };
    case 'CNAME':
      return isDnsName(name) ? { type, data: withoutFinalDot(name) } : undefined;
    case 'SRV': {
      const target = `${instanceId}.${serviceName}`;
      // An id of 64 characters, or with dots side by side, is no name.
      if (!isDnsName(target)) return undefined;
      return { type, data: { priority, weight, port: Number(port ?? 0), target } };
    }
  }
}

function aliasOf(type: RecordType, target: string): RecordValue | undefined {
  const isOfAddress = type === 'A' || type === 'AAAA';
  if (!isOfAddress || !isDnsName(target)) return undefined;
  return { type: 'ALIAS', target: withoutFinalDot(target) };
}
