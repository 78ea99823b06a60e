import { invalidParameter } from '../errors.ts';
import { isBuiltInCapacityProvider, maximumProvidersPerCluster, providerName } from './strategy.ts';

/**
 * Checks the capacity providers that a cluster is to be associated with; gives their names.
 * @throws EcsError InvalidParameterException for unknown ones and for more than 20
 */
export function parseAssociations(given: readonly string[] | undefined): readonly string[] {
  const names = [...new Set((given ?? []).map(providerName))];
  if (names.length > maximumProvidersPerCluster) {
    throw invalidParameter(
      'The maximum number of capacity providers per cluster has been exceeded.',
    );
  }
  if (!names.every(isBuiltInCapacityProvider)) {
    throw invalidParameter(
      'The specified capacity provider was not found. Specify a valid capacity provider and try again.',
    );
  }
  return names;
}
