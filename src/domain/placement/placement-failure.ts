import type { ContainerInstanceArn } from '../arn.ts';

/** Why a container instance did not get a task, as an entry of `failures`. */
export interface PlacementFailure {
  /** Absent where no container instance was examined. */
  readonly arn?: ContainerInstanceArn;
  readonly reason: string;
  readonly detail?: string;
}

/**
 * The words of ECS (API reference, "API failure reasons"), in the order of the filters: an instance
 * that does not pass several is reported for the first. The documents know RESOURCE:PORTS_TCP
 * too; what ECS is seen to say is the older form. That of distinctInstance is [inferred].
 */
export const failureReasons = {
  agent: 'AGENT',
  attribute: 'ATTRIBUTE',
  memberOf: 'MemberOf placement constraint unsatisfied.',
  distinctInstance: 'distinctInstance placement constraint unsatisfied.',
  location: 'LOCATION',
  ports: 'RESOURCE:PORTS',
  udpPorts: 'RESOURCE:PORTS_UDP',
  cpu: 'RESOURCE:CPU',
  memory: 'RESOURCE:MEMORY',
  gpu: 'RESOURCE:GPU',
  networkInterface: 'RESOURCE:ENI',
} as const;

export const noActiveInstances: PlacementFailure = { reason: 'NO ACTIVE INSTANCES' };
export const emptyCapacityProvider: PlacementFailure = { reason: 'EMPTY CAPACITY PROVIDER' };
