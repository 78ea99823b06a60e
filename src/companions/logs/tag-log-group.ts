import type { TagLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupName } from '../../domain/log/log-names.ts';
import { addTags } from './change-tags.ts';
import type { LogsContext } from './logs-context.ts';

export async function tagLogGroup(input: TagLogGroupRequest, ctx: LogsContext) {
  return addTags(ctx, parseLogGroupName(input.logGroupName), input.tags);
}
