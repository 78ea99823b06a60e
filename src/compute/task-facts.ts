import type { TaskArn } from '../domain/arn.ts';

/** What a host of containers knows of its tasks beside what their records say, for the tasks themselves. */
export interface TaskFacts {
  /** Whose the id is that stands in the paths of a container's metadata. */
  ownerOf(endpointId: string): ContainerRef | undefined;
  /** The task whose interface has the address. */
  taskAt(address: string): TaskArn | undefined;
  /** The task that has been given these credentials. */
  taskOfCredentials(credentialsId: string): TaskArn | undefined;
  /** Undefined where the host has no such container, yet or any more. */
  inspect(container: ContainerRef): Promise<ContainerFacts | undefined>;
  /** The Engine's own figures of a container, with those of its task's network. */
  stats(container: ContainerRef): Promise<ContainerStats | undefined>;
  /** What a task's containers take on the disk, images included, in bytes; undefined where none is there. */
  storageUse(taskArn: TaskArn): Promise<number | undefined>;
  /** How far the host's clock may be off; undefined where nobody knows. */
  clock(): Promise<ClockFacts | undefined>;
  /** The network namespace of a task, by its path on this machine; undefined where it has none, or is elsewhere. */
  networkNamespace(taskArn: TaskArn): Promise<string | undefined>;
  /** The network of tasks that have an interface of their own. */
  network(): Promise<NetworkFacts>;
}

export interface ContainerRef {
  readonly taskArn: TaskArn;
  readonly container: string;
}

/** A container as it is on its host; times are RFC 3339, of the host's clock. */
export interface ContainerFacts {
  readonly dockerId: string;
  readonly dockerName: string;
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly exitCode?: number;
  readonly isRunning: boolean;
  readonly restartCount: number;
  readonly health?: HealthFacts;
  readonly addresses: readonly string[];
}

export interface HealthFacts {
  readonly status: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  readonly since?: string;
  readonly exitCode?: number;
  readonly output?: string;
}

export interface ClockFacts {
  readonly errorBoundMs: number;
  /** When the clock was last compared with its reference, in milliseconds since the epoch. */
  readonly referenceAt: number;
  readonly isSynchronized: boolean;
}

export type ContainerStats = Readonly<Record<string, unknown>>;

export interface NetworkFacts {
  readonly subnet: string;
  readonly gateway: string;
  readonly nameServers: readonly string[];
}
