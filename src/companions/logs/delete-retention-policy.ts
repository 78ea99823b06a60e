import type { DeleteRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupName } from '../../domain/log/log-names.ts';
import { groupKey, type LogsContext } from './logs-context.ts';
import { requireFound } from './require-log.ts';

export async function deleteRetentionPolicy(input: DeleteRetentionPolicyRequest, ctx: LogsContext) {
  const name = parseLogGroupName(input.logGroupName);
  const change = { kind: 'retention', days: undefined } as const;
  requireFound(await ctx.logs.store.changeGroup(groupKey(ctx, name), change));
  return {};
}
