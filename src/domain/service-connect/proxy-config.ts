/**
 * What a proxy of Service Connect is told, and where: the contract between who runs a proxy beside a task and
 * the program itself (src/connect-proxy).
 *
 * The life of a proxy's container, in the network namespace of its task:
 *
 * 1. It is created from the image, command and capability that `src/compute/docker/connect-proxy/` gives. No user is
 *    set, and its root file system is not read-only.
 * 2. Before it starts, one archive is unpacked at `/` in it: the program, the first configuration and the names of the
 *    aliases.
 * 3. It is started. From then on it is healthy for as long as `proxyHealthyPath` is there, which one question to the
 *    Engine tells that starts no process: `HEAD /containers/ID/archive?path=`. It has no health check of Docker's,
 *    as each would cost more than the proxy itself.
 * 4. Each new configuration is unpacked at `/` as well. The proxy sees it at once; one that is broken is reported on
 *    its standard error, and the last good one stays.
 * 5. SIGTERM: it ceases to be healthy, takes no new connections of its ingress, lets requests end for
 *    `proxyStopSeconds` at most, and exits with 0. The containers of the task are to have ended by then, as
 *    egress goes with it.
 */
export interface ProxyConfig {
  readonly egress: readonly ProxyEgress[];
  readonly ingress: readonly ProxyIngress[];
  /** Absent for none. They go to standard output, one line for each request, or connection of TCP. */
  readonly accessLog?: ProxyAccessLog;
  /** `info` where Service Connect's logLevel is not given. */
  readonly logLevel: 'info' | 'debug';
}

/** A port mapping without `appProtocol` is of TCP. */
export type ProxyProtocol = 'http' | 'http2' | 'grpc' | 'tcp';

export interface ProxyTimeouts {
  /** 0 for none. Of Service Connect's defaults: 300 of HTTP's family, 3600 of TCP. */
  readonly idleTimeoutSeconds: number;
  /** 0 for none. Of Service Connect's defaults: 15 of HTTP's family; absent of TCP. */
  readonly perRequestTimeoutSeconds?: number;
}

/** A client alias: what containers of the task find there is one of the endpoints. */
export interface ProxyEgress extends ProxyTimeouts {
  /**
   * The alias's own in 127.255.0.0/16, as /etc/hosts says; no two aliases share one. Where the kernel can, the proxy
   * has all connections to that network redirected to `proxyEgressPort` of the same address and listens there:
   * a container of the task that listens on all addresses could not have the alias's port otherwise.
   */
  readonly address: string;
  /** The alias's. */
  readonly port: number;
  readonly protocol: ProxyProtocol;
  /** The tasks behind the alias. None: HTTP is answered with 503, TCP is reset. */
  readonly endpoints: readonly ProxyEndpoint[];
}

export interface ProxyEndpoint {
  /** The task's id: what is known of an endpoint stays with it from one configuration to the next. */
  readonly id: string;
  /** IPv4. */
  readonly address: string;
  readonly port: number;
}

/** A port on which the proxy listens on all addresses, for what it passes on to 127.0.0.1. */
export interface ProxyIngress extends ProxyTimeouts {
  /** The `ingressPortOverride`. Without one others reach the container itself, and there is nothing to say here. */
  readonly port: number;
  /** The container's port. */
  readonly targetPort: number;
  readonly protocol: ProxyProtocol;
}

export interface ProxyAccessLog {
  readonly format: 'TEXT' | 'JSON';
  readonly includeQueryParameters: boolean;
}

/** In the proxy's container. */
export const proxyFolder = '/etc/service-connect';
export const proxyConfigPath = `${proxyFolder}/config.json`;
/** Lines that the proxy adds to /etc/hosts before it is healthy: all containers that share its namespace have them then. */
export const proxyHostsPath = `${proxyFolder}/hosts`;
/** There while the proxy listens as its configuration says. */
export const proxyHealthyPath = `${proxyFolder}/healthy`;

/** Where the proxy listens at the address of each alias. No container of the task can listen there. */
export const proxyEgressPort = 15_001;

/** How long a proxy that is to stop lets what it carries end. The Engine's time to stop it is to be longer. */
export const proxyStopSeconds = 20;
