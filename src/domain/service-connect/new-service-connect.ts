import { newDiscoveryServiceArn, type DiscoveryService } from '../cloud-map/discovery-service.ts';
import { invalidParameter, type EcsError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { present } from '../present.ts';
import {
  discoveryNameTaken,
  onlyHas,
  type EndpointSpec,
  type ServiceConnectSpec,
} from './parse-service-connect.ts';
import type {
  ClientAlias,
  ReachedEndpoint,
  ServiceConnect,
  ServiceConnectEndpoint,
} from './service-connect.ts';

/** ECS's quota of services in a namespace. */
const mostServices = 300;
const suffixLength = 5;

export interface NewServiceConnect {
  readonly spec: ServiceConnectSpec;
  readonly namespace: Namespace;
  /** What the service had before, if it had any. */
  readonly before: ServiceConnect | undefined;
  /** Of the other services in the namespace. */
  readonly others: readonly ServiceConnect[];
  /** The service of Cloud Map that has a name in the namespace. */
  readonly findDiscovery: (discoveryName: string) => DiscoveryService | undefined;
  /** The ECS service that is about to be deployed. */
  readonly serviceArn: string;
  /** 32 hexadecimal digits. */
  readonly newId: () => string;
}

/**
 * What Service Connect comes to for a deployment that begins now.
 * @throws EcsError where another service has a name that the service asks for
 */
export function newServiceConnect(given: NewServiceConnect): ServiceConnect {
  const { spec, namespace, others, newId } = given;
  if (others.length >= mostServices) throw tooManyInNamespace();
  const endpoints = spec.endpoints.map((endpoint) => newEndpoint(endpoint, given));
  const theirs = others.flatMap((one) => one.endpoints);
  for (const [index, endpoint] of endpoints.entries()) {
    const taken = [...theirs, ...endpoints.slice(0, index)];
    if (taken.some((one) => one.discoveryName === endpoint.discoveryName)) {
      throw discoveryNameTaken(endpoint.discoveryName);
    }
    if (taken.some((one) => isSameAlias(one, endpoint))) throw aliasTaken(endpoint);
  }
  const reaches = [...theirs, ...endpoints].map(reachedEndpoint);
  if (spec.hasOwnProxy) checkNames(reaches);
  return {
    configuration: spec.configuration,
    namespaceArn: namespace.arn,
    endpoints,
    reaches,
    containerName: `ecs-service-connect-${lettersOf(newId())}`,
  };
}

/** The service of Cloud Map stays the same for as long as it is called the same. Another's cannot be had. */
function newEndpoint(
  spec: EndpointSpec,
  { before, namespace, newId, findDiscovery, serviceArn }: NewServiceConnect,
): ServiceConnectEndpoint {
  const known = findDiscovery(spec.discoveryName);
  if (known && known.ownerServiceArn !== serviceArn) throw discoveryNameTaken(spec.discoveryName);
  const { dnsName = `${spec.discoveryName}.${namespace.name}` } = spec;
  const former =
    before?.namespaceArn === namespace.arn
      ? before.endpoints.find(({ discoveryName }) => discoveryName === spec.discoveryName)
      : undefined;
  const discoveryArn =
    known?.arn ?? former?.discoveryArn ?? newDiscoveryServiceArn(namespace.arn, newId());
  return { ...spec, dnsName, discoveryArn };
}

function reachedEndpoint(endpoint: ServiceConnectEndpoint): ReachedEndpoint {
  const { dnsName, port, discoveryArn, protocol, timeout } = endpoint;
  return { dnsName, port, discoveryArn, protocol, ...present({ timeout }) };
}

/** Our own proxy goes by the address of an alias, and a name has one. */
function checkNames(aliases: readonly ClientAlias[]): void {
  const names = new Set(aliases.map(({ dnsName }) => dnsName));
  if (names.size === aliases.length) return;
  throw onlyHas('Service Connect with one port for each DNS name in a namespace, on FARGATE,');
}

function isSameAlias(a: ClientAlias, b: ClientAlias): boolean {
  return a.dnsName === b.dnsName && a.port === b.port;
}

/** A suffix as ECS makes it, out of the random part of a new id. */
function lettersOf(newId: string): string {
  const digits = newId.slice(-2 * suffixLength);
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return Array.from({ length: suffixLength }, (_, at) =>
    letters.charAt(Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16) % letters.length),
  ).join('');
}

/** [inferred text] */
function aliasTaken({ dnsName, port }: ClientAlias): EcsError {
  return invalidParameter(`The client alias ${dnsName}:${port} already exists in the namespace.`);
}

/** [inferred text] */
function tooManyInNamespace(): EcsError {
  return invalidParameter(`A namespace can have at most ${mostServices} services.`);
}

/** [the end of the text is inferred] */
export function namespaceMissing(): EcsError {
  return invalidParameter('Namespace is missing. Specify a namespace and try again.');
}
