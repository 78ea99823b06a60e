import type { ListTagsLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupName } from '../../domain/log/log-names.ts';
import type { LogsContext } from './logs-context.ts';
import { requireGroup } from './require-log.ts';

export async function listTagsLogGroup(input: ListTagsLogGroupRequest, ctx: LogsContext) {
  const { tags } = await requireGroup(ctx, parseLogGroupName(input.logGroupName));
  return { tags };
}
