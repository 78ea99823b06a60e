import type { DeleteLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupName, parseLogStreamName } from '../../domain/log/log-names.ts';
import { streamKey, type LogsContext } from './logs-context.ts';
import { requireFound } from './require-log.ts';

export async function deleteLogStream(input: DeleteLogStreamRequest, ctx: LogsContext) {
  const group = parseLogGroupName(input.logGroupName);
  const stream = parseLogStreamName(input.logStreamName);
  requireFound(await ctx.logs.store.removeStream(streamKey(ctx, group, stream)));
  return {};
}
