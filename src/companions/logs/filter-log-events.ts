import type {
  FilterLogEventsRequest,
  FilterLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { eventIdOf, parseReadingToken, readingToken } from '../../domain/log/event-place.ts';
import { compileFilterPattern } from '../../domain/log/filter-pattern.ts';
import { invalidLogParameter } from '../../domain/log/log-error.ts';
import { parseLogGroupRef, parseLogStreamName } from '../../domain/log/log-names.ts';
import type { EventQuery } from '../../logs/log-store.ts';
import { groupKey, type LogsContext } from './logs-context.ts';
import { parseLimit, requireFound } from './require-log.ts';

const mostEvents = 10_000;
const mostBytes = 1_048_576;

export async function filterLogEvents(
  input: FilterLogEventsRequest,
  ctx: LogsContext,
): Promise<FilterLogEventsResponse> {
  const query = parseQuery(input, ctx);
  const page = requireFound(await ctx.logs.store.read(query));
  return {
    events: page.events.map(({ stream, place, message, ingestedAt }) => ({
      logStreamName: stream,
      timestamp: place.at,
      message,
      ingestionTime: ingestedAt,
      eventId: eventIdOf(place),
    })),
    searchedLogStreams: [],
    ...(page.more && { nextToken: readingToken(query.direction, page.more) }),
  };
}

function parseQuery(input: FilterLogEventsRequest, ctx: LogsContext): EventQuery {
  const group = parseLogGroupRef(ctx.scope, input);
  const { filterPattern, startTime, endTime } = input;
  if (filterPattern) compileFilterPattern(filterPattern);
  const token = input.nextToken === undefined ? undefined : parseReadingToken(input.nextToken);
  const direction = input.startFromHead === false ? 'backward' : 'forward';
  return {
    ...groupKey(ctx, group),
    ...parseStreams(input),
    direction: token?.direction ?? direction,
    ...(token && { from: token.place }),
    ...(startTime !== undefined && { since: startTime }),
    // An event at the end time itself is found.
    ...(endTime !== undefined && { before: endTime + 1 }),
    ...(filterPattern && { pattern: filterPattern }),
    limit: parseLimit(input.limit, mostEvents),
    maximumBytes: mostBytes,
  };
}

function parseStreams({
  logStreamNames,
  logStreamNamePrefix,
}: FilterLogEventsRequest): Pick<EventQuery, 'streams' | 'streamPrefix'> {
  if (logStreamNames !== undefined && logStreamNamePrefix !== undefined) {
    throw invalidLogParameter(
      'Log stream names and log stream name prefix are mutually exclusive parameters.',
    );
  }
  if (logStreamNames) return { streams: logStreamNames.map((name) => parseLogStreamName(name)) };
  return logStreamNamePrefix === undefined ? {} : { streamPrefix: logStreamNamePrefix };
}
