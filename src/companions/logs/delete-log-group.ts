import type { DeleteLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupName } from '../../domain/log/log-names.ts';
import { groupKey, type LogsContext } from './logs-context.ts';
import { requireFound } from './require-log.ts';

export async function deleteLogGroup(input: DeleteLogGroupRequest, ctx: LogsContext) {
  const name = parseLogGroupName(input.logGroupName);
  requireFound(await ctx.logs.store.removeGroup(groupKey(ctx, name)));
  return {};
}
