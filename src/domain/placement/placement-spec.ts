import type { Platform } from './platform.ts';
import type { PlacementStrategy } from './placement-strategy.ts';
import type { TaskRequirements } from './task-requirements.ts';

/**
 * What decides where a task may go and which place is best. Much is worked out once for each such
 * object: make one for a service's deployment or a RunTask, and use it for all of its tasks.
 */
export interface PlacementSpec {
  /** Spread and distinctInstance work within a group: `family:web`, `service:web`. */
  readonly group: string;
  readonly requirements: TaskRequirements;
  readonly requiredAttributes: readonly string[];
  readonly platform: Platform;
  /** Expressions of all memberOf constraints, the definition's and the request's. */
  readonly memberOf: readonly string[];
  readonly distinctInstance: boolean;
  /** Where an awsvpc task's subnets are; undefined where the network mode ties it to no zone. */
  readonly availabilityZones?: readonly string[];
  /** Of a task that is placed through a strategy of capacity providers: the chosen one. */
  readonly capacityProviderName?: string;
  /** Whether it is a task for machines of ECS Anywhere. */
  readonly isExternal: boolean;
  /** Whether it is a task of a daemon, which runs on instances that take no other tasks yet, or for now. */
  readonly isDaemon?: true;
  readonly strategy: readonly PlacementStrategy[];
}
