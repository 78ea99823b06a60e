import type {
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream as WireLogStream,
} from '@aws-sdk/client-cloudwatch-logs';
import { invalidLogParameter } from '../../domain/log/log-error.ts';
import { logStreamArn, parseLogGroupRef } from '../../domain/log/log-names.ts';
import type { LogStream } from '../../logs/log-store.ts';
import { groupKey, type LogsContext } from './logs-context.ts';
import { parseLimit, requireFound } from './require-log.ts';

const mostStreams = 50;

export async function describeLogStreams(
  input: DescribeLogStreamsRequest,
  ctx: LogsContext,
): Promise<DescribeLogStreamsResponse> {
  const group = parseLogGroupRef(ctx.scope, input);
  const { logStreamNamePrefix: prefix, orderBy } = input;
  if (orderBy === 'LastEventTime' && prefix !== undefined) {
    throw invalidLogParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const limit = parseLimit(input.limit, mostStreams);
  const skip = parseToken(input.nextToken);
  const outcome = await ctx.logs.store.listStreams({
    ...groupKey(ctx, group),
    ...(prefix !== undefined && { prefix }),
    order: orderBy === 'LastEventTime' ? 'last-event' : 'name',
    descending: input.descending ?? false,
    skip,
    limit: limit + 1,
  });
  const found = requireFound(outcome);
  return {
    logStreams: found.slice(0, limit).map((stream) => logStreamView(ctx, group, stream)),
    ...(found.length > limit && { nextToken: String(skip + limit) }),
  };
}

function parseToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const skip = /^\d+$/.test(token) ? Number(token) : NaN;
  if (!Number.isSafeInteger(skip)) {
    throw invalidLogParameter('The specified nextToken is invalid.');
  }
  return skip;
}

/** CloudWatch has shown no stream's size since 2019. */
function logStreamView(ctx: LogsContext, group: string, stream: LogStream): WireLogStream {
  const { name, createdAt, firstEventAt, lastEventAt, lastIngestedAt } = stream;
  return {
    logStreamName: name,
    creationTime: createdAt,
    ...(firstEventAt !== undefined && { firstEventTimestamp: firstEventAt }),
    ...(lastEventAt !== undefined && { lastEventTimestamp: lastEventAt }),
    ...(lastIngestedAt !== undefined && { lastIngestionTime: lastIngestedAt }),
    arn: logStreamArn(ctx.scope, group, name),
    storedBytes: 0,
  };
}
