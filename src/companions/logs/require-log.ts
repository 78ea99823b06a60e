import { noSuchLogGroup, noSuchLogStream, violatedConstraint } from '../../domain/log/log-error.ts';
import type { LogGroup } from '../../logs/log-store.ts';
import { groupKey, type LogsContext } from './logs-context.ts';

/** @throws LogError ResourceNotFoundException where the store had no such log group or stream */
export function requireFound<Outcome>(
  outcome: Outcome,
): Exclude<Outcome, 'no-group' | 'no-stream'> {
  if (outcome === 'no-group') throw noSuchLogGroup();
  if (outcome === 'no-stream') throw noSuchLogStream();
  return outcome as Exclude<Outcome, 'no-group' | 'no-stream'>; // Both are ruled out above.
}

/** @throws LogError ResourceNotFoundException */
export async function requireGroup(ctx: LogsContext, name: string): Promise<LogGroup> {
  const group = await ctx.logs.store.findGroup(groupKey(ctx, name));
  if (!group) throw noSuchLogGroup();
  return group;
}

/** @throws LogError InvalidParameterException */
export function parseLimit(given: number | undefined, most: number): number {
  if (given === undefined) return most;
  if (given >= 1 && given <= most && Number.isInteger(given)) return given;
  const bound = given < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
  throw violatedConstraint('limit', String(given), `have value ${bound}`);
}
