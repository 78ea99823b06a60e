import type { ServiceConnectConfiguration } from '@aws-sdk/client-ecs';
import type { ProxyProtocol } from './proxy-config.ts';

/** The name and port by which clients call an endpoint. */
export interface ClientAlias {
  readonly dnsName: string;
  readonly port: number;
}

/** What a task's containers can call, as it was when their deployment began. */
export interface ReachedEndpoint extends ClientAlias {
  /** The service of Cloud Map that stands for it: whose tasks are behind the alias is told by it. */
  readonly discoveryArn: string;
  readonly protocol: ProxyProtocol;
  /** As they were given; absent members are Service Connect's defaults. */
  readonly timeout?: EndpointTimeout;
}

export interface EndpointTimeout {
  readonly idleTimeoutSeconds?: number;
  readonly perRequestTimeoutSeconds?: number;
}

/** A port of a service that others in the namespace may call. */
export interface ServiceConnectEndpoint extends ReachedEndpoint {
  /** Of the port mapping. */
  readonly portName: string;
  readonly containerPort: number;
  /** Unique in the namespace. */
  readonly discoveryName: string;
  /** Where the proxy listens, if not in the container's place. */
  readonly ingressPortOverride?: number;
}

/** Service Connect of a service revision: what was asked for, and what that came to when its deployment began. */
export interface ServiceConnect {
  /** As it was given. */
  readonly configuration: ServiceConnectConfiguration;
  readonly namespaceArn: string;
  readonly endpoints: readonly ServiceConnectEndpoint[];
  /**
   * All that tasks of the revision can call, its own endpoints last. What comes to the namespace later they
   * do not see (Developer Guide, "Service Connect concepts").
   */
  readonly reaches: readonly ReachedEndpoint[];
  /** The proxy, which each task has besides the containers of its definition. */
  readonly containerName: string;
}

/** Service Connect of a task. */
export interface TaskServiceConnect {
  readonly attachmentId: string;
  readonly setting: ServiceConnect;
}

/** What the proxy's container shows as its image. An agent puts the one in that it came with. */
export const proxyImage = 'ecs-service-connect-agent:interface-v1';

/** What the agent of a container instance must be able to do. */
export const serviceConnectAttribute = 'ecs.capability.service-connect-v1';
