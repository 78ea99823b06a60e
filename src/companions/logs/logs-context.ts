import type { Scope } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import type { GroupKey, StreamKey } from '../../logs/log-store.ts';
import type { Logs } from '../../logs/logs.ts';

/** What a handler may use besides its input. */
export interface LogsContext {
  readonly logs: Logs;
  readonly scope: Scope;
  readonly requestId: string;
  readonly now: Instant;
}

export function groupKey({ scope }: LogsContext, group: string): GroupKey {
  const { accountId, region } = scope;
  return { scope: { accountId, region }, group };
}

export function streamKey(ctx: LogsContext, group: string, stream: string): StreamKey {
  return { ...groupKey(ctx, group), stream };
}
