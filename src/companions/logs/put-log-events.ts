import type { PutLogEventsRequest, PutLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import { acceptLogEvents } from '../../domain/log/log-events.ts';
import { parseLogGroupName, parseLogStreamName } from '../../domain/log/log-names.ts';
import { streamKey, type LogsContext } from './logs-context.ts';
import { requireFound, requireGroup } from './require-log.ts';

/** Nobody checks sequence tokens any more, but old clients hand back what they were given. */
const sequenceToken = '0'.repeat(56);

export async function putLogEvents(
  input: PutLogEventsRequest,
  ctx: LogsContext,
): Promise<PutLogEventsResponse> {
  const group = parseLogGroupName(input.logGroupName);
  const stream = parseLogStreamName(input.logStreamName);
  const { retentionDays } = await requireGroup(ctx, group);
  const { events, rejected } = acceptLogEvents(input.logEvents, {
    now: ctx.now,
    retentionDays,
    byteLength: (text) => Buffer.byteLength(text),
  });
  const batch = { ...streamKey(ctx, group, stream), events, ingestedAt: ctx.now };
  requireFound(await ctx.logs.append(batch));
  return {
    nextSequenceToken: sequenceToken,
    ...(rejected && { rejectedLogEventsInfo: rejected }),
  };
}
