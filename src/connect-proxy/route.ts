import type {
  ProxyConfig,
  ProxyEndpoint,
  ProxyProtocol,
  ProxyTimeouts,
} from '../domain/service-connect/proxy-config.ts';

/** A place to listen on, and where what comes there goes. */
export interface Route {
  /** The same from one configuration to the next. */
  readonly key: string;
  readonly direction: 'egress' | 'ingress';
  readonly protocol: ProxyProtocol;
  /** All addresses where there is none. */
  readonly host?: string;
  readonly port: number;
  readonly endpoints: readonly ProxyEndpoint[];
  /** 0 for none. */
  readonly idleMs: number;
  /** 0 for none. */
  readonly requestMs: number;
}

/** Service Connect's. */
const retriesOfEgress = 2;

/** On how many other endpoints a request is tried again. What comes in has one place to go only. */
export function retriesOf({ direction }: Route): number {
  return direction === 'egress' ? retriesOfEgress : 0;
}

/** What to listen on; with `egressPort` where connections to aliases are redirected to it. */
export function routesOf(
  { egress, ingress }: ProxyConfig,
  egressPort: number | undefined,
): readonly Route[] {
  return [
    ...egress.map(({ address, port, protocol, endpoints, ...timeouts }) => ({
      key: `egress ${protocol} ${address}:${port}`,
      direction: 'egress' as const,
      protocol,
      host: address,
      port: egressPort ?? port,
      endpoints,
      ...milliseconds(timeouts),
    })),
    ...ingress.map(({ port, targetPort, protocol, ...timeouts }) => ({
      key: `ingress ${protocol} ${port}`,
      direction: 'ingress' as const,
      protocol,
      port,
      endpoints: [{ id: 'container', address: '127.0.0.1', port: targetPort }],
      ...milliseconds(timeouts),
    })),
  ];
}

function milliseconds({ idleTimeoutSeconds, perRequestTimeoutSeconds = 0 }: ProxyTimeouts) {
  return { idleMs: idleTimeoutSeconds * 1000, requestMs: perRequestTimeoutSeconds * 1000 };
}
