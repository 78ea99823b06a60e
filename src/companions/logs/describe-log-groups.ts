import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { invalidLogParameter } from '../../domain/log/log-error.ts';
import { logGroupView } from './log-group-view.ts';
import type { LogsContext } from './logs-context.ts';
import { parseLimit } from './require-log.ts';

const mostGroups = 50;

export async function describeLogGroups(
  input: DescribeLogGroupsRequest,
  ctx: LogsContext,
): Promise<DescribeLogGroupsResponse> {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, nextToken } = input;
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidLogParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  }
  const limit = parseLimit(input.limit, mostGroups);
  const found = await ctx.logs.store.listGroups({
    scope: { accountId: ctx.scope.accountId, region: ctx.scope.region },
    ...(prefix !== undefined && { prefix }),
    ...(pattern !== undefined && { pattern }),
    ...(nextToken !== undefined && { after: nextToken }),
    limit: limit + 1,
  });
  const groups = found.slice(0, limit);
  const last = groups.at(-1);
  return {
    logGroups: groups.map((group) => logGroupView(ctx.scope, group)),
    ...(found.length > limit && last && { nextToken: last.name }),
  };
}
