import type { CreateLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { LogError, logGroupExists, violatedConstraint } from '../../domain/log/log-error.ts';
import { parseLogGroupName } from '../../domain/log/log-names.ts';
import { changedLogTags, parseLogTags } from '../../domain/log/log-tags.ts';
import { groupKey, type LogsContext } from './logs-context.ts';

const classes: readonly string[] = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'];

export async function createLogGroup(input: CreateLogGroupRequest, ctx: LogsContext) {
  const name = parseLogGroupName(input.logGroupName);
  const tags = changedLogTags({}, { add: parseLogTags(input.tags) });
  const logGroupClass = input.logGroupClass ?? 'STANDARD';
  if (!classes.includes(logGroupClass)) {
    const constraint = `satisfy enum value set: [${classes.join(', ')}]`;
    throw violatedConstraint('logGroupClass', logGroupClass, constraint);
  }
  if (input.kmsKeyId !== undefined) throw notBuilt('kmsKeyId');
  if (input.deletionProtectionEnabled) throw notBuilt('deletionProtectionEnabled');

  const group = { ...groupKey(ctx, name), createdAt: ctx.now, logGroupClass, tags };
  if ((await ctx.logs.store.createGroup(group)) === 'exists') throw logGroupExists();
  return {};
}

function notBuilt(member: string): Error {
  return new LogError(
    'UnsupportedFeatureException',
    `${member} is not implemented in this release of Longshore. docs/logs.md lists what is.`,
  );
}
