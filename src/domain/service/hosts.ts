import type { ContainerInstanceArn } from '../arn.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import type { Task } from '../task/task.ts';

/** A container instance, and what is left of it. */
export interface Host {
  readonly instance: ContainerInstance;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  /** Whether tasks of services that are no daemons have yet to end there. */
  readonly hasReplicas: boolean;
}

export type Hosts = ReadonlyMap<ContainerInstanceArn, Host>;

export const noHosts: Hosts = new Map();

export function hostOf({ containerInstanceArn: arn }: Task, hosts: Hosts): Host | undefined {
  return arn && hosts.get(arn);
}

/** Whether a task has to go from where it is: its host drains or is gone, or is due for maintenance. */
export function isLeaving(task: Task, hosts: Hosts): boolean {
  if (task.isRetiring) return true;
  if (task.containerInstanceArn === undefined) return false;
  return hostOf(task, hosts)?.instance.status !== 'ACTIVE';
}

/** Whether nobody hears of a task any more. */
export function isOutOfReach(task: Task, hosts: Hosts): boolean {
  return hostOf(task, hosts)?.instance.agentConnected === false;
}
