import type { InputLogEvent, RejectedLogEventsInfo } from '@aws-sdk/client-cloudwatch-logs';
import type { Instant } from '../instant.ts';
import { invalidLogParameter, violatedConstraint } from './log-error.ts';

// PutLogEvents (CloudWatch Logs API Reference).
const maximumEvents = 10_000;
const maximumBatchBytes = 1_048_576;
const maximumEventBytes = 1_048_576;
/** What CloudWatch Logs adds to the bytes of each message. */
export const eventOverheadBytes = 26;
const hourMs = 60 * 60 * 1000;
export const dayMs = 24 * hourMs;
const longestSpanMs = dayMs;
const farthestAheadMs = 2 * hourMs;
const farthestBackMs = 14 * dayMs;

/** Events by column: they go in large numbers from thread to thread. */
export interface LogEvents {
  readonly times: readonly number[];
  readonly messages: readonly string[];
}

export interface AcceptedEvents {
  readonly events: LogEvents;
  readonly rejected: RejectedLogEventsInfo | undefined;
}

export interface Acceptance {
  readonly now: Instant;
  readonly retentionDays: number | undefined;
  readonly byteLength: (text: string) => number;
}

/**
 * Checks a batch. Events that are too old or too new are left out, and told of.
 * @throws LogError where the whole batch is refused
 */
export function acceptLogEvents(
  given: readonly InputLogEvent[] | undefined,
  { now, retentionDays, byteLength }: Acceptance,
): AcceptedEvents {
  const all = parseEvents(given, byteLength);
  const oldest = now - farthestBackMs;
  const unexpired = retentionDays === undefined ? -Infinity : now - retentionDays * dayMs;
  const newest = now + farthestAheadMs;
  // The batch is in order, so that what is refused stands at its ends.
  const expired = countBelow(all.times, unexpired);
  const tooOld = countBelow(all.times, oldest);
  const fresh = countBelow(all.times, newest + 1);
  const from = Math.max(expired, tooOld);
  const events = {
    times: all.times.slice(from, fresh),
    messages: all.messages.slice(from, fresh),
  };
  const isWhole = events.times.length === all.times.length;
  return { events, rejected: isWhole ? undefined : rejection({ all, expired, tooOld, fresh }) };
}

function rejection(counts: {
  readonly all: LogEvents;
  readonly expired: number;
  readonly tooOld: number;
  readonly fresh: number;
}): RejectedLogEventsInfo {
  const { all, expired, tooOld, fresh } = counts;
  return {
    ...(fresh < all.times.length && { tooNewLogEventStartIndex: fresh }),
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
  };
}

function parseEvents(
  given: readonly InputLogEvent[] | undefined,
  byteLength: (text: string) => number,
): LogEvents {
  if (given === undefined) throw violatedConstraint('logEvents', undefined, 'not be null');
  if (given.length === 0 || given.length > maximumEvents) throw wrongNumber(given.length);
  const times: number[] = [];
  const messages: string[] = [];
  let total = 0;
  let latest = -Infinity;
  for (const [index, { timestamp, message }] of given.entries()) {
    const at = parseTimestamp(timestamp, `logEvents.${index + 1}.member.timestamp`);
    const text = parseMessage(message, `logEvents.${index + 1}.member.message`);
    if (at < latest) throw notChronological();
    latest = at;
    const bytes = byteLength(text) + eventOverheadBytes;
    if (bytes > maximumEventBytes) throw tooLarge('Log event', bytes, maximumEventBytes);
    total += bytes;
    times.push(at);
    messages.push(text);
  }
  if (total > maximumBatchBytes) throw tooLarge('Upload', total, maximumBatchBytes);
  if (latest - (times[0] ?? latest) > longestSpanMs) throw spansTooLong();
  return { times, messages };
}

function parseTimestamp(timestamp: number | undefined, member: string): number {
  if (timestamp === undefined) throw violatedConstraint(member, undefined, 'not be null');
  if (Number.isSafeInteger(timestamp) && timestamp >= 0) return timestamp;
  const constraint = 'have value greater than or equal to 0';
  throw violatedConstraint(member, String(timestamp), constraint);
}

function parseMessage(message: string | undefined, member: string): string {
  if (message === undefined) throw violatedConstraint(member, undefined, 'not be null');
  if (message !== '') return message;
  throw violatedConstraint(member, message, 'have length greater than or equal to 1');
}

function wrongNumber(count: number): Error {
  const bound =
    count === 0 ? 'greater than or equal to 1' : `less than or equal to ${maximumEvents}`;
  return violatedConstraint('logEvents', `[${count} events]`, `have length ${bound}`);
}

/** How many of the first are below a bound; they are in order. */
function countBelow(times: readonly number[], bound: number): number {
  const index = times.findIndex((at) => at >= bound);
  return index === -1 ? times.length : index;
}

function notChronological(): Error {
  return invalidLogParameter(
    'Log events in a single PutLogEvents request must be in chronological order.',
  );
}

function spansTooLong(): Error {
  return invalidLogParameter(
    'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  );
}

function tooLarge(what: string, bytes: number, limit: number): Error {
  return invalidLogParameter(`${what} too large: ${bytes} bytes exceeds limit of ${limit}`);
}
