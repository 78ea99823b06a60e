import type { IncomingMessage, ServerResponse } from 'node:http';
import { CommitNotices } from './commit-notices.ts';
import { serviceEventLog } from './controllers/put-service.ts';
import { isArn, parseArn } from './domain/arn.ts';
import { EcsError } from './domain/errors.ts';
import { eventTypes, type EcsEvent, type EventType } from './domain/event/ecs-event.ts';
import { explain, rendered, type ExplainParts } from './explain-route.ts';
import { isoInstant } from './domain/iso-instant.ts';
import type { Caller } from './protocol/caller.ts';
import { isInReach, type AccountHandler } from './signed-routes.ts';
import { execLog } from './domain/task/execute-command.ts';
import type { LoggedEntry, LoggedEvent, LogQuery, State } from './state/state.ts';
import { LogStreams, type LogReading } from './stream-log.ts';

/** What somebody asks of the log. */
interface Question {
  readonly search: URLSearchParams;
  readonly caller: Caller | undefined;
}

/** What has happened, for people and programs to read and to follow. */
export function historyRoutes(parts: ExplainParts): readonly (readonly [string, AccountHandler])[] {
  const streams = new LogStreams(new CommitNotices(parts.state));
  const reader =
    (readingOf: (state: State, question: Question) => Promise<LogReading>): AccountHandler =>
    async (request, response, caller) => {
      const search = searchOf(request);
      if (search.get('follow') === 'true' && streams.isFull) {
        return refuse(response, 503, 'Too many followers: wait until some have gone.');
      }
      await answered(response, async () => {
        const question = { search: withLastEventId(search, request), caller };
        const reading = await readingOf(parts.state, question);
        await streams.tell(reading, request, response);
      });
    };
  return [
    ['/longshore/explain', (...exchange) => answerExplanation(parts, ...exchange)],
    ['/longshore/events', reader(eventReading)],
    ['/longshore/service-events', reader(readServiceEvents)],
    ['/longshore/exec-sessions', reader(readExecSessions)],
  ];
}

function searchOf({ url = '/' }: IncomingMessage): URLSearchParams {
  return new URL(url, 'http://longshore').searchParams;
}

/** `?task=`, `?service=` or `?deployment=`: how it is with it, and why. */
async function answerExplanation(
  parts: ExplainParts,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller | undefined,
): Promise<void> {
  await answered(response, async () => {
    const explanation = await explain(parts, searchOf(request), caller);
    // What has been seen may not be durable yet.
    await parts.state.settled();
    if (!explanation) return refuse(response, 404, notFound);
    const { type, text } = rendered(explanation, request, parts.clock);
    response.writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'x-content-type-options': 'nosniff',
    });
    response.end(text);
  });
}

const notFound =
  'There is no such thing, or it has been forgotten: give an ARN, or a name and its cluster.';

/** What cannot be read says so; everything else is a failure of the server. */
async function answered(response: ServerResponse, answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    const isRefusal = error instanceof EcsError || error instanceof RangeError;
    if (!isRefusal || response.headersSent) throw error;
    refuse(response, 400, error.message);
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

/** A browser that has lost its stream says where it was. */
function withLastEventId(search: URLSearchParams, { headers }: IncomingMessage): URLSearchParams {
  const last = headers['last-event-id'];
  if (typeof last === 'string' && !search.has('after')) search.set('after', last);
  return search;
}

/** The members of a query that all logs share. */
function rangeOf(search: URLSearchParams) {
  const limit = search.get('limit');
  if (limit !== null && !/^[1-9]\d{0,8}$/.test(limit)) {
    throw new RangeError(`limit takes a number of lines, but was ${limit}`);
  }
  return {
    follow: search.get('follow') === 'true',
    limit: limit === null ? Infinity : Number(limit),
    after: search.get('after') ?? undefined,
    since: sinceOf(search.get('since')),
  };
}

function sinceOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const since = Date.parse(text);
  if (Number.isNaN(since)) {
    throw new RangeError(`since takes a time, such as 2026-09-16T09:00:00Z, but was ${text}`);
  }
  return since;
}

async function eventReading(state: State, { search, caller }: Question): Promise<LogReading> {
  const { after, since, ...range } = rangeOf(search);
  const isWanted = eventFilter(search);
  // Who follows without saying from where hears what happens from now on.
  const isFromNow = range.follow && after === undefined && since === undefined;
  return {
    ...range,
    after: isFromNow ? await state.newestEvent() : after,
    read: async (behind, limit) => {
      const events = await state.readEvents({ after: behind, since, limit });
      return events.map(({ cursor, event }: LoggedEvent) =>
        isInReach(event.resources[0], caller) && isWanted(event)
          ? { cursor, value: { event } }
          : { cursor },
      );
    },
  };
}

/** Short names of the kinds of events. */
const typesByName: ReadonlyMap<string, EventType> = new Map([
  ...eventTypes.map((type) => [type, type] as const),
  ['task', 'ECS Task State Change'],
  ['container-instance', 'ECS Container Instance State Change'],
  ['service', 'ECS Service Action'],
  ['deployment', 'ECS Deployment State Change'],
  ['hook', 'ECS Hook State Change'],
  ['daemon', 'ECS Daemon Action'],
]);

function eventFilter(search: URLSearchParams): (event: EcsEvent) => boolean {
  const type = typeOf(search.get('type'));
  const cluster = search.get('cluster');
  const resource = search.get('resource');
  return (event) => {
    const [arn] = event.resources;
    if (type !== undefined && event['detail-type'] !== type) return false;
    if (resource !== null && arn !== resource) return false;
    return cluster === null || isOfCluster(arn, cluster);
  };
}

function typeOf(text: string | null): EventType | undefined {
  if (text === null) return undefined;
  const type = typesByName.get(text);
  if (type) return type;
  throw new RangeError(`type is one of ${[...typesByName.keys()].join(', ')}, but was ${text}`);
}

/** Resources of events are named `.../CLUSTER/...`. */
function isOfCluster(arn: string, cluster: string): boolean {
  const { scope, path } = parseArn(arn);
  if (!isArn(cluster)) return path[0] === cluster;
  const wanted = parseArn(cluster);
  const isOfScope =
    scope.accountId === wanted.scope.accountId && scope.region === wanted.scope.region;
  return isOfScope && path[0] === wanted.path[0];
}

/** The messages of one service: the newest 100 that DescribeServices shows, and all before them. */
const readServiceEvents = subjectReader({
  log: serviceEventLog,
  subject: 'service',
  valueOf: ({ at, body }) => {
    // Only the service controller writes these.
    const { id, message } = JSON.parse(body) as { id: string; message: string };
    return { id, createdAt: isoInstant(at), message };
  },
});

/** The sessions of ExecuteCommand in one task: who began them, with which command, and when they ended. */
const readExecSessions = subjectReader({
  log: execLog,
  subject: 'task',
  valueOf: ({ at, body }) => ({ at: isoInstant(at), ...JSON.parse(body) }),
});

interface SubjectLog {
  readonly log: string;
  /** The parameter that takes the ARN of what is told of. */
  readonly subject: 'service' | 'task';
  readonly valueOf: (entry: LoggedEntry) => object;
}

function subjectReader({ log, subject: parameter, valueOf }: SubjectLog) {
  return async (state: State, { search, caller }: Question): Promise<LogReading> => {
    const { after, since, ...range } = rangeOf(search);
    const subject = search.get(parameter);
    if (subject === null || !isArn(subject)) {
      throw new RangeError(`${parameter} takes the ARN of a ${parameter}`);
    }
    // What is not there has no messages, nor will it.
    if (!isInReach(subject, caller)) return { ...range, after, read: async () => [] };
    const place = { log, subject };
    const isFromNow = range.follow && after === undefined && since === undefined;
    const newest: LogQuery = { ...place, order: 'newest-first', limit: 1 };
    const [last] = isFromNow ? await state.readLog(newest) : [];
    return {
      ...range,
      after: last?.cursor ?? after,
      read: async (behind, limit) => {
        const query = { ...place, order: 'oldest-first', after: behind, since, limit } as const;
        const entries = await state.readLog(query);
        return entries.map((entry) => ({ cursor: entry.cursor, value: { event: valueOf(entry) } }));
      },
    };
  };
}
