import type { ClusterArn, Scope } from '../arn.ts';
import {
  associatedElsewhere,
  cannotAssociateManagedInstances,
  capacityProviderNotActive,
  capacityProviderNotFound,
  tooManyAssociations,
} from './capacity-provider-errors.ts';
import { capacityProviderName } from './capacity-provider-ref.ts';
import { isScaled } from './capacity-provider.ts';
import { isBuiltInCapacityProvider, type FindCapacityProvider } from './provider-kind.ts';
import { maximumProvidersPerCluster } from './strategy.ts';

/** What is known of the providers of an account and region. */
export interface CapacityProviders {
  readonly find: FindCapacityProvider;
  /** The clusters that a provider is associated with; an INACTIVE cluster has let go of all. */
  readonly clustersOf: (name: string) => Iterable<string>;
}

/**
 * The names of the capacity providers that a cluster is to be associated with, each once.
 * @throws EcsError InvalidParameterException for more than 20
 */
export function parseAssociations(
  scope: Scope,
  given: readonly string[] | undefined,
): readonly string[] {
  const names = new Set((given ?? []).map((name) => capacityProviderName(scope, name)));
  checkAssociationCount(names.size);
  return [...names];
}

/** @throws EcsError InvalidParameterException */
export function checkAssociationCount(count: number): void {
  if (count > maximumProvidersPerCluster) throw tooManyAssociations();
}

/**
 * Checks that a cluster may be associated with providers: they exist and are ACTIVE, those of Managed
 * Instances are its own, and one with managed scaling is with no other cluster.
 * @throws EcsError InvalidParameterException
 */
export function checkAssociations(
  names: readonly string[],
  clusterArn: ClusterArn,
  { find, clustersOf }: CapacityProviders,
): void {
  for (const name of names) {
    if (isBuiltInCapacityProvider(name)) continue;
    const provider = find(name);
    if (!provider || provider.status === 'INACTIVE') throw capacityProviderNotFound();
    if (provider.type === 'MANAGED_INSTANCES' && provider.clusterArn !== clusterArn) {
      throw cannotAssociateManagedInstances();
    }
    if (provider.status !== 'ACTIVE') throw capacityProviderNotActive(name);
    if (provider.type === 'MANAGED_INSTANCES' || !isScaled(provider)) continue;
    if ([...clustersOf(name)].some((arn) => arn !== clusterArn)) throw associatedElsewhere(name);
  }
}
