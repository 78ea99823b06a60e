import { capacityProviderArn, scopeOfArn } from '../domain/arn.ts';
import type { ReadonlyTables } from '../state/tables.ts';

/** The daemons to which a change of a container instance may matter. */
export function daemonsOfInstance(tables: ReadonlyTables, key: string): readonly string[] {
  const instance = tables.containerInstances.find(key);
  if (!instance) return [];
  const { clusterArn, capacityProviderName: name, heldBy = [] } = instance;
  const arns = new Set<string>(heldBy);
  if (name !== undefined) {
    const provider = capacityProviderArn(scopeOfArn(clusterArn), name);
    for (const { arn } of tables.daemons.ofProvider(provider)) arns.add(arn);
  }
  for (const { group } of tables.tasks.onInstance(instance.arn)) {
    const daemon = tables.daemons.findByGroup(clusterArn, group);
    if (daemon) arns.add(daemon.arn);
  }
  return [...arns];
}
