import type { Scope } from '../../domain/arn.ts';
import {
  capacityProviderDoesNotExist,
  capacityProviderReserved,
} from '../../domain/capacity-provider/capacity-provider-errors.ts';
import { parseCapacityProviderRef } from '../../domain/capacity-provider/capacity-provider-ref.ts';
import type { CapacityProvider } from '../../domain/capacity-provider/capacity-provider.ts';
import { isBuiltInCapacityProvider } from '../../domain/capacity-provider/provider-kind.ts';
import { lastPathElement } from '../../domain/arn.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

export interface ChangeOfProvider {
  readonly scope: Scope;
  /** Name or ARN. */
  readonly ref: string;
  readonly change: 'updated' | 'deleted';
}

/**
 * The provider that an operation is to change.
 * @throws EcsError ClientException, also for the built-in ones
 */
export function requireCapacityProvider(
  tables: ReadonlyTables,
  { scope, ref, change }: ChangeOfProvider,
): CapacityProvider {
  const arn = parseCapacityProviderRef(scope, ref);
  if (isBuiltInCapacityProvider(lastPathElement(arn))) throw capacityProviderReserved(change);
  const provider = tables.capacityProviders.findByArn(arn);
  if (!provider) throw capacityProviderDoesNotExist();
  return provider;
}
