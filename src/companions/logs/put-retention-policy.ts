import type { PutRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupName } from '../../domain/log/log-names.ts';
import { parseRetentionDays } from '../../domain/log/retention.ts';
import { groupKey, type LogsContext } from './logs-context.ts';
import { requireFound } from './require-log.ts';

export async function putRetentionPolicy(input: PutRetentionPolicyRequest, ctx: LogsContext) {
  const name = parseLogGroupName(input.logGroupName);
  const days = parseRetentionDays(input.retentionInDays);
  const change = { kind: 'retention', days } as const;
  requireFound(await ctx.logs.store.changeGroup(groupKey(ctx, name), change));
  return {};
}
