import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import { CloudMapError, invalidInput, notBuiltInCloudMap } from './cloud-map-error.ts';
import type { DiscoveryService, RecordType } from './discovery-service.ts';

export type CustomHealth = 'HEALTHY' | 'UNHEALTHY';

/** What is registered with a service of Cloud Map. */
export interface DiscoveryInstance {
  readonly serviceArn: string;
  readonly namespaceArn: string;
  /** Chosen by who registers it; ECS takes the id of the task. */
  readonly instanceId: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Absent where the service has no custom health check. */
  readonly customHealth?: CustomHealth;
  readonly creatorRequestId?: string;
  readonly createdAt: Instant;
}

/** What an instance is registered with. */
export interface InstanceSpec {
  readonly instanceId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly creatorRequestId?: string | undefined;
}

const mostAttributes = 30;
const mostCharacters = 5_000;
const longestKey = 255;
const longestValue = 1_024;
const wellFormedId = /^[0-9a-zA-Z_/:.@-]{1,64}$/;
const wellFormedKey = /^[!-~]+$/;
const wellFormedValue = /^([!-~]([ \t!-~]*[!-~])?)?$/;

/** Cloud Map's quotas of instances. */
export const mostInstancesOfService = 1_000;
export const mostInstancesInNamespace = 2_000;

/**
 * The instance that a registration makes, or makes of one that is there: nothing of the former one is kept but the
 * time at which it came.
 * @throws CloudMapError InvalidInput
 */
export function registeredInstance(
  service: DiscoveryService,
  { instanceId, attributes, creatorRequestId }: InstanceSpec,
  { before, now }: { readonly before: DiscoveryInstance | undefined; readonly now: Instant },
): DiscoveryInstance {
  if (!wellFormedId.test(instanceId)) {
    throw invalidInput(`InstanceId ${instanceId} is invalid.`); // [inferred text]
  }
  checkAttributes(attributes);
  // Its address is for EC2 to say, which is not here.
  if ('AWS_EC2_INSTANCE_ID' in attributes) throw notBuiltInCloudMap('AWS_EC2_INSTANCE_ID');
  for (const { type } of service.dnsConfig?.records ?? []) checkRecord(type, attributes, service);
  if (service.healthCheckConfig) checkPort(attributes, 'a health check');
  return {
    serviceArn: service.arn,
    namespaceArn: service.namespaceArn,
    instanceId,
    attributes,
    ...present({ customHealth: initialHealth(service, attributes), creatorRequestId }),
    createdAt: before?.createdAt ?? now,
  };
}

/**
 * The instance with another custom health.
 * @throws CloudMapError CustomHealthNotFound
 */
export function withCustomHealth(
  service: DiscoveryService,
  instance: DiscoveryInstance,
  customHealth: CustomHealth,
): DiscoveryInstance {
  if (!service.customHealthCheck) {
    // [inferred text]
    throw new CloudMapError(
      'CustomHealthNotFound',
      `Service ${service.id} has no custom health check.`,
    );
  }
  return instance.customHealth === customHealth ? instance : { ...instance, customHealth };
}

function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  const given = Object.entries(attributes);
  if (given.length > mostAttributes) {
    throw invalidInput(`An instance can have at most ${mostAttributes} attributes.`);
  }
  for (const [key, value] of given) {
    if (key.length > longestKey || !wellFormedKey.test(key)) {
      throw invalidInput(`The attribute key ${key} is invalid.`);
    }
    if (value.length > longestValue || !wellFormedValue.test(value)) {
      throw invalidInput(`The value of the attribute ${key} is invalid.`);
    }
  }
  const characters = given.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (characters > mostCharacters) {
    throw invalidInput(
      `The attributes of an instance can have at most ${mostCharacters} characters.`,
    );
  }
  checkAddresses(attributes);
}

/** What DNS would answer with must be what it is called. */
function checkAddresses(attributes: Readonly<Record<string, string>>): void {
  const { AWS_INSTANCE_IPV4: ipv4, AWS_INSTANCE_IPV6: ipv6, AWS_INSTANCE_PORT: port } = attributes;
  if (ipv4 !== undefined && !isIpv4(ipv4)) throw badAttribute('AWS_INSTANCE_IPV4', ipv4);
  if (ipv6 !== undefined && !isIpv6(ipv6)) throw badAttribute('AWS_INSTANCE_IPV6', ipv6);
  if (port !== undefined && !isPort(port)) throw badAttribute('AWS_INSTANCE_PORT', port);
}

/** RegisterInstance, "Attributes": what each record of the service is made of. */
function checkRecord(
  type: RecordType,
  attributes: Readonly<Record<string, string>>,
  { dnsConfig }: DiscoveryService,
): void {
  if (attributes['AWS_ALIAS_DNS_NAME'] !== undefined) {
    checkAlias(type, attributes, dnsConfig?.routingPolicy);
    return;
  }
  const has = (name: string): boolean => attributes[name] !== undefined;
  switch (type) {
    case 'A':
      if (!has('AWS_INSTANCE_IPV4')) throw missingAttribute('AWS_INSTANCE_IPV4', 'an A record');
      return;
    case 'AAAA':
      if (!has('AWS_INSTANCE_IPV6')) throw missingAttribute('AWS_INSTANCE_IPV6', 'an AAAA record');
      return;
    case 'CNAME':
      if (!has('AWS_INSTANCE_CNAME'))
        throw missingAttribute('AWS_INSTANCE_CNAME', 'a CNAME record');
      return;
    case 'SRV':
      checkPort(attributes, 'an SRV record');
      if (!has('AWS_INSTANCE_IPV4') && !has('AWS_INSTANCE_IPV6')) {
        throw missingAttribute('AWS_INSTANCE_IPV4 or AWS_INSTANCE_IPV6', 'an SRV record');
      }
  }
}

function checkAlias(
  type: RecordType,
  attributes: Readonly<Record<string, string>>,
  routingPolicy: 'MULTIVALUE' | 'WEIGHTED' | undefined,
): void {
  const isOfAddress = type === 'A' || type === 'AAAA';
  const isAlone = !Object.keys(attributes).some((key) => key.startsWith('AWS_INSTANCE_'));
  if (isOfAddress && isAlone && routingPolicy === 'WEIGHTED') return;
  throw invalidInput(
    'AWS_ALIAS_DNS_NAME requires a service with A or AAAA records and the routing policy WEIGHTED, ' +
      'and no AWS_INSTANCE attributes.',
  );
}

function checkPort(attributes: Readonly<Record<string, string>>, purpose: string): void {
  if (attributes['AWS_INSTANCE_PORT'] === undefined) {
    throw missingAttribute('AWS_INSTANCE_PORT', purpose);
  }
}

/** RegisterInstance, AWS_INIT_HEALTH_STATUS: HEALTHY where it is not said. */
function initialHealth(
  { customHealthCheck }: DiscoveryService,
  { AWS_INIT_HEALTH_STATUS: given = 'HEALTHY' }: Readonly<Record<string, string>>,
): CustomHealth | undefined {
  if (given !== 'HEALTHY' && given !== 'UNHEALTHY') {
    throw badAttribute('AWS_INIT_HEALTH_STATUS', given);
  }
  return customHealthCheck ? given : undefined;
}

/** [inferred texts] */
function missingAttribute(name: string, purpose: string): CloudMapError {
  return invalidInput(`The service has ${purpose}: the attribute ${name} is required.`);
}

function badAttribute(name: string, value: string): CloudMapError {
  return invalidInput(`The value '${value}' of the attribute ${name} is invalid.`);
}

const ipv4Part = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4Address = new RegExp(`^${ipv4Part}(\\.${ipv4Part}){3}$`);
const ipv6Groups = 8;

function isIpv4(text: string): boolean {
  return ipv4Address.test(text);
}

/** Groups of four digits, of which `::` leaves some out; the last two may be an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const isMixed = isIpv4(last);
  const plain = isMixed ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (isMixed ? 2 : 0);
  return halves.length === 2 ? count < ipv6Groups : count === ipv6Groups;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
