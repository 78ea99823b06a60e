import type {
  LoadBalancer,
  NetworkMode,
  ServiceRegistry as WireRegistry,
} from '@aws-sdk/client-ecs';
import type { DiscoveryService } from '../cloud-map/discovery-service.ts';
import { invalidParameter, type EcsError } from '../errors.ts';
import { present } from '../present.ts';
import { notInThisRelease, tooManyTasks } from '../service/service-errors.ts';
import { checkTarget } from '../service/strategies/load-balancers.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { FindRegistry, ServiceRegistry } from './service-registry.ts';

const mostRegistries = 1;
/** ECS's quota of tasks of a service that are registered. */
const mostInstances = 1000;
const greatestPort = 65_535;

/** What registries are checked against. */
export interface RegistryPlace {
  readonly definition: TaskDefinition;
  readonly findRegistry: FindRegistry;
}

/**
 * Checks where the tasks of a service are to be registered; undefined where nowhere.
 * @throws EcsError
 */
export function parseRegistries(
  given: readonly WireRegistry[] | undefined,
  place: RegistryPlace,
): readonly ServiceRegistry[] | undefined {
  if (!given || given.length === 0) return undefined;
  if (given.length > mostRegistries) {
    throw invalidParameter(`service registries can have at most ${mostRegistries} items.`);
  }
  return given.map((one) => parseRegistry(one, place));
}

function parseRegistry(
  { registryArn, port, containerName, containerPort }: WireRegistry,
  { definition, findRegistry }: RegistryPlace,
): ServiceRegistry {
  if (!registryArn) throw invalidParameter('registryArn can not be blank.'); // [inferred text]
  const { networkMode = 'bridge' } = definition.content;
  if (networkMode === 'none') throw modeNotSupported();
  const registry = findRegistry(registryArn);
  if (!registry) throw registryNotFound(registryArn);
  // An empty name and a port of 0 are how some clients leave them out.
  const wanted: ServiceRegistry = {
    registryArn,
    ...present({
      port: port || undefined,
      containerName: containerName || undefined,
      containerPort: containerPort || undefined,
    }),
  };
  checkRecords(registry, networkMode);
  if (networkMode === 'awsvpc') checkOfInterface(wanted, registry);
  else checkOfHost(wanted, networkMode);
  checkPorts(wanted, definition);
  return wanted;
}

/** Records say where an instance is, and so which ones there can be depends on what tasks have an address of. */
function checkRecords({ arn, dnsConfig }: DiscoveryService, networkMode: NetworkMode): void {
  const types = (dnsConfig?.records ?? []).map(({ type }) => type);
  if (types.includes('CNAME')) throw recordNotSupported(arn, 'CNAME', networkMode);
  if (networkMode === 'awsvpc') {
    if (types.includes('AAAA')) throw notInThisRelease('IPv6 addresses of tasks for AAAA records');
    return;
  }
  const other = types.find((type) => type !== 'SRV');
  if (other !== undefined) throw recordNotSupported(arn, other, networkMode);
}

/** A task with an address of its own needs a port only where something tells it to others. */
function checkOfInterface(wanted: ServiceRegistry, { type, dnsConfig }: DiscoveryService): void {
  const { port, containerName, containerPort } = wanted;
  const hasSrv = dnsConfig?.records.some((record) => record.type === 'SRV') ?? false;
  if (!hasSrv && type === 'DNS_HTTP') return refusePorts(wanted);
  const isByContainer = (containerName ?? containerPort) !== undefined;
  if (!isByContainer) {
    if (hasSrv && port === undefined) throw portMissing();
    return;
  }
  if (port !== undefined) throw portTwice();
  if (containerName === undefined || containerPort === undefined) throw half();
}

/** An A record has no place for a port. */
function refusePorts({ port, containerName, containerPort }: ServiceRegistry): void {
  const given = Object.entries({ containerPort, containerName, port });
  for (const [member, value] of given) if (value !== undefined) throw notRequired(member);
}

/** Tasks share the address of their host: only the port of a container tells them apart. */
function checkOfHost(
  { port, containerName, containerPort }: ServiceRegistry,
  mode: NetworkMode,
): void {
  if (port !== undefined) throw portOfHost(mode);
  if (containerName === undefined || containerPort === undefined) throw containerMissing(mode);
}

function checkPorts(wanted: ServiceRegistry, definition: TaskDefinition): void {
  const { port = 1, containerName, containerPort } = wanted;
  if (port < 1 || port > greatestPort) throw portOutOfRange();
  checkTarget(present({ containerName, containerPort }), definition);
  const container = definition.content.containerDefinitions.find(
    ({ name }) => name === containerName,
  );
  const uses = container?.portMappings.filter((one) => one.containerPort === containerPort) ?? [];
  if (uses.length <= 1) return;
  throw invalidParameter(
    `Container port ${containerPort} is used in more than one port mapping for container ${containerName}`,
  );
}

/**
 * @throws EcsError where a service is to have more tasks than can be found [inferred text]
 */
export function checkInstanceCount(
  registries: readonly ServiceRegistry[] | undefined,
  desiredCount: number,
): void {
  if (registries && desiredCount > mostInstances) throw tooManyTasks(mostInstances);
}

/** @throws EcsError: what such load balancers know are instances, and not tasks [inferred text] */
export function refuseClassicBalancers(
  registries: readonly unknown[] = [],
  loadBalancers: readonly LoadBalancer[] = [],
): void {
  if (registries.length === 0) return;
  if (!loadBalancers.some(({ loadBalancerName }) => loadBalancerName)) return;
  throw invalidParameter(
    'Service registries are not supported for services configured to use Classic Load Balancers.',
  );
}

/** The text is known for `containerPort`, its end is [inferred]. */
function notRequired(member: string): EcsError {
  return invalidParameter(
    `The values specified for serviceRegistries do not require a value for '${member}'`,
  );
}

// Those that follow are [inferred texts].

function registryNotFound(arn: string): EcsError {
  return invalidParameter(
    `Unable to describe the service registry ${arn}. Verify that it exists and try again.`,
  );
}

function modeNotSupported(): EcsError {
  return invalidParameter("Service registries are not supported for the networkMode 'none'.");
}

function recordNotSupported(arn: string, type: string, networkMode: NetworkMode): EcsError {
  return invalidParameter(
    `The service registry ${arn} has DNS records of the type ${type}, which is not supported for the ` +
      `networkMode '${networkMode}'.`,
  );
}

function portMissing(): EcsError {
  return invalidParameter(
    'When specifying service registries for awsvpc tasks with SRV records, port or containerName and ' +
      'containerPort are required.',
  );
}

function portTwice(): EcsError {
  return invalidParameter(
    'When specifying service registries, specify either port or containerName and containerPort, but ' +
      'not both.',
  );
}

function half(): EcsError {
  return invalidParameter(
    'When specifying service registries, containerName and containerPort must be specified together.',
  );
}

function portOfHost(networkMode: NetworkMode): EcsError {
  return invalidParameter(
    `When specifying service registries for ${networkMode} tasks, port is not supported.`,
  );
}

function containerMissing(networkMode: NetworkMode): EcsError {
  return invalidParameter(
    `When specifying service registries for ${networkMode} tasks, containerName and containerPort are ` +
      'required.',
  );
}

function portOutOfRange(): EcsError {
  return invalidParameter(`port must be between 1 and ${greatestPort}.`);
}
