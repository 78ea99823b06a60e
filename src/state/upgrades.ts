/**
 * One step from a stored form to the next one. Steps are only ever added, each with a test that
 * reads a record as the former release wrote it.
 */
export type Upgrade = (record: unknown) => unknown;

/** By kind: the first leads from form 1 to form 2, and so on. A kind that is not here has form 1 alone. */
export const upgradesByKind: ReadonlyMap<string, readonly Upgrade[]> = new Map([
  ['service', [withScheduling]],
]);

/** Services were all of the strategy REPLICA, and placed nowhere in particular. */
function withScheduling(record: unknown): unknown {
  const before = { schedulingStrategy: 'REPLICA', placementConstraints: [], placementStrategy: [] };
  return typeof record === 'object' ? { ...before, ...record } : record;
}
