import type { ApplicationProtocol, PortMapping } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const greatestPort = 65_535;
const maximumPortRanges = 100;
const applicationProtocols = valuesOf<ApplicationProtocol>({ http: true, http2: true, grpc: true });
const wellFormedName = /^[a-z0-9_][a-z0-9_-]{0,63}$/;

/** What must hold of port mappings whatever the network mode. */
export function checkPortMappings({ containerDefinitions }: TaskDefinitionContent): void {
  for (const container of containerDefinitions) {
    for (const mapping of container.portMappings) checkMapping(mapping, container.name);
    checkPortRanges(container);
  }
}

function checkMapping(mapping: PortMapping, containerName: string): void {
  const { containerPort, containerPortRange, hostPort } = mapping;
  if (containerPort !== undefined && containerPortRange !== undefined) {
    throw clientError(
      `Invalid port mapping for container '${containerName}', ` +
        'cannot specify both single port and port range.',
    );
  }
  if (containerPortRange === undefined && !isPort(containerPort)) {
    throw invalidSetting('containerPort', containerName);
  }
  if (hostPort !== undefined && !isPort(hostPort)) throw invalidSetting('hostPort', containerName);
  if (containerPortRange !== undefined) checkRange(containerPortRange, hostPort, containerName);
  checkNameAndProtocols(mapping);
}

function checkRange(range: string, hostPort: number | undefined, containerName: string): void {
  if (parsePortRange(range) === undefined) {
    throw invalidSetting('containerPortRange', containerName);
  }
  // Docker picks the host's range. [inferred wording]
  if (hostPort !== undefined) throw invalidSetting('hostPort', containerName);
}

function isPort(port: number | undefined): boolean {
  return port !== undefined && port >= 0 && port <= greatestPort;
}

function invalidSetting(setting: string, containerName: string): Error {
  return clientError(`Invalid '${setting}' setting for container '${containerName}'.`);
}

function checkNameAndProtocols({ name, appProtocol, protocol }: PortMapping): void {
  // [inferred wording, ECS's grammar]
  if (name !== undefined && !wellFormedName.test(name)) {
    throw clientError(`Port mapping name must match ${wellFormedName.source}, but was ${name}`);
  }
  checkOneOf('appProtocol', appProtocol, applicationProtocols);
  if (appProtocol !== undefined && protocol === 'udp') {
    throw clientError('appProtocol is only supported with protocol tcp.'); // [inferred wording]
  }
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Reads `8000-9000`; undefined if it is no range of ports. */
export function parsePortRange(text: string): PortRange | undefined {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  const isRange = range.first >= 1 && range.first < range.last && range.last <= greatestPort;
  return isRange ? range : undefined;
}

/** The container ports of a mapping: a range, or one port. */
function containerPortsOf({ containerPort, containerPortRange }: PortMapping): PortRange {
  const range = parsePortRange(containerPortRange ?? '');
  return range ?? { first: containerPort ?? 0, last: containerPort ?? 0 };
}

/** [inferred wording of both refusals] */
function checkPortRanges({ name, portMappings }: ContainerDefinition): void {
  const rangeCount = portMappings.filter((mapping) => mapping.containerPortRange).length;
  if (rangeCount === 0) return;
  if (rangeCount > maximumPortRanges) {
    throw clientError(`Container '${name}' can have at most ${maximumPortRanges} port ranges.`);
  }
  for (const protocol of ['tcp', 'udp']) {
    const ofProtocol = portMappings.filter((mapping) => mapping.protocol === protocol);
    const ports = ofProtocol.map(containerPortsOf).toSorted((a, b) => a.first - b.first);
    const overlap = ports.some((range, i) => range.first <= (ports[i - 1]?.last ?? -1));
    if (overlap) throw clientError(`Port ranges of container '${name}' must not overlap.`);
  }
}
