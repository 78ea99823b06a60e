/**
 * One step from a stored form to the next one. Steps are only ever added, each with a test that
 * reads a record as the former release wrote it.
 */
export type Upgrade = (record: unknown) => unknown;

/** By kind: the first leads from form 1 to form 2, and so on. A kind that is not here has form 1 alone. */
export const upgradesByKind: ReadonlyMap<string, readonly Upgrade[]> = new Map([
  ['namespace', [withKind]],
  ['service', [withScheduling, withSubjects]],
]);

/** Services were all of the strategy REPLICA, and placed nowhere in particular. */
function withScheduling(record: unknown): unknown {
  const before = { schedulingStrategy: 'REPLICA', placementConstraints: [], placementStrategy: [] };
  return typeof record === 'object' ? { ...before, ...record } : record;
}

/** What the events of services are about was told by their words alone. Nothing else is asked of the old ones. */
function withSubjects(record: unknown): unknown {
  if (!isRecord(record) || !Array.isArray(record['events'])) return record;
  const events = record['events'].map((event: unknown) =>
    isRecord(event) ? { ...event, subject: subjectOf(String(event['message'])) } : event,
  );
  return { ...record, events };
}

function subjectOf(message: string): object {
  if (message.endsWith(') has reached a steady state.')) {
    return { kind: message.includes(', taskSet ') ? 'Message' : 'SteadyState' };
  }
  const [, reason] = /was unable to place a task[. ]([^]*)/.exec(message) ?? [];
  return reason === undefined ? { kind: 'Message' } : { kind: 'PlacementFailed', reason };
}

/** Namespaces were all made by ECS for clusters. */
function withKind(record: unknown): unknown {
  if (!isRecord(record)) return record;
  return { ...record, kind: 'HTTP', httpName: record['name'], tags: [] };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
