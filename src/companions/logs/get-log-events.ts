import type { GetLogEventsRequest, GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import {
  parseReadingToken,
  readingToken,
  type EventPlace,
  type ReadingDirection,
} from '../../domain/log/event-place.ts';
import { parseLogGroupRef, parseLogStreamName } from '../../domain/log/log-names.ts';
import { groupKey, type LogsContext } from './logs-context.ts';
import { parseLimit, requireFound } from './require-log.ts';

const mostEvents = 10_000;
const mostBytes = 1_048_576;
const beginning: EventPlace = { at: 0, block: 0, index: 0 };

export async function getLogEvents(
  input: GetLogEventsRequest,
  ctx: LogsContext,
): Promise<GetLogEventsResponse> {
  const group = parseLogGroupRef(ctx.scope, input);
  const stream = parseLogStreamName(input.logStreamName);
  const token = input.nextToken === undefined ? undefined : parseReadingToken(input.nextToken);
  const direction = token?.direction ?? (input.startFromHead ? 'forward' : 'backward');
  const page = requireFound(
    await ctx.logs.store.read({
      ...groupKey(ctx, group),
      streams: [stream],
      direction,
      ...(token && { from: token.place }),
      ...(input.startTime !== undefined && { since: input.startTime }),
      ...(input.endTime !== undefined && { before: input.endTime }),
      limit: parseLimit(input.limit, mostEvents),
      maximumBytes: mostBytes,
    }),
  );
  const events = direction === 'forward' ? page.events : page.events.toReversed();
  return {
    events: events.map(({ place, message, ingestedAt }) => ({
      timestamp: place.at,
      message,
      ingestionTime: ingestedAt,
    })),
    ...tokens(events.at(0)?.place, events.at(-1)?.place, token),
  };
}

interface Tokens {
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

/** At the end of a stream the token that was given comes back (GetLogEvents, API Reference). */
function tokens(
  first: EventPlace | undefined,
  last: EventPlace | undefined,
  given: { readonly direction: ReadingDirection; readonly place: EventPlace } | undefined,
): Tokens {
  if (first && last) {
    return {
      nextForwardToken: readingToken('forward', last),
      nextBackwardToken: readingToken('backward', first),
    };
  }
  const { direction, place } = given ?? { direction: 'forward', place: beginning };
  // Whoever turns round is to see again what the token was made of.
  const behind = { ...place, index: place.index + 1 };
  const before = { ...place, index: Math.max(place.index - 1, 0) };
  return {
    nextForwardToken: readingToken('forward', direction === 'forward' ? place : before),
    nextBackwardToken: readingToken('backward', direction === 'backward' ? place : behind),
  };
}
