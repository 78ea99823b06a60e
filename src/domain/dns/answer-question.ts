import type { RecordType } from '../cloud-map/discovery-service.ts';
import { suffixesOf } from './dns-name.ts';
import {
  chosenValues,
  setsOfService,
  setsOfTarget,
  type Random,
  type RecordSet,
  type RecordValue,
} from './record-set.ts';
import type { ResourceRecord } from './resource-record.ts';
import { nameServerRecords, startOfAuthority, type Zone } from './zone.ts';

export interface Question {
  /** In the case in which it was asked, without a dot at its end. */
  readonly name: string;
  /** OTHER: a type that no name here has. */
  readonly type: RecordType | 'SOA' | 'NS' | 'ANY' | 'OTHER';
}

export type ZoneAnswer =
  | { readonly kind: 'Records'; readonly records: readonly ResourceRecord[] }
  /** The records of the type that another name has are this one's. */
  | { readonly kind: 'Alias'; readonly target: string }
  /** The name is there, and has no record of the type (NODATA). */
  | { readonly kind: 'NoData' }
  /** There is no such name (NXDOMAIN). */
  | { readonly kind: 'NoName' };

const noData: ZoneAnswer = { kind: 'NoData' };

/**
 * What a zone answers: the names of services that have instances, those to which their SRV records lead, and its own.
 * @param question of a name in the zone
 */
export function answerQuestion(question: Question, zone: Zone, random: Random): ZoneAnswer {
  const { name, type } = question;
  const relative = name.slice(0, -zone.name.length).replace(/\.$/, '').toLowerCase();
  const apex = relative === '' ? apexRecords(question, zone) : [];
  const sets = relative === '' ? [] : setsAt(zone, relative);
  if (relative !== '' && sets.length === 0) {
    return hasNamesBelow(zone, relative) ? noData : { kind: 'NoName' };
  }
  const asked = sets.filter((set) => type === 'ANY' || set.type === type);
  const told = asked.length > 0 ? asked : sets.filter((set) => set.type === 'CNAME');
  const own = told.flatMap((set) => chosenValues(set, random).map((value) => ({ set, value })));
  const alias = own.find(({ value }) => value.type === 'ALIAS');
  if (alias?.value.type === 'ALIAS') return { kind: 'Alias', target: alias.value.target };
  const records = [...apex, ...own.flatMap(({ set, value }) => recordOf(name, set, value))];
  return records.length > 0 ? { kind: 'Records', records } : noData;
}

function apexRecords({ name, type }: Question, zone: Zone): readonly ResourceRecord[] {
  return [startOfAuthority(zone), ...nameServerRecords(zone)]
    .filter((record) => type === 'ANY' || record.type === type)
    .map((record) => ({ ...record, name }));
}

function recordOf(name: string, { ttlSeconds }: RecordSet, value: RecordValue): ResourceRecord[] {
  return value.type === 'ALIAS' ? [] : [{ name, ttlSeconds, ...value }];
}

/** A name can be that of a service, and that of an instance of another service. */
function setsAt(zone: Zone, relative: string): readonly RecordSet[] {
  return [...suffixesOf(relative)].flatMap((suffix) => {
    const found = zone.findService(suffix);
    if (!found) return [];
    if (suffix === relative) return setsOfService(found, `${relative}.${zone.name}`);
    return setsOfTarget(found, relative.slice(0, -suffix.length - 1));
  });
}

/** A name below which there are others is there, though it has no records of its own (RFC 8020). */
function hasNamesBelow(zone: Zone, relative: string): boolean {
  for (const name of zone.serviceNames()) if (name.endsWith(`.${relative}`)) return true;
  return [...suffixesOf(relative)].some((suffix) => {
    const found = suffix === relative ? undefined : zone.findService(suffix);
    const hasTargets = found?.service.dnsConfig?.records.some(({ type }) => type === 'SRV');
    const below = `.${relative.slice(0, -suffix.length - 1)}`;
    return (
      hasTargets &&
      found?.instances.some(({ instanceId }) => instanceId.toLowerCase().endsWith(below))
    );
  });
}
