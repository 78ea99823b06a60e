import type {
  LiveTailSessionStart,
  LiveTailSessionUpdate,
  StartLiveTailRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { compileFilterPattern } from '../../domain/log/filter-pattern.ts';
import { invalidLogParameter, violatedConstraint } from '../../domain/log/log-error.ts';
import { logGroupArn, parseLogGroupIdentifier } from '../../domain/log/log-names.ts';
import { every } from '../../support/every.ts';
import type { LiveTail, TailUpdate } from '../../logs/live-tail.ts';
import { groupKey, type LogsContext } from './logs-context.ts';
import { requireGroup } from './require-log.ts';

const mostGroups = 10;
const updateEveryMs = 1000;
/** CloudWatch ends a session after three hours. */
const longestSessionUpdates = (3 * 60 * 60 * 1000) / updateEveryMs;

export type LiveTailEvent =
  | { readonly type: 'sessionStart'; readonly value: LiveTailSessionStart }
  | { readonly type: 'sessionUpdate'; readonly value: LiveTailSessionUpdate };

/** Refuses before anything is streamed; what it returns ends with the client's interest in it. */
export async function startLiveTail(
  input: StartLiveTailRequest,
  ctx: LogsContext,
): Promise<AsyncIterable<LiveTailEvent>> {
  const groups = parseGroups(input, ctx);
  const isWanted = parseStreams(input);
  const matches = compileFilterPattern(input.logEventFilterPattern ?? '');
  await Promise.all(groups.map((group) => requireGroup(ctx, group)));
  const { scope } = groupKey(ctx, '');
  return session({ groups, input, ctx }, () =>
    ctx.logs.watch({ scope, groups: new Set(groups), isWanted, matches }),
  );
}

interface Session {
  readonly groups: readonly string[];
  readonly input: StartLiveTailRequest;
  readonly ctx: LogsContext;
}

async function* session(
  { groups, input, ctx }: Session,
  watch: () => LiveTail,
): AsyncGenerator<LiveTailEvent> {
  const tail = watch();
  try {
    yield {
      type: 'sessionStart',
      value: {
        requestId: ctx.requestId,
        sessionId: ctx.requestId,
        logGroupIdentifiers: groups.map((group) => logGroupArn(ctx.scope, group)),
        logStreamNames: input.logStreamNames ?? [],
        logStreamNamePrefixes: input.logStreamNamePrefixes ?? [],
        logEventFilterPattern: input.logEventFilterPattern ?? '',
      },
    };
    let updates = 0;
    for await (const _ of every(updateEveryMs)) {
      yield { type: 'sessionUpdate', value: updateView(ctx, tail.take()) };
      updates += 1;
      if (updates === longestSessionUpdates) return;
    }
  } finally {
    ctx.logs.unwatch(tail);
  }
}

function updateView({ scope }: LogsContext, update: TailUpdate): LiveTailSessionUpdate {
  return {
    sessionMetadata: { sampled: update.sampled },
    sessionResults: update.events.map(({ group, stream, at, ingestedAt, message }) => ({
      logStreamName: stream,
      logGroupIdentifier: `${scope.accountId}:${group}`,
      message,
      timestamp: at,
      ingestionTime: ingestedAt,
    })),
  };
}

function parseGroups(input: StartLiveTailRequest, { scope }: LogsContext): readonly string[] {
  const member = 'logGroupIdentifiers';
  const given = input.logGroupIdentifiers;
  if (given === undefined) throw violatedConstraint(member, undefined, 'not be null');
  if (given.length === 0 || given.length > mostGroups) {
    throw violatedConstraint(
      member,
      `[${given.join(', ')}]`,
      `have length between 1 and ${mostGroups}`,
    );
  }
  return given.map((identifier) => parseLogGroupIdentifier(scope, identifier, member));
}

function parseStreams(input: StartLiveTailRequest): (stream: string) => boolean {
  const { logGroupIdentifiers = [], logStreamNames, logStreamNamePrefixes } = input;
  const isNarrowed = logStreamNames !== undefined || logStreamNamePrefixes !== undefined;
  if (logStreamNames && logStreamNamePrefixes) {
    throw invalidLogParameter(
      'Log stream names and log stream name prefixes are mutually exclusive parameters.',
    );
  }
  if (isNarrowed && logGroupIdentifiers.length > 1) {
    throw invalidLogParameter(
      'Log streams can be given only where logGroupIdentifiers has a single log group.',
    );
  }
  if (logStreamNames) return (stream) => logStreamNames.includes(stream);
  if (!logStreamNamePrefixes) return () => true;
  return (stream) => logStreamNamePrefixes.some((prefix) => stream.startsWith(prefix));
}
