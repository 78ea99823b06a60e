import { EcsError } from '../domain/errors.ts';
import type { OperationName } from './operation.ts';

const placeholders = new WeakSet<object>();

/** Stands in the table for an operation that this release does not have; it never pretends. */
export function notBuilt(operation: OperationName): () => never {
  const placeholder = (): never => {
    throw new EcsError(
      'UnsupportedFeatureException',
      `${operation} is not implemented in this release of Longshore. docs/api-coverage.md lists what is.`,
    );
  };
  placeholders.add(placeholder);
  return placeholder;
}

/** Whether an entry of the table does something. */
export function isBuilt(handler: object): boolean {
  return !placeholders.has(handler);
}
