import type { AgentUpdateStatus, VersionInfo } from '@aws-sdk/client-ecs';
import type { ClusterArn, ContainerInstanceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';

/** A container instance's life (API reference, ContainerInstance). Only ACTIVE ones receive tasks. */
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

/** A machine that the agent has registered. What its tasks leave of it is not part of the record. */
export interface ContainerInstance {
  readonly arn: ContainerInstanceArn;
  readonly clusterArn: ClusterArn;
  readonly ec2InstanceId?: string;
  readonly capacityProviderName?: string;
  readonly status: ContainerInstanceStatus;
  readonly statusReason?: string;
  readonly agentConnected: boolean;
  readonly agentUpdateStatus?: AgentUpdateStatus;
  readonly versionInfo: VersionInfo;
  readonly registeredResources: InstanceResources;
  readonly attributes: readonly Attribute[];
  readonly registeredAt: Instant;
  /** Counts the changes that ECS tells as events. */
  readonly version: number;
  readonly tags: readonly Tag[];
}

/** The attribute that tells machines of ECS Anywhere from EC2 instances. */
export const externalCapability = 'ecs.capability.external';

export const availabilityZoneAttribute = 'ecs.availability-zone';

/** The values of attributes by name; the empty one for an attribute without a value. */
export function attributeValues({ attributes }: ContainerInstance): ReadonlyMap<string, string> {
  return new Map(attributes.map(({ name, value }) => [name, value ?? '']));
}
