import { invalidInput } from './cloud-map-error.ts';
import {
  recordTypes,
  type DnsConfig,
  type DnsRecord,
  type RecordType,
} from './discovery-service.ts';
import { checkRange, oneOf, required } from './members.ts';

export interface GivenDnsConfig {
  readonly RoutingPolicy?: string | undefined;
  readonly DnsRecords: readonly GivenDnsRecord[] | undefined;
}

export interface GivenDnsRecord {
  readonly Type: string | undefined;
  readonly TTL: number | undefined;
}

const longestTtl = 2_147_483_647;

/** DnsRecord, "Type": which records a service can have. */
const combinations: readonly (readonly RecordType[])[] = [
  ['A'],
  ['AAAA'],
  ['A', 'AAAA'],
  ['SRV'],
  ['CNAME'],
];

/** @throws CloudMapError InvalidInput */
export function parseDnsConfig(given: GivenDnsConfig): DnsConfig {
  const { RoutingPolicy = 'MULTIVALUE', DnsRecords } = given;
  const routingPolicy = oneOf('dnsConfig.routingPolicy', RoutingPolicy, ['MULTIVALUE', 'WEIGHTED']);
  const records = parseRecords(DnsRecords);
  if (records.some(({ type }) => type === 'CNAME') && routingPolicy !== 'WEIGHTED') {
    throw invalidInput('A service with CNAME records must have the routing policy WEIGHTED.');
  }
  return { routingPolicy, records };
}

/**
 * The records of a service once it is updated: other times to live, or fewer records.
 * @throws CloudMapError InvalidInput where there are records of another type
 */
export function changedDnsConfig(
  before: DnsConfig,
  given: readonly GivenDnsRecord[] | undefined,
): DnsConfig {
  const records = parseRecords(given);
  for (const { type } of records) {
    if (before.records.some((record) => record.type === type)) continue;
    throw invalidInput('The type of the DNS records of a service cannot be changed.');
  }
  return { ...before, records };
}

/** [inferred text of the second refusal] */
function parseRecords(given: readonly GivenDnsRecord[] | undefined): readonly DnsRecord[] {
  const records = required('dnsConfig.dnsRecords', given).map(parseRecord);
  const types = records.map(({ type }) => type);
  const isPossible = combinations.some(
    (combination) =>
      combination.length === types.length && combination.every((type) => types.includes(type)),
  );
  if (isPossible) return records;
  throw invalidInput(
    'The DNS records of a service must be of the types A, AAAA, A and AAAA, SRV, or CNAME.',
  );
}

function parseRecord({ Type, TTL }: GivenDnsRecord): DnsRecord {
  const type = oneOf('dnsConfig.dnsRecords.member.type', Type, recordTypes);
  const ttlSeconds = required('dnsConfig.dnsRecords.member.tTL', TTL);
  checkRange('dnsConfig.dnsRecords.member.tTL', ttlSeconds, 0, longestTtl);
  return { type, ttlSeconds };
}
