import type { AwsVpcConfiguration, ContainerOverride, EphemeralStorage } from '@aws-sdk/client-ecs';
import type {
  ClusterArn,
  ContainerArn,
  ContainerInstanceArn,
  TaskArn,
  TaskDefinitionArn,
} from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';
import type { Registered, ServiceRegistry } from '../service-discovery/service-registry.ts';
import type { TaskServiceConnect } from '../service-connect/service-connect.ts';
import type { ManagedVolume } from './managed-volume.ts';

/** What is (Developer Guide, "Amazon ECS task lifecycle"). Moves only forward, by reports of compute. */
export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

/** What is wanted. Goes from RUNNING to STOPPED once, never back. */
export type DesiredStatus = 'RUNNING' | 'STOPPED';

export type ContainerStatus = 'PENDING' | 'RUNNING' | 'STOPPED';
export type HealthStatus = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
export type LaunchType = 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES';
export type StopCode =
  | 'EssentialContainerExited'
  | 'ServiceSchedulerInitiated'
  | 'SpotInterruption'
  | 'TaskFailedToStart'
  | 'TerminationNotice'
  | 'UserInitiated';

/** A container of a task, in the order of the task definition. */
export interface Container {
  readonly arn: ContainerArn;
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly cpu: string;
  readonly memory?: string;
  readonly memoryReservation?: string;
  readonly lastStatus: ContainerStatus;
  readonly healthStatus: HealthStatus;
  /** Whether health means anything here: a container without a check stays UNKNOWN. */
  readonly hasHealthCheck: boolean;
  readonly runtimeId?: string;
  readonly imageDigest?: string;
  /** What its host knows the image by; tells of an image that no registry knows. */
  readonly imageId?: string;
  /** Which image its service means, by digest or id, whatever the tag stands for by now. */
  readonly pinnedDigest?: string;
  readonly exitCode?: number;
  readonly reason?: string;
  /** Where its ports are reached on the host; empty where the task has an address of its own. */
  readonly networkBindings: readonly NetworkBinding[];
  /** The GPUs of its host that it was given. */
  readonly gpuIds?: readonly string[];
  /** What the agent of its host runs in it besides; there where ExecuteCommand was asked for. */
  readonly managedAgents?: readonly ManagedAgent[];
}

/** A program that ECS itself runs in a container, such as the one behind ExecuteCommand. */
export interface ManagedAgent {
  readonly name: 'ExecuteCommandAgent';
  readonly lastStatus: ContainerStatus;
  readonly lastStartedAt?: Instant;
  readonly reason?: string;
}

export type NetworkBinding = PortBinding | PortRangeBinding;

interface PortBinding {
  readonly bindIP: string;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly protocol: 'tcp' | 'udp';
}

/** A range of ports, `9000-9003`, that is bound to as many of the host. */
interface PortRangeBinding {
  readonly bindIP: string;
  readonly containerPortRange: string;
  readonly hostPortRange: string;
  readonly protocol: 'tcp' | 'udp';
}

export type NetworkInterfaceStatus =
  | 'PRECREATED'
  | 'CREATED'
  | 'ATTACHED'
  | 'DETACHING'
  | 'DELETED';

/** The elastic network interface of an `awsvpc` task. */
export interface NetworkInterface {
  readonly attachmentId: string;
  readonly subnetId: string;
  readonly status: NetworkInterfaceStatus;
  /** Present from CREATED on. */
  readonly address?: NetworkAddress;
}

export interface NetworkAddress {
  readonly networkInterfaceId: string;
  readonly macAddress: string;
  readonly privateIpv4Address: string;
}

/** Overrides as they were given, in the API's own shape and without absent members. */
export interface TaskOverrides {
  readonly containerOverrides: readonly NamedContainerOverride[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly ephemeralStorage?: EphemeralStorage;
}

export type NamedContainerOverride = ContainerOverride & { readonly name: string };

/** Why a task stops. Written once. */
export interface StopCause {
  readonly code: StopCode;
  readonly reason: string;
}

export interface Task {
  readonly arn: TaskArn;
  readonly clusterArn: ClusterArn;
  readonly taskDefinitionArn: TaskDefinitionArn;
  readonly family: string;
  readonly launchType: LaunchType;
  readonly capacityProviderName?: string;
  /** Where it runs; absent on FARGATE. */
  readonly containerInstanceArn?: ContainerInstanceArn;
  readonly platformVersion?: string;
  readonly platformFamily?: string;
  readonly cpuArchitecture: 'x86_64' | 'arm64';
  readonly availabilityZone: string;
  readonly group: string;
  readonly startedBy?: string;
  readonly referenceId?: string;
  readonly enableExecuteCommand: boolean;
  readonly cpu?: string;
  readonly memory?: string;
  readonly ephemeralStorageGiB?: number;
  /** The key of its cluster that its ephemeral storage is encrypted with. */
  readonly ephemeralStorageKmsKeyId?: string;
  readonly overrides: TaskOverrides;
  /** What the task's and the execution role's credentials are found by on its host: both are secrets. */
  readonly credentialsIds?: { readonly task: string; readonly execution: string };
  readonly network?: AwsVpcConfiguration;
  readonly networkInterface?: NetworkInterface;
  readonly managedVolume?: ManagedVolume;
  readonly serviceConnect?: TaskServiceConnect;
  /** Where it is to be found while it runs. */
  readonly serviceRegistry?: ServiceRegistry;
  /** There for as long as it is found there. */
  readonly registered?: Registered;
  readonly containers: readonly Container[];
  readonly tags: readonly Tag[];

  readonly lastStatus: TaskStatus;
  readonly desiredStatus: DesiredStatus;
  readonly stop?: StopCause;
  /** What compute said of a task that cannot start; becomes its `stoppedReason`. */
  readonly startFailure?: string;
  /** Whether its service has drawn its conclusions from the end of this task. */
  readonly isAccountedFor?: true;
  /** What it runs on is due for maintenance: its service replaces it. */
  readonly isRetiring?: true;
  /** Until when its service may not scale it in. */
  readonly protectedUntil?: Instant;
  /** Counts the changes that ECS tells as events: of status and of desired status. */
  readonly version: number;

  readonly createdAt: Instant;
  readonly connectivityAt?: Instant;
  readonly pullStartedAt?: Instant;
  readonly pullStoppedAt?: Instant;
  readonly startedAt?: Instant;
  readonly stoppingAt?: Instant;
  readonly executionStoppedAt?: Instant;
  readonly stoppedAt?: Instant;
}

const order: readonly TaskStatus[] = [
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
  'RUNNING',
  'DEACTIVATING',
  'STOPPING',
  'DEPROVISIONING',
  'STOPPED',
];

/** How far along its life a status is; a report never moves a task to a lower rank. */
export function statusRank(status: TaskStatus): number {
  return order.indexOf(status);
}

export function isStopped(task: Task): boolean {
  return task.lastStatus === 'STOPPED';
}

/** ECS tells a task's health by its checked containers alone (a recording shows it so). */
export function taskHealth(task: Task): HealthStatus {
  const checked = task.containers.filter((c) => c.essential && c.hasHealthCheck);
  if (checked.length === 0) return 'UNKNOWN';
  if (checked.some((c) => c.healthStatus === 'UNHEALTHY')) return 'UNHEALTHY';
  if (checked.some((c) => c.healthStatus === 'UNKNOWN')) return 'UNKNOWN';
  return 'HEALTHY';
}
