import type { ContainerInstance } from '../domain/container-instance/container-instance.ts';
import type { AnyService } from '../domain/service/service.ts';
import type { Task } from '../domain/task/task.ts';
import type { ReadonlyTables } from '../state/tables.ts';

/**
 * The services to which a change of a container instance may matter: those with tasks there, and those that would like
 * to have some. Daemons come first, so that they have their places before others.
 */
export function servicesOfInstance(tables: ReadonlyTables, key: string): readonly string[] {
  const instance = tables.containerInstances.find(key);
  if (!instance) return [];
  const { clusterArn } = instance;
  const services = new Set(arnsOf(tables.services.daemons(clusterArn)));
  for (const { group } of tables.tasks.onInstance(instance.arn)) {
    const service = tables.services.findByGroup(clusterArn, group);
    if (service) services.add(service.arn);
  }
  for (const arn of arnsOf(tables.services.placeless(clusterArn))) services.add(arn);
  for (const arn of servicesToBalance(tables, instance)) services.add(arn);
  return [...services];
}

/** A zone that comes or goes matters to all services whose tasks are balanced over zones. */
function servicesToBalance(tables: ReadonlyTables, instance: ContainerInstance): readonly string[] {
  if (!tables.placements.isAloneInZone(instance)) return [];
  return [...tables.services.list(instance.clusterArn, undefined)]
    .filter((service) => service.availabilityZoneRebalancing === 'ENABLED')
    .map(({ arn }) => arn);
}

/** A task that has STOPPED makes room for others, and lets daemons go from an instance that drains. */
export function servicesThatWaitFor(tables: ReadonlyTables, task: Task): readonly string[] {
  const { containerInstanceArn: arn, lastStatus, clusterArn } = task;
  if (arn === undefined || lastStatus !== 'STOPPED') return [];
  const drains = tables.containerInstances.findByArn(arn)?.status === 'DRAINING';
  return [
    ...(drains ? arnsOf(tables.services.daemons(clusterArn)) : []),
    ...arnsOf(tables.services.placeless(clusterArn)),
  ];
}

function arnsOf(services: Iterable<AnyService>): readonly string[] {
  return Array.from(services, ({ arn }) => arn);
}
