import type { ContainerInstanceArn } from '../domain/arn.ts';
import { serviceGroupPrefix, type AnyService } from '../domain/service/service.ts';
import type { Host, Hosts } from '../domain/service/hosts.ts';
import type { Task } from '../domain/task/task.ts';
import type { Transaction } from '../state/state.ts';

/** The container instances that tasks of a service are on. */
export function hostsOf(tx: Transaction, service: AnyService, tasks: readonly Task[]): Hosts {
  const hosts = new Map<ContainerInstanceArn, Host>();
  for (const { containerInstanceArn: arn } of tasks) {
    if (arn === undefined || hosts.has(arn)) continue;
    const host = hostOf(tx, service, arn);
    if (host) hosts.set(arn, host);
  }
  return hosts;
}

function hostOf(tx: Transaction, service: AnyService, arn: ContainerInstanceArn): Host | undefined {
  const instance = tx.containerInstances.findByArn(arn);
  if (!instance) return undefined;
  // Only a strategy that packs asks what is left, and only daemons on their way out whether others are there.
  const packs = service.placementStrategy.some(({ type }) => type === 'binpack');
  const left = packs ? tx.placements.remaining(instance) : undefined;
  const isLast = service.schedulingStrategy === 'DAEMON' && instance.status === 'DRAINING';
  return {
    instance,
    cpuUnits: left?.cpuUnits ?? 0,
    memoryMiB: left?.memoryMiB ?? 0,
    hasReplicas: isLast && hasReplicas(tx, arn),
  };
}

function hasReplicas(tx: Transaction, arn: ContainerInstanceArn): boolean {
  for (const { clusterArn, group } of tx.tasks.onInstance(arn)) {
    if (!group.startsWith(serviceGroupPrefix)) continue;
    if (tx.services.findByGroup(clusterArn, group)?.schedulingStrategy === 'REPLICA') return true;
  }
  return false;
}
