import type {
  ApplicationProtocol,
  ServiceConnectClientAlias,
  ServiceConnectConfiguration,
  ServiceConnectService,
  TimeoutConfiguration,
} from '@aws-sdk/client-ecs';
import { EcsError, invalidParameter } from '../errors.ts';
import { present } from '../present.ts';
import { isWindows } from '../task-definition/runtime-platform.ts';
import { checkLogConfiguration } from '../task-definition/log-configuration.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { LaunchType } from '../task/task.ts';
import { proxyEgressPort } from './proxy-config.ts';
import type { EndpointTimeout, ServiceConnectEndpoint } from './service-connect.ts';

/** An endpoint as it is asked for: what others there are in the namespace has not been looked at. */
export type EndpointSpec = Omit<ServiceConnectEndpoint, 'discoveryArn' | 'dnsName'> & {
  /** Absent where it follows from the namespace. */
  readonly dnsName?: string;
};

/** A checked configuration of Service Connect. */
export interface ServiceConnectSpec {
  readonly configuration: ServiceConnectConfiguration;
  readonly endpoints: readonly EndpointSpec[];
  /** Whether tasks have Longshore's own proxy; absent where they have an agent's. */
  readonly hasOwnProxy?: boolean;
}

const wellFormedName = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
const wellFormedDnsName = /^[a-z0-9_.][a-z0-9_.-]{0,126}$/;
const mostAliases = 1;
const greatestPort = 65_535;

/**
 * Checks what a service asks of Service Connect; undefined where it asks for none.
 * @throws EcsError
 */
export function parseServiceConnect(
  given: ServiceConnectConfiguration | undefined,
  definition: TaskDefinition,
  launchType: LaunchType,
): ServiceConnectSpec | undefined {
  if (!given?.enabled) return undefined;
  checkPlace(definition, launchType);
  checkLogs(given);
  if (launchType === 'FARGATE') checkOwnLogs(given);
  const endpoints = (given.services ?? []).map((one) => parseEndpoint(one, definition));
  for (const [index, { discoveryName }] of endpoints.entries()) {
    const isTaken = endpoints.slice(0, index).some((one) => one.discoveryName === discoveryName);
    if (isTaken) throw discoveryNameTaken(discoveryName);
  }
  checkOverridesAreFree(endpoints, definition, launchType);
  return { configuration: given, endpoints, hasOwnProxy: launchType === 'FARGATE' };
}

/** Longshore runs the proxy of tasks on FARGATE, official agents on EC2 run that of theirs. */
function checkPlace({ content }: TaskDefinition, launchType: LaunchType): void {
  if (launchType === 'EXTERNAL') {
    throw connectRefused('does not support the EXTERNAL launch type.');
  }
  if (launchType === 'MANAGED_INSTANCES') {
    throw onlyHas('Service Connect for tasks of the launch types FARGATE and EC2');
  }
  if (isWindows(content)) throw connectRefused('does not support Windows.');
  const { containerDefinitions, memory, networkMode = 'bridge' } = content;
  if (networkMode !== 'bridge' && networkMode !== 'awsvpc') {
    throw connectRefused(`does not support the network mode ${networkMode}.`);
  }
  if (memory === undefined) {
    throw connectRefused('requires a task definition with a task-level memory.');
  }
  if (networkMode === 'bridge' && containerDefinitions.some(({ hostname }) => hostname)) {
    throw connectRefused('does not support hostname in the network mode bridge.');
  }
}

function checkLogs({ accessLogConfiguration, logConfiguration }: ServiceConnectConfiguration) {
  if (logConfiguration) checkLogConfiguration(logConfiguration);
  if (accessLogConfiguration && !logConfiguration) {
    throw connectRefused('requires a logConfiguration for access logs.');
  }
}

/** A log router would have to start before the proxy, which starts before all others. */
function checkOwnLogs({ logConfiguration }: ServiceConnectConfiguration): void {
  if (logConfiguration?.logDriver !== 'awsfirelens') return;
  throw onlyHas('logs of Service Connect on FARGATE with other drivers than awsfirelens');
}

function parseEndpoint(given: ServiceConnectService, definition: TaskDefinition): EndpointSpec {
  const { portName = '', discoveryName = portName, timeout, tls, ingressPortOverride } = given;
  const { containerPort, appProtocol } = requireMapping(portName, definition);
  if (tls) throw onlyHas('Service Connect without TLS');
  if (!wellFormedName.test(discoveryName)) {
    throw invalidParameter(`discoveryName(${discoveryName}) is invalid.`); // [inferred text]
  }
  checkTimeout(timeout?.perRequestTimeoutSeconds, appProtocol);
  checkOverride(ingressPortOverride, definition);
  return {
    portName,
    discoveryName,
    containerPort,
    protocol: appProtocol ?? 'tcp',
    ...parseAliases(given.clientAliases ?? [], containerPort),
    ...present({ ingressPortOverride, timeout: timeout && parseTimeout(timeout) }),
  };
}

function parseTimeout({
  idleTimeoutSeconds,
  perRequestTimeoutSeconds,
}: TimeoutConfiguration): EndpointTimeout {
  return present({ idleTimeoutSeconds, perRequestTimeoutSeconds });
}

/** In bridge mode it would be a port of the instance, which placement would have to know of. */
function checkOverride(port: number | undefined, { content }: TaskDefinition): void {
  if (port === undefined) return;
  checkPort('ingressPortOverride', port);
  if (content.networkMode === 'awsvpc') return;
  throw onlyHas('ingressPortOverride of Service Connect in the network mode awsvpc');
}

/** The proxy listens beside the containers, in the network namespace of the task. */
function checkOverridesAreFree(
  endpoints: readonly EndpointSpec[],
  { content }: TaskDefinition,
  launchType: LaunchType,
): void {
  const mappings = content.containerDefinitions.flatMap(({ portMappings }) => portMappings);
  const taken = new Set(
    mappings.flatMap(({ containerPort, protocol }) => (protocol === 'udp' ? [] : [containerPort])),
  );
  if (launchType === 'FARGATE') taken.add(proxyEgressPort);
  for (const { ingressPortOverride: port } of endpoints) {
    if (port === undefined) continue;
    if (taken.has(port)) throw overrideTaken(port);
    taken.add(port);
  }
}

function parseAliases(
  aliases: readonly ServiceConnectClientAlias[],
  containerPort: number,
): Pick<EndpointSpec, 'dnsName' | 'port'> {
  if (aliases.length > mostAliases) {
    throw invalidParameter(
      `${aliases.length} clientAliases exceeds the max limit of ${mostAliases}`,
    );
  }
  const [alias] = aliases;
  if (!alias) return { port: containerPort };
  const { dnsName, port = containerPort, testTrafficRules } = alias;
  if (testTrafficRules) throw onlyHas('Service Connect without testTrafficRules');
  checkPort('port', port);
  if (dnsName !== undefined && !wellFormedDnsName.test(dnsName)) {
    throw invalidParameter('The DNS name that you provided is invalid.');
  }
  return { port, ...present({ dnsName }) };
}

interface NamedMapping {
  readonly containerPort: number;
  readonly appProtocol?: ApplicationProtocol | undefined;
}

function requireMapping(portName: string, { content }: TaskDefinition): NamedMapping {
  const mappings = content.containerDefinitions.flatMap(({ portMappings }) => portMappings);
  const mapping = mappings.find(({ name }) => name !== undefined && name === portName);
  if (mapping?.containerPort === undefined) {
    throw invalidParameter(
      `portName(${portName}) does not refer to any named PortMapping in the container definitions`,
    );
  }
  return { containerPort: mapping.containerPort, appProtocol: mapping.appProtocol };
}

/** A mapping without a protocol is of TCP, which has no requests. [inferred text] */
function checkTimeout(seconds: number | undefined, protocol: string | undefined): void {
  if (seconds === undefined || protocol !== undefined) return;
  throw connectRefused('does not support perRequestTimeoutSeconds with TCP.');
}

/** [inferred text] */
function checkPort(member: string, port: number): void {
  if (Number.isInteger(port) && port >= 1 && port <= greatestPort) return;
  throw invalidParameter(`${member} must be between 1 and ${greatestPort}.`);
}

/** [inferred text] */
function overrideTaken(port: number): EcsError {
  return invalidParameter(`ingressPortOverride(${port}) is used by the task already.`);
}

/** [inferred texts] */
function connectRefused(what: string): EcsError {
  return invalidParameter(`Service Connect ${what}`);
}

/** [inferred text] */
export function discoveryNameTaken(discoveryName: string): EcsError {
  return invalidParameter(`discoveryName(${discoveryName}) already exists in the namespace.`);
}

/** For what ECS would take and this release does not have. */
export function onlyHas(what: string): EcsError {
  return new EcsError('UnsupportedFeatureException', `This release of Longshore has ${what} only.`);
}
