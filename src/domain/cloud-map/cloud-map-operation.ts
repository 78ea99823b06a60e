import type { Instant } from '../instant.ts';

export const operationTypes = [
  'CREATE_NAMESPACE',
  'DELETE_NAMESPACE',
  'UPDATE_NAMESPACE',
  'UPDATE_SERVICE',
  'REGISTER_INSTANCE',
  'DEREGISTER_INSTANCE',
] as const;
export type OperationType = (typeof operationTypes)[number];

/** What an operation was about: ids. */
export interface OperationTargets {
  readonly NAMESPACE?: string;
  readonly SERVICE?: string;
  readonly INSTANCE?: string;
}

/**
 * A change that Cloud Map makes behind the answer to its request. Here each is made before the answer, so that all that
 * are recorded have succeeded.
 */
export interface CloudMapOperation {
  /** Ascends with time. */
  readonly id: string;
  /** The account and region, as `scopeKey` gives them. */
  readonly scope: string;
  readonly type: OperationType;
  readonly targets: OperationTargets;
  /** The namespace that it was in, shown where that is the target. */
  readonly namespaceId: string;
  /** Tells the request that made a namespace from others with its id. */
  readonly request?: { readonly id: string; readonly digest: string };
  readonly createdAt: Instant;
}

/** How many are remembered of an account in a region; the oldest give way. */
export const mostOperations = 10_000;
