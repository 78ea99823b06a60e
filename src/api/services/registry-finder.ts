import { scopeKey, type Scope } from '../../domain/arn.ts';
import type { FindRegistry } from '../../domain/service-discovery/service-registry.ts';
import type { Transaction } from '../../state/state.ts';

/** Finds services of Cloud Map in an account and region: those of others are no registries. */
export function registryFinder(tx: Transaction, scope: Scope): FindRegistry {
  return (registryArn) => {
    const found = tx.discoveryServices.findByArn(registryArn);
    return found?.scope === scopeKey(scope) ? found : undefined;
  };
}
