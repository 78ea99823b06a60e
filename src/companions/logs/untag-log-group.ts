import type { UntagLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupName } from '../../domain/log/log-names.ts';
import { removeTags } from './change-tags.ts';
import type { LogsContext } from './logs-context.ts';

export async function untagLogGroup(input: UntagLogGroupRequest, ctx: LogsContext) {
  return removeTags(ctx, parseLogGroupName(input.logGroupName), { tags: input.tags });
}
