import { EcsError } from '../domain/errors.ts';
import type { OperationName } from './operation.ts';

/** Stands in the table for an operation that this release does not have; it never pretends. */
export function notBuilt(operation: OperationName): () => never {
  return () => {
    throw new EcsError(
      'UnsupportedFeatureException',
      `${operation} is not implemented in this release of Longshore. docs/api-coverage.md lists what is.`,
    );
  };
}
