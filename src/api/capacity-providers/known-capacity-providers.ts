import type { Scope } from '../../domain/arn.ts';
import type { CapacityProviders } from '../../domain/capacity-provider/parse-associations.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/** The providers of an account and region, as the rules of clusters and strategies look at them. */
export function knownCapacityProviders(tables: ReadonlyTables, scope: Scope): CapacityProviders {
  return {
    find: (name) => tables.capacityProviders.findByName(scope, name),
    clustersOf: (name) => tables.clusters.associatedWith(scope, name),
  };
}
