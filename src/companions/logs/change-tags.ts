import { violatedConstraint } from '../../domain/log/log-error.ts';
import { parseLogTags, type LogTags } from '../../domain/log/log-tags.ts';
import { groupKey, type LogsContext } from './logs-context.ts';
import { requireFound } from './require-log.ts';

/** What TagResource and TagLogGroup have in common. */
export async function addTags(ctx: LogsContext, group: string, tags: LogTags | undefined) {
  if (tags === undefined) throw violatedConstraint('tags', undefined, 'not be null');
  const change = { kind: 'tags', add: parseLogTags(tags) } as const;
  requireFound(await ctx.logs.store.changeGroup(groupKey(ctx, group), change));
  return {};
}

/** The keys come under the name that the request has for them. */
export async function removeTags(
  ctx: LogsContext,
  group: string,
  given: Readonly<Record<string, readonly string[] | undefined>>,
) {
  for (const [member, keys] of Object.entries(given)) {
    if (keys === undefined) throw violatedConstraint(member, undefined, 'not be null');
    const change = { kind: 'tags', remove: keys } as const;
    requireFound(await ctx.logs.store.changeGroup(groupKey(ctx, group), change));
  }
  return {};
}
