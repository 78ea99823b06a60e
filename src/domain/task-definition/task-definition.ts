import type {
  Compatibility,
  ContainerDefinition as WireContainerDefinition,
  EphemeralStorage,
  IpcMode,
  KeyValuePair,
  MountPoint,
  NetworkMode,
  PidMode,
  PortMapping,
  ProxyConfiguration,
  RuntimePlatform,
  SystemControl,
  TaskDefinitionPlacementConstraint,
  Volume,
  VolumeFrom,
} from '@aws-sdk/client-ecs';
import type { TaskDefinitionArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';

export type TaskDefinitionStatus = 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';

/** A container as ECS describes it: the members that are always present are filled in. */
export type ContainerDefinition = WireContainerDefinition & {
  readonly name: string;
  readonly image: string;
  readonly cpu: number;
  readonly essential: boolean;
  readonly portMappings: PortMapping[];
  readonly environment: KeyValuePair[];
  readonly mountPoints: MountPoint[];
  readonly volumesFrom: VolumeFrom[];
  readonly systemControls: SystemControl[];
};

/**
 * What was registered, checked and with defaults filled in, in the API's own shape. A member is
 * absent where ECS leaves it out of its answers.
 */
export interface TaskDefinitionContent {
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly volumes: readonly Volume[];
  readonly placementConstraints: readonly TaskDefinitionPlacementConstraint[];
  readonly networkMode?: NetworkMode;
  /** CPU units, as a decimal string. */
  readonly cpu?: string;
  /** MiB, as a decimal string. */
  readonly memory?: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly requiresCompatibilities?: readonly Compatibility[];
  readonly pidMode?: PidMode;
  readonly ipcMode?: IpcMode;
  readonly proxyConfiguration?: ProxyConfiguration;
  readonly ephemeralStorage?: EphemeralStorage;
  readonly runtimePlatform?: RuntimePlatform;
  readonly enableFaultInjection?: boolean;
}

/** A revision of a family. Only its status and its tags ever change. */
export interface TaskDefinition {
  readonly arn: TaskDefinitionArn;
  readonly family: string;
  readonly revision: number;
  readonly status: TaskDefinitionStatus;
  readonly content: TaskDefinitionContent;
  readonly compatibilities: readonly Compatibility[];
  /** Names of attributes that a container instance must have to run it. */
  readonly requiresAttributes: readonly string[];
  readonly registeredAt: Instant;
  readonly registeredBy: string;
  readonly deregisteredAt?: Instant;
  readonly tags: readonly Tag[];
}
