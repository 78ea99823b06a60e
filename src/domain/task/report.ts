import type { TaskArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { ContainerStatus, HealthStatus, NetworkAddress, NetworkBinding } from './task.ts';

/**
 * What compute tells of a task. Each is a fact that has come true, with its moment; repeating one
 * changes nothing, and a late one never moves a task backwards.
 */
export type TaskReport =
  | { readonly kind: 'NetworkInterfaceCreated'; readonly address: NetworkAddress }
  /** An agent has found the task's managed volume on its instance. */
  | { readonly kind: 'VolumeFound'; readonly at: Instant }
  /** The host has taken the task over: its interface is attached, images may be pulled. */
  | { readonly kind: 'Connected'; readonly at: Instant }
  | { readonly kind: 'PullStarted'; readonly at: Instant }
  | { readonly kind: 'PullStopped'; readonly at: Instant }
  /** An agent knows the digest of an image before it makes a container of it. */
  | { readonly kind: 'ImageResolved'; readonly container: string; readonly imageDigest: string }
  | {
      readonly kind: 'ContainerCreated';
      readonly container: string;
      readonly runtimeId: string;
      /** `sha256:...`, for an image that a registry knows by a digest. */
      readonly imageDigest?: string;
      /** `sha256:...`, by which the host knows it, where no registry does. */
      readonly imageId?: string;
    }
  | {
      readonly kind: 'ContainerStarted';
      readonly container: string;
      readonly at: Instant;
      /** Present where ports are published on the host. */
      readonly networkBindings?: readonly NetworkBinding[];
    }
  | {
      readonly kind: 'ContainerHealthChanged';
      readonly container: string;
      readonly healthStatus: HealthStatus;
    }
  /** A managed agent may be started again, so that the newest report holds. */
  | {
      readonly kind: 'ManagedAgentChanged';
      readonly container: string;
      readonly name: string;
      readonly status: ContainerStatus;
      readonly reason?: string;
      readonly at: Instant;
    }
  | {
      readonly kind: 'ContainerStopped';
      readonly container: string;
      /** Absent where the container never ran. */
      readonly exitCode?: number;
      /** In ECS's form, `OutOfMemoryError: Container killed due to memory usage`. */
      readonly reason?: string;
      readonly at: Instant;
    }
  /** The task cannot start; the reason becomes the task's `stoppedReason`. */
  | { readonly kind: 'StartFailed'; readonly reason: string; readonly at: Instant }
  /** Nothing of the task is left on the host: containers, interface, volumes. */
  | { readonly kind: 'Released'; readonly at: Instant };

/** Reports of one task, in the order in which they came true. */
export interface TaskReports {
  readonly taskArn: TaskArn;
  readonly reports: readonly TaskReport[];
}
