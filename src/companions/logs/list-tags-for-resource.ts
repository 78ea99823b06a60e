import type { ListTagsForResourceRequest } from '@aws-sdk/client-cloudwatch-logs';
import { parseLogGroupIdentifier } from '../../domain/log/log-names.ts';
import type { LogsContext } from './logs-context.ts';
import { requireGroup } from './require-log.ts';

export async function listTagsForResource(input: ListTagsForResourceRequest, ctx: LogsContext) {
  const group = parseLogGroupIdentifier(ctx.scope, input.resourceArn, 'resourceArn');
  const { tags } = await requireGroup(ctx, group);
  return { tags };
}
