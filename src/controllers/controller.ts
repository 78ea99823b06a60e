import type { Instant } from '../domain/instant.ts';
import type { RecordKey } from '../state/state.ts';

/** What a controller leaves behind: nothing to do until a notice comes, or until a moment. */
export type Next =
  | { readonly kind: 'Settled' }
  | { readonly kind: 'LookAgain'; readonly at: Instant };

export const settled: Next = { kind: 'Settled' };

export function lookAgain(at: Instant): Next {
  return { kind: 'LookAgain', at };
}

/**
 * Keeps something as it is wanted. Told only a key, it reads the whole truth, plans and acts, so
 * that lost, repeated or merged notices cost nothing but time. What it throws is tried again.
 */
export interface Controller {
  readonly name: string;

  /** The keys that a changed record makes worth a look. */
  keysOf(changed: RecordKey): readonly string[];

  /** All keys that may need a look, for the pass over everything. */
  allKeys(): Iterable<string>;

  reconcile(key: string): Next | Promise<Next>;
}
