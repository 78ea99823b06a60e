import type { DaemonPropagateTags, DaemonStatus } from '@aws-sdk/client-ecs';
import {
  lastPathElement,
  type CapacityProviderArn,
  type ClusterArn,
  type ContainerInstanceArn,
  type DaemonArn,
  type DaemonDeploymentArn,
  type DaemonRevisionArn,
  type TaskDefinitionArn,
} from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { ContainerImage } from '../service/service.ts';
import type { Tag } from '../tags.ts';
import type { Task } from '../task/task.ts';

/** What the tasks of a daemon are started with (API reference, "DaemonRevision"). */
export interface DaemonRevision {
  readonly arn: DaemonRevisionArn;
  readonly daemonArn: DaemonArn;
  readonly clusterArn: ClusterArn;
  readonly taskDefinitionArn: TaskDefinitionArn;
  readonly containerImages: readonly ContainerImage[];
  readonly propagateTags: DaemonPropagateTags;
  readonly enableECSManagedTags: boolean;
  readonly enableExecuteCommand: boolean;
  readonly critical: boolean;
  readonly createdAt: Instant;
}

/** A revision, and on the instances of which capacity providers it is to run. */
export interface DaemonAim {
  readonly revision: DaemonRevision;
  readonly capacityProviderArns: readonly CapacityProviderArn[];
}

/** A container instance on which a daemon does not come to run. */
export interface DaemonTrouble {
  readonly failures: number;
  readonly retryAt: Instant;
  /** Why it failed last, or had no place. */
  readonly reason: string;
}

/** Runs one task on each container instance of its capacity providers (API reference, "DaemonDetail"). */
export interface Daemon {
  readonly arn: DaemonArn;
  readonly clusterArn: ClusterArn;
  readonly name: string;
  readonly status: DaemonStatus;
  /** What its instances are to run now. */
  readonly aim: DaemonAim;
  /** What the last deployment that was successful brought, and a roll-back brings back. */
  readonly stable?: DaemonAim;
  /** Its deployment has failed, and there is nothing to go back to: nothing more is started. */
  readonly isHalted?: true;
  /** The newest. */
  readonly deploymentArn: DaemonDeploymentArn;
  readonly drainPercent: number;
  readonly troubles: Readonly<Record<ContainerInstanceArn, DaemonTrouble>>;
  readonly tags: readonly Tag[];
  readonly createdWith: { readonly clientToken?: string; readonly requestDigest: string };
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Tasks of daemons are known by their group and by what started them. [inferred: how ECS shows them] */
export const daemonGroupPrefix = 'daemon:';
export const daemonStartedByPrefix = 'ecs-daemon/';

export function daemonGroup(daemonName: string): string {
  return daemonGroupPrefix + daemonName;
}

export function startedByOf({ arn }: Pick<DaemonRevision, 'arn'>): string {
  return daemonStartedByPrefix + lastPathElement(arn);
}

export function isOfRevision(task: Task, revision: Pick<DaemonRevision, 'arn'>): boolean {
  return task.startedBy === startedByOf(revision);
}

/** The revisions that are in use, the aim first. */
export function revisionsOf({ aim, stable }: Daemon): readonly DaemonRevision[] {
  const isOne = !stable || stable.revision.arn === aim.revision.arn;
  return isOne ? [aim.revision] : [aim.revision, stable.revision];
}

/** The capacity providers whose instances matter to it. */
export function providersOf({ aim, stable }: Daemon): readonly CapacityProviderArn[] {
  return [...new Set([...aim.capacityProviderArns, ...(stable?.capacityProviderArns ?? [])])];
}

/** Whether a new container instance of a provider waits for it. */
export function isAwaitedOn({ status, isHalted, aim }: Daemon, provider: CapacityProviderArn) {
  return (
    status === 'ACTIVE' &&
    !isHalted &&
    aim.revision.critical &&
    aim.capacityProviderArns.includes(provider)
  );
}
