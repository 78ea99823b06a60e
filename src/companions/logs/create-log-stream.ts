import type { CreateLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import { logStreamExists } from '../../domain/log/log-error.ts';
import { parseLogGroupName, parseLogStreamName } from '../../domain/log/log-names.ts';
import { streamKey, type LogsContext } from './logs-context.ts';
import { requireFound } from './require-log.ts';

export async function createLogStream(input: CreateLogStreamRequest, ctx: LogsContext) {
  const group = parseLogGroupName(input.logGroupName);
  const stream = parseLogStreamName(input.logStreamName);
  const outcome = await ctx.logs.store.createStream(streamKey(ctx, group, stream), ctx.now);
  if (requireFound(outcome) === 'exists') throw logStreamExists();
  return {};
}
