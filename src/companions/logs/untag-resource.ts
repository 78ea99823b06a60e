import type { UntagResourceRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupIdentifier } from '../../domain/log/log-names.ts';
import { removeTags } from './change-tags.ts';
import type { LogsContext } from './logs-context.ts';

export async function untagResource(input: UntagResourceRequest, ctx: LogsContext) {
  const group = parseLogGroupIdentifier(ctx.scope, input.resourceArn, 'resourceArn');
  return removeTags(ctx, group, { tagKeys: input.tagKeys });
}
