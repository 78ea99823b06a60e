import type { ConfigureTask } from './task-configuration.ts';
import type { ScriptedUsage, TaskUsage } from './task-usage.ts';
import type { StartExec } from './exec-process.ts';
import type { ClusterArn, TaskArn } from '../domain/arn.ts';
import type { Machine } from '../domain/container-instance/machine.ts';
import type { ProxyConfig } from '../domain/service-connect/proxy-config.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import type { TaskReports } from '../domain/task/report.ts';
import type { Task } from '../domain/task/task.ts';

/** All that compute needs to know to run a task: it reads nothing else. */
export interface TaskOrder {
  readonly task: Task;
  readonly taskDefinition: TaskDefinition;
}

/** One line of what a container wrote. */
export interface OutputLine {
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface OutputQuery {
  readonly task: Task;
  readonly container: string;
  /** Goes on with new lines until the container ends. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Only about as many of the last lines, found without reading all. Not for followers. */
  readonly tail?: number;
}

/** Takes orders for tasks: what they come to is told by reports. */
export type TaskRunner = Pick<Compute, 'start' | 'stop' | 'forget'>;

/**
 * Where tasks run. Orders are repeatable and return at once: what comes of them is told by reports.
 * An order for a task that has come further than it asks for is the same as none.
 */
export interface Compute {
  readonly kind: 'docker' | 'simulated';

  /**
   * Begins. `orders` are all tasks that have not STOPPED: what of them runs goes on and is watched,
   * what of them died while nobody looked is reported with its true exit, and everything else that
   * carries our labels is removed. It resolves when this has been reported, or at once where the host is away
   * for now: it is looked for again, with backoff, and the same is done then. Reports go to
   * `report`, in order per task.
   */
  open(orders: readonly TaskOrder[], report: (reports: TaskReports) => void): Promise<void>;

  start(order: TaskOrder): void;

  /** Stops the task's containers in the order of their dependencies, then releases its resources. */
  stop(order: TaskOrder): void;

  /** What a container of a task wrote, from its first line; also after it has stopped. */
  output(query: OutputQuery): AsyncIterable<OutputLine>;

  /** Runs commands in containers; absent where there are none to run them in. */
  readonly startExec?: StartExec;

  /** Forgets what was kept of a stopped task (its output), when ECS forgets the task itself. */
  forget(taskArn: TaskArn): Promise<void>;

  /**
   * Tells the proxy of a task what it is to know from now on; one that has yet to start knows it from its start. Absent
   * where there are no proxies.
   * @returns whether it will do by that; else it is to be told again
   */
  configureProxy?(taskArn: TaskArn, config: ProxyConfig): Promise<boolean>;

  /** Where it finds what containers only point to; absent where that is not looked for. */
  configureWith?(configure: ConfigureTask): void;

  /** What a task uses, on the mean since it was asked for last; of tasks out of reach nothing. */
  usageOf(order: TaskOrder): Promise<TaskUsage>;

  /** Says what the tasks of a group use; absent where they use something by themselves. */
  scriptUsage?(clusterArn: ClusterArn, group: string, usage: ScriptedUsage): void;

  /** The machines that it runs tasks on, as far as they can be reached now. */
  machines(): readonly Machine[];

  /** Hears whenever other machines can be reached than before. */
  onMachinesChanged(listener: () => void): void;

  /** Lets go of everything without touching what runs. */
  close(): Promise<void>;

  /** What waits to be done, for `/metrics` and `/readyz`. */
  health(): ComputeHealth;
}

export interface ComputeHealth {
  readonly available: boolean;
  readonly queuedStarts: number;
  readonly queuedStops: number;
}
