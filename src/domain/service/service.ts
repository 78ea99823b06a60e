import type {
  AwsVpcConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  ServiceVolumeConfiguration,
} from '@aws-sdk/client-ecs';
import type {
  ClusterArn,
  ContainerInstanceArn,
  ServiceArn,
  ServiceRevisionArn,
  TaskArn,
  TaskDefinitionArn,
  TaskSetArn,
} from '../arn.ts';
import type { StrategyItem } from '../capacity-provider/strategy.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';
import type { ServiceRegistry } from '../service-discovery/service-registry.ts';
import type { ServiceConnect } from '../service-connect/service-connect.ts';
import type { LaunchType } from '../task/task.ts';
import type { LifecycleHook, ShiftStrategy } from './strategies/lifecycle.ts';

/** ACTIVE until DeleteService, DRAINING while tasks are left, then INACTIVE for a while. */
export type ServiceStatus = 'ACTIVE' | 'DRAINING' | 'INACTIVE';

export type PropagateTags = 'NONE' | 'SERVICE' | 'TASK_DEFINITION';

/**
 * What the tasks of a deployment are started with (API reference, "ServiceRevision"). Never changes, but for
 * the digests of its images, which its first task brings.
 */
export interface ServiceRevision {
  readonly arn: ServiceRevisionArn;
  readonly serviceArn: ServiceArn;
  readonly clusterArn: ClusterArn;
  readonly taskDefinitionArn: TaskDefinitionArn;
  readonly launchType: LaunchType;
  /** Present where a strategy, and not the launch type, was asked for. */
  readonly capacityProviderStrategy?: readonly StrategyItem[];
  /** As it was asked for: `LATEST` stays `LATEST`. */
  readonly requestedPlatformVersion?: string;
  readonly platformVersion?: string;
  readonly platformFamily?: string;
  readonly network?: AwsVpcConfiguration;
  /** The cluster's key for storage on Fargate, as it was when the revision was made. */
  readonly fargateStorageKmsKeyId?: string;
  /** As they were given; what they come to is checked with the revision. */
  readonly volumeConfigurations?: readonly ServiceVolumeConfiguration[];
  readonly containerImages: readonly ContainerImage[];
  /** Absent where there is none. */
  readonly loadBalancers?: readonly ServiceLoadBalancer[];
  /** Where its tasks are to be found; absent where nowhere. */
  readonly serviceRegistries?: readonly ServiceRegistry[];
  /** Absent where it is not enabled. */
  readonly serviceConnect?: ServiceConnect;
  readonly createdAt: Instant;
}

/** Between which target groups traffic is to shift (API reference, "LoadBalancer"). */
export interface ServiceLoadBalancer {
  readonly targetGroupArn: string;
  readonly alternateTargetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly productionListenerRule: string;
  readonly testListenerRule?: string;
  readonly roleArn: string;
  /** The one of the two that is the revision's own: they take turns. */
  readonly usedTargetGroupArn: string;
}

export interface ContainerImage {
  readonly containerName: string;
  readonly image: string;
  /** What the image's tag stood for when the first task pulled it; absent until that is known. */
  readonly imageDigest?: string;
  /** Set where each task is to pull what the tag means at that time (`versionConsistency`). */
  readonly isUnpinned?: true;
}

/** PRIMARY is the one that is wanted, ACTIVE ones are being replaced, DRAINING ones belong to a deleted service. */
export type DeploymentStatus = 'PRIMARY' | 'ACTIVE' | 'DRAINING';
export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** One revision on its way to being the only one (API reference, "Deployment"). */
export interface Deployment {
  /** `ecs-svc/` and the digits of its revision; also `startedBy` of its tasks. */
  readonly id: string;
  readonly status: DeploymentStatus;
  readonly revision: ServiceRevision;
  readonly desiredCount: number;
  /** What the circuit breaker has counted. */
  readonly failedTasks: number;
  readonly rolloutState: RolloutState;
  readonly rolloutStateReason: string;
  /** The latest start of its tasks, and that of those which became healthy; absent before the first. */
  readonly lastStartAt?: Instant;
  readonly lastHealthyStartAt?: Instant;
  /** Tasks in a row that never came to run. */
  readonly startFailures: number;
  /** Set while tasks fail to start again and again: the next is started no sooner than this. */
  readonly throttle?: StartThrottle;
  /** Set while tasks find no place on container instances. */
  readonly placeless?: Placeless;
  /** Of a former deployment that was left to be cleaned up in the background: until when that is tried. */
  readonly cleanUpUntil?: Instant;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface StartThrottle {
  readonly rounds: number;
  readonly until: Instant;
}

/** Tasks of a deployment that no container instance had a place for, since one was placed last. */
export interface Placeless {
  readonly rounds: number;
  /** When to look again, should nothing happen that makes room. */
  readonly until: Instant;
  /** When the circuit breaker counted it last. */
  readonly countedAt: Instant;
}

export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: Instant;
  readonly message: string;
  readonly subject: ServiceEventSubject;
}

/** What an event of a service is about, for those who do not read its words. */
export type ServiceEventSubject =
  | { readonly kind: PlainSubject }
  | { readonly kind: 'TaskSetSteadyState' | 'CountComputed'; readonly taskSetId: string }
  | RefusedSubject
  | SubjectOfTasks
  | SubjectOfRegistry;

export interface RefusedSubject {
  readonly kind: 'PlacementFailed';
  readonly reason: string;
  /** The instance that comes closest; absent where none was in question. */
  readonly containerInstanceArn?: ContainerInstanceArn;
}

export interface SubjectOfRegistry {
  readonly kind: 'UnhealthyInRegistry';
  readonly registryArn: string;
  readonly taskArn: TaskArn;
}

export interface SubjectOfTasks {
  readonly kind: 'StartedForBalance' | 'StoppedForBalance' | 'ConstraintViolated';
  readonly taskArns: readonly TaskArn[];
}

export type PlainSubject =
  | 'SteadyState'
  | 'StartImpaired'
  | 'HeldByProtection'
  | 'BalancingStarted'
  | 'BalancingCompleted'
  | 'BalancingStopped'
  /** Of what only people are told. */
  | 'Message';

export interface DeploymentConfiguration {
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
  readonly circuitBreaker: CircuitBreaker;
  readonly alarms?: DeploymentAlarms;
  /** Absent where nobody has chosen it. */
  readonly bakeTimeInMinutes?: number;
  /** Absent where deployments are ROLLING. */
  readonly shift?: ShiftStrategy;
  readonly lifecycleHooks?: readonly LifecycleHook[];
  /** Absent where a deployment succeeds only once it has replaced all tasks. */
  readonly earlySuccess?: EarlySuccess;
}

/** What is enough for a rolling deployment (API reference, "DeploymentEarlySuccessCriteria"). */
export interface EarlySuccess {
  readonly healthyPercent: number;
  /** Whether former tasks have to go before the deployment has succeeded, or may go after it. */
  readonly cleanup: 'BLOCKING' | 'DEFERRED';
}

/** CloudWatch's alarms that end a deployment. */
export interface DeploymentAlarms {
  readonly alarmNames: readonly string[];
  readonly enable: boolean;
  readonly rollback: boolean;
}

export interface CircuitBreaker {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly resetOnHealthyTask: boolean;
  readonly threshold: {
    readonly type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT';
    readonly value: number;
  };
}

/** A number of tasks, or one on each container instance that suits. */
export type SchedulingStrategy = 'REPLICA' | 'DAEMON';

/** What a service has besides its revisions; all of it but the first can be changed without a deployment. */
export interface ServiceSettings {
  readonly schedulingStrategy: SchedulingStrategy;
  /** Of a DAEMON service the scheduler's own count: that of the instances that suit. */
  readonly desiredCount: number;
  readonly placementConstraints: readonly PlacementConstraint[];
  readonly placementStrategy: readonly PlacementStrategy[];
  readonly deploymentConfiguration: DeploymentConfiguration;
  readonly healthCheckGracePeriodSeconds: number;
  readonly availabilityZoneRebalancing: 'ENABLED' | 'DISABLED';
  readonly propagateTags: PropagateTags;
  readonly enableECSManagedTags: boolean;
  readonly enableExecuteCommand: boolean;
}

export interface ZoneRebalancing {
  readonly startedAt: Instant;
  /** Set where the zone that lacks tasks had no place for one. */
  readonly retryAt?: Instant;
}

/** What all services have, whoever controls their deployments. */
export interface ServiceRecord extends ServiceSettings {
  readonly arn: ServiceArn;
  readonly name: string;
  readonly clusterArn: ClusterArn;
  readonly status: ServiceStatus;
  /** The newest 100, newest first. */
  readonly events: readonly ServiceEvent[];
  /** When it was last said to be steady, for as long as it is. */
  readonly steadyAt?: Instant;
  /** Set while its tasks are moved between Availability Zones. */
  readonly rebalancing?: ZoneRebalancing;
  readonly tags: readonly Tag[];
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** The client token that it was created with, and a digest of that request. */
  readonly createdWith: { readonly clientToken?: string; readonly requestDigest: string };
  readonly inactiveAt?: Instant;
}

/** A service with the deployment controller ECS. */
export interface Service extends ServiceRecord {
  /** PRIMARY first, then the others, newest first. */
  readonly deployments: readonly [Deployment, ...Deployment[]];
}

/** A service whose deployments somebody else makes, out of task sets: the deployment controller EXTERNAL. */
export interface ExternalService extends ServiceRecord {
  /** Oldest first. */
  readonly taskSets: readonly TaskSet[];
  /** It had the deployment controller ECS before: ECS goes on showing its task sets as deployments. */
  readonly hasLeftEcs?: true;
}

export type AnyService = Service | ExternalService;

/** PRIMARY once UpdateServicePrimaryTaskSet has said so; DRAINING from its deletion on. */
export type TaskSetStatus = 'PRIMARY' | 'ACTIVE' | 'DRAINING';
export type StabilityStatus = 'STEADY_STATE' | 'STABILIZING';

/** Tasks of one kind that make up a part of an external service (API reference, "TaskSet"). */
export interface TaskSet {
  readonly arn: TaskSetArn;
  readonly status: TaskSetStatus;
  readonly scalePercent: number;
  readonly externalId?: string;
  /** What the scheduler knows of its tasks; `desiredCount` is the computed one. */
  readonly deployment: Deployment;
  readonly stabilityStatus: StabilityStatus;
  readonly stabilityStatusAt: Instant;
  readonly tags: readonly Tag[];
  readonly createdWith: { readonly clientToken?: string; readonly requestDigest: string };
}
/** Only the scheduler of services makes tasks of such groups. */
export const serviceGroupPrefix = 'service:';

/** What `group` of a service's tasks says. */
export function serviceGroup(serviceName: string): string {
  return serviceGroupPrefix + serviceName;
}

export function isExternal(service: AnyService): service is ExternalService {
  return 'taskSets' in service;
}

/** What the scheduler keeps tasks for: deployments, or what it knows of task sets. */
export function deploymentsOf(service: AnyService): readonly Deployment[] {
  if (!isExternal(service)) return service.deployments;
  return service.taskSets.map(({ deployment }) => deployment);
}

/** What tasks of a service may still be started with. */
export function revisionsOf(service: AnyService): readonly ServiceRevision[] {
  return deploymentsOf(service).map(({ revision }) => revision);
}

/** What a service shows as its own; absent while an external one has no PRIMARY task set. */
export function shownRevisionOf(service: AnyService): ServiceRevision | undefined {
  if (!isExternal(service)) return primaryOf(service).revision;
  return service.taskSets.find(({ status }) => status === 'PRIMARY')?.deployment.revision;
}

export function primaryOf({ deployments }: Service): Deployment {
  return deployments[0];
}
