import type { TagResourceRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupIdentifier } from '../../domain/log/log-names.ts';
import { addTags } from './change-tags.ts';
import type { LogsContext } from './logs-context.ts';

export async function tagResource(input: TagResourceRequest, ctx: LogsContext) {
  return addTags(
    ctx,
    parseLogGroupIdentifier(ctx.scope, input.resourceArn, 'resourceArn'),
    input.tags,
  );
}
