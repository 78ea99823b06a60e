import { isIPv4 } from 'node:net';
import type {
  ProxyAccessLog,
  ProxyConfig,
  ProxyEgress,
  ProxyEndpoint,
  ProxyIngress,
  ProxyProtocol,
  ProxyTimeouts,
} from '../domain/service-connect/proxy-config.ts';

/** A configuration that is not one; the message says where. */
export class BrokenConfig extends Error {
  override readonly name = 'BrokenConfig';
}

type Members = Readonly<Record<string, unknown>>;

const protocols: readonly ProxyProtocol[] = ['http', 'http2', 'grpc', 'tcp'];
const greatestPort = 65_535;

/**
 * Reads a configuration; what it does not know of it, it leaves aside.
 * @throws BrokenConfig
 */
export function parseConfig(text: string): ProxyConfig {
  const { egress, ingress, accessLog, logLevel } = membersOf(jsonOf(text), 'the configuration');
  return {
    egress: listOf(egress, 'egress').map(parseEgress),
    ingress: listOf(ingress, 'ingress').map(parseIngress),
    ...(accessLog === undefined ? {} : { accessLog: parseAccessLog(accessLog) }),
    logLevel: oneOf(logLevel, ['info', 'debug'] as const, 'logLevel'),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BrokenConfig('The configuration is not JSON.', { cause: error });
  }
}

function parseEgress(given: unknown): ProxyEgress {
  const members = membersOf(given, 'egress');
  const { address, port, protocol, endpoints } = members;
  return {
    address: addressOf(address),
    port: portOf(port, 'egress.port'),
    protocol: oneOf(protocol, protocols, 'egress.protocol'),
    endpoints: listOf(endpoints, 'egress.endpoints').map(parseEndpoint),
    ...parseTimeouts(members),
  };
}

function parseEndpoint(given: unknown): ProxyEndpoint {
  const { id, address, port } = membersOf(given, 'endpoints');
  if (typeof id !== 'string') throw wrong('endpoints.id');
  return { id, address: addressOf(address), port: portOf(port, 'endpoints.port') };
}

function parseIngress(given: unknown): ProxyIngress {
  const members = membersOf(given, 'ingress');
  const { port, targetPort, protocol } = members;
  return {
    port: portOf(port, 'ingress.port'),
    targetPort: portOf(targetPort, 'ingress.targetPort'),
    protocol: oneOf(protocol, protocols, 'ingress.protocol'),
    ...parseTimeouts(members),
  };
}

function parseTimeouts(given: Members): ProxyTimeouts {
  const { idleTimeoutSeconds, perRequestTimeoutSeconds } = given;
  const idle = { idleTimeoutSeconds: secondsOf(idleTimeoutSeconds, 'idleTimeoutSeconds') };
  if (perRequestTimeoutSeconds === undefined) return idle;
  const seconds = secondsOf(perRequestTimeoutSeconds, 'perRequestTimeoutSeconds');
  return { ...idle, perRequestTimeoutSeconds: seconds };
}

function parseAccessLog(given: unknown): ProxyAccessLog {
  const { format, includeQueryParameters } = membersOf(given, 'accessLog');
  return {
    format: oneOf(format, ['TEXT', 'JSON'] as const, 'accessLog.format'),
    includeQueryParameters: includeQueryParameters === true,
  };
}

function membersOf(given: unknown, what: string): Members {
  if (typeof given !== 'object' || given === null) throw wrong(what);
  return { ...given };
}

function listOf(given: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(given)) throw wrong(what);
  return given;
}

function oneOf<Choice extends string>(
  given: unknown,
  choices: readonly Choice[],
  what: string,
): Choice {
  const found = choices.find((choice) => choice === given);
  if (found === undefined) throw wrong(what);
  return found;
}

function addressOf(given: unknown): string {
  if (typeof given !== 'string' || !isIPv4(given)) throw wrong('address');
  return given;
}

function portOf(given: unknown, what: string): number {
  const isPort = typeof given === 'number' && Number.isInteger(given) && given > 0;
  if (!isPort || given > greatestPort) throw wrong(what);
  return given;
}

function secondsOf(given: unknown, what: string): number {
  if (typeof given !== 'number' || !(given >= 0)) throw wrong(what);
  return given;
}

function wrong(what: string): BrokenConfig {
  return new BrokenConfig(`The configuration is broken at ${what}.`);
}
