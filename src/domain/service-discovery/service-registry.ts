import type { DiscoveryService } from '../cloud-map/discovery-service.ts';

/** A service of Cloud Map that tasks are instances of while they run (API reference, "ServiceRegistry"). */
export interface ServiceRegistry {
  readonly registryArn: string;
  /** The port of all tasks; where it is absent, it is that of a container, or none. */
  readonly port?: number;
  /** There with `containerPort` only. */
  readonly containerName?: string;
  readonly containerPort?: number;
}

/** Finds a service of Cloud Map in the account and region of a request. */
export type FindRegistry = (registryArn: string) => DiscoveryService | undefined;

/** How Cloud Map was told that the instance of a task is. */
export type InstanceHealth = 'HEALTHY' | 'UNHEALTHY';

/** What Cloud Map was told of a task, as far as that can change while the task runs. */
export interface Registered {
  readonly health: InstanceHealth;
  /** Absent where its registry has no use for one. */
  readonly port?: number;
}
