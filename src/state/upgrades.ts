/**
 * One step from a stored form to the next one. Steps are only ever added, each with a test that
 * reads a record as the former release wrote it.
 */
export type Upgrade = (record: unknown) => unknown;

/** By kind: the first leads from form 1 to form 2, and so on. A kind that is not here has form 1 alone. */
export const upgradesByKind: ReadonlyMap<string, readonly Upgrade[]> = new Map([
  ['namespace', [withKind]],
  ['service', [withScheduling, withSubjects, withReachOfDeployments]],
  ['service-revision', [withReach]],
  ['task', [withReachOfTask]],
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

/**
 * Of what a revision reaches there were only names and ports: agents, which alone had Service Connect, are told no more. What
 * is not known is nothing that Longshore's own proxies, which none of these has, could be told.
 */
function withReach(record: unknown): unknown {
  if (!isRecord(record) || !isRecord(record['serviceConnect'])) return record;
  return { ...record, serviceConnect: fullReach(record['serviceConnect']) };
}

function withReachOfTask(record: unknown): unknown {
  if (!isRecord(record) || !isRecord(record['serviceConnect'])) return record;
  const setting = fullReach(record['serviceConnect']['setting']);
  return { ...record, serviceConnect: { ...record['serviceConnect'], setting } };
}

function withReachOfDeployments(record: unknown): unknown {
  if (!isRecord(record)) return record;
  return { ...record, ...mapped(record, 'deployments', withReachOfDeployment) };
}

function withReachOfDeployment(deployment: unknown): unknown {
  if (!isRecord(deployment)) return deployment;
  return { ...deployment, revision: withReach(deployment['revision']) };
}

function fullReach(setting: unknown): unknown {
  if (!isRecord(setting)) return setting;
  const unknownReach = { discoveryArn: '', protocol: 'tcp' };
  const full = (one: unknown) => (isRecord(one) ? { ...unknownReach, ...one } : one);
  return { ...setting, ...mapped(setting, 'endpoints', full), ...mapped(setting, 'reaches', full) };
}

function mapped(
  record: Readonly<Record<string, unknown>>,
  member: string,
  change: (one: unknown) => unknown,
): object {
  const list = record[member];
  return Array.isArray(list) ? { [member]: list.map(change) } : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
