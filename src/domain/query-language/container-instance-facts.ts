import type { Instant } from '../instant.ts';

/** What an expression can ask of a container instance. */
export interface ContainerInstanceFacts {
  /** Values by name; an attribute without a value has the empty one. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly agentConnected: boolean;
  readonly agentVersion: string | undefined;
  readonly ec2InstanceId: string | undefined;
  readonly registeredAt: Instant;
  readonly runningTasksCount: number;
  /** The groups that have a task on the instance. */
  readonly taskGroups: Iterable<string>;
}
