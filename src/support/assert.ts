/**
 * Throws where an invariant is broken, which is a bug. Node's own `assert` says no more of it, and takes as long to
 * load as a server takes to open its database.
 */
export function assert(holds: unknown, invariant: string): asserts holds {
  if (!holds) throw new Error(`Broken invariant: ${invariant}`);
}
