import type { VersionInfo } from '@aws-sdk/client-ecs';
import type { ClusterArn, ContainerInstanceArn, DaemonArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';
import type { AgentUpdate } from './agent-update.ts';

export type ContainerInstanceStatus =
  | 'REGISTERING'
  | 'REGISTRATION_FAILED'
  | 'ACTIVE'
  | 'DRAINING'
  | 'DEREGISTERING'
  | 'INACTIVE';

/** An attribute of a container instance; that of a capability has no value. */
export interface Attribute {
  readonly name: string;
  readonly value?: string;
}

/** What an instance has, as its agent registered it. */
export interface InstanceResources {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  /** Ports that tasks may not have: those of the agent, of Docker, of SSH. */
  readonly reservedPorts: readonly number[];
  readonly reservedUdpPorts: readonly number[];
  readonly gpuIds: readonly string[];
  /** How many tasks can have a network interface of their own; no resource of the API. */
  readonly networkInterfaces: number;
}

export type InstanceHealth = 'OK' | 'IMPAIRED' | 'INSUFFICIENT_DATA' | 'INITIALIZING';

export interface InstanceHealthCheck {
  readonly type: 'CONTAINER_RUNTIME';
  readonly status: InstanceHealth;
  readonly lastUpdated: Instant;
  readonly lastStatusChange: Instant;
}

/** A machine that the agent has registered. What its tasks leave of it is not part of the record. */
export interface ContainerInstance {
  readonly arn: ContainerInstanceArn;
  readonly clusterArn: ClusterArn;
  /** `i-...`; of an instance outside EC2 `mi-...`; none where no agent has registered it. */
  readonly ec2InstanceId?: string;
  /** The machine of Longshore's own that it stands for; absent where an agent has registered it. */
  readonly machineId?: string;
  /** As the machine itself tells; what cannot be known outside EC2 is absent. */
  readonly privateIpv4Address?: string;
  /** Where its agent connected from last: outside EC2 nothing else tells its address. */
  readonly connectedFrom?: string;
  readonly capacityProviderName?: string;
  readonly status: ContainerInstanceStatus;
  readonly statusReason?: string;
  /** The daemons for whose sake it is REGISTERING or DRAINING: it is ACTIVE when the last one lets it go. */
  readonly heldBy?: readonly DaemonArn[];
  /** Whether its agent has a connection open now. */
  readonly agentConnected: boolean;
  /** When its agent connected last. */
  readonly connectedAt?: Instant;
  /** When its connection was lost last. */
  readonly disconnectedAt?: Instant;
  /** The newest update of its agent. */
  readonly agentUpdate?: AgentUpdate;
  readonly versionInfo: VersionInfo;
  readonly healthCheck?: InstanceHealthCheck;
  readonly registeredResources: InstanceResources;
  readonly attributes: readonly Attribute[];
  readonly registeredAt: Instant;
  /** It stays describable for a while. */
  readonly deregisteredAt?: Instant;
  /** What the agent named its registration, so that a repeat of it gives the same instance. */
  readonly registrationToken?: string;
  /** Counts the changes that ECS tells as events. */
  readonly version: number;
  readonly tags: readonly Tag[];
}

/** The attribute that tells machines of ECS Anywhere from EC2 instances. */
export const externalCapability = 'ecs.capability.external';

export const availabilityZoneAttribute = 'ecs.availability-zone';

/** By it an agent says which capacity provider its instance is of: Longshore keeps no Auto Scaling groups. */
export const capacityProviderAttribute = 'longshore.capacity-provider';

/** The values of attributes by name; the empty one for an attribute without a value. */
export function attributeValues({ attributes }: ContainerInstance): ReadonlyMap<string, string> {
  return new Map(attributes.map(({ name, value }) => [name, value ?? '']));
}

/** The value of an attribute; the empty one where it is there without a value. */
export function attributeValue(
  { attributes }: Pick<ContainerInstance, 'attributes'>,
  name: string,
): string | undefined {
  const found = attributes.find((attribute) => attribute.name === name);
  return found && (found.value ?? '');
}

/** The same instance after a change that ECS tells as an event. */
export function changedInstance(
  instance: ContainerInstance,
  change: Partial<ContainerInstance>,
): ContainerInstance {
  return { ...instance, ...change, version: instance.version + 1 };
}
