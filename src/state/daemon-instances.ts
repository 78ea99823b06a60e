import {
  capacityProviderArn,
  lastPathElement,
  scopeOfArn,
  type ClusterArn,
  type ContainerInstanceArn,
  type DaemonArn,
} from '../domain/arn.ts';
import type { ContainerInstance } from '../domain/container-instance/container-instance.ts';
import { daemonGroup, isAwaitedOn, providersOf, type Daemon } from '../domain/daemon/daemon.ts';
import type { CountedDaemon } from '../domain/daemon/daemon-counts.ts';
import type { ReadonlyTables } from './tables.ts';

/** A daemon with all that it has, and where it is to have something. */
export function observeDaemon(tables: ReadonlyTables, daemon: Daemon): CountedDaemon {
  const { containerInstances } = tables;
  const tasks = tables.tasks.unaccountedOf(daemon.clusterArn, daemonGroup(daemon.name));
  const byArn = new Map<ContainerInstanceArn, ContainerInstance>();
  for (const provider of providersOf(daemon)) {
    const name = lastPathElement(provider);
    for (const one of containerInstances.ofProvider(daemon.clusterArn, name))
      byArn.set(one.arn, one);
  }
  for (const one of containerInstances.heldBy(daemon.arn)) byArn.set(one.arn, one);
  for (const { containerInstanceArn: arn } of tasks) {
    const one = arn && containerInstances.findByArn(arn);
    if (one && one.status !== 'INACTIVE') byArn.set(one.arn, one);
  }
  const instances = [...byArn.values()].toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
  return { daemon, instances, tasks };
}

/** The daemons that a new container instance of a capacity provider is to run before anything else. */
export function daemonsAwaitedOn(
  { daemons }: ReadonlyTables,
  clusterArn: ClusterArn,
  capacityProviderName: string | undefined,
): readonly DaemonArn[] {
  if (capacityProviderName === undefined) return [];
  const provider = capacityProviderArn(scopeOfArn(clusterArn), capacityProviderName);
  return [...daemons.ofProvider(provider)]
    .filter((daemon) => daemon.clusterArn === clusterArn && isAwaitedOn(daemon, provider))
    .map(({ arn }) => arn);
}
