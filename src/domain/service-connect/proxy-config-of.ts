import { present } from '../present.ts';
import type {
  ProxyAccessLog,
  ProxyConfig,
  ProxyEndpoint,
  ProxyIngress,
  ProxyProtocol,
  ProxyTimeouts,
} from './proxy-config.ts';
import type { EndpointTimeout, ServiceConnect } from './service-connect.ts';
import { virtualAddress } from './virtual-addresses.ts';

/** API reference, "TimeoutConfiguration". */
const defaultIdleSeconds = { requests: 5 * 60, connections: 60 * 60 };
const defaultPerRequestSeconds = 15;

/** What the proxy of a task is to be told, given who is behind each endpoint at the moment. */
export function proxyConfigOf(
  { reaches, endpoints, configuration }: ServiceConnect,
  membersOf: (discoveryArn: string) => readonly ProxyEndpoint[],
): ProxyConfig {
  const { accessLogConfiguration, containerConfigurations = [] } = configuration;
  const [logLevel = 'info'] = containerConfigurations.flatMap(({ logLevel: level }) => level ?? []);
  return {
    egress: reaches.map(({ port, protocol, discoveryArn, timeout }, index) => ({
      address: virtualAddress(index + 1),
      port,
      protocol,
      ...timeoutsOf(protocol, timeout),
      endpoints: membersOf(discoveryArn),
    })),
    ingress: endpoints.flatMap(({ ingressPortOverride: port, containerPort, protocol, timeout }) =>
      port === undefined ? [] : [ingressOf(port, { containerPort, protocol, timeout })],
    ),
    ...present({ accessLog: accessLogConfiguration && accessLogOf(accessLogConfiguration) }),
    logLevel: logLevel === 'debug' ? 'debug' : 'info',
  };
}

interface Overridden {
  readonly containerPort: number;
  readonly protocol: ProxyProtocol;
  readonly timeout: EndpointTimeout | undefined;
}

function ingressOf(port: number, { containerPort, protocol, timeout }: Overridden): ProxyIngress {
  return { port, targetPort: containerPort, protocol, ...timeoutsOf(protocol, timeout) };
}

function timeoutsOf(
  protocol: ProxyProtocol,
  { idleTimeoutSeconds, perRequestTimeoutSeconds }: EndpointTimeout = {},
): ProxyTimeouts {
  if (protocol === 'tcp') {
    return { idleTimeoutSeconds: idleTimeoutSeconds ?? defaultIdleSeconds.connections };
  }
  return {
    idleTimeoutSeconds: idleTimeoutSeconds ?? defaultIdleSeconds.requests,
    perRequestTimeoutSeconds: perRequestTimeoutSeconds ?? defaultPerRequestSeconds,
  };
}

function accessLogOf({
  format,
  includeQueryParameters,
}: NonNullable<ServiceConnect['configuration']['accessLogConfiguration']>): ProxyAccessLog {
  return {
    format: format === 'JSON' ? 'JSON' : 'TEXT',
    includeQueryParameters: includeQueryParameters === 'ENABLED',
  };
}
