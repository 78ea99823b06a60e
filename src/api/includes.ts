import { invalidParameter } from '../domain/errors.ts';

/**
 * Checks an `include` list.
 * @throws EcsError InvalidParameterException that names what there is, in alphabetical order
 */
export function parseIncludes<Include extends string>(
  given: readonly string[] | undefined,
  known: readonly Include[],
): ReadonlySet<Include> {
  const included = new Set<Include>();
  for (const name of given ?? []) {
    const match = known.find((include) => include === name);
    if (match === undefined) {
      throw invalidParameter(`include should be one of [${known.toSorted().join(',')}]`);
    }
    included.add(match);
  }
  return included;
}
