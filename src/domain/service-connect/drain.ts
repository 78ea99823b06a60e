import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';

/** What callers have begun with a task may take this long to end, once no more is begun. */
const drainMs = 500;
/** A caller that cannot be told holds up nobody for longer. */
const longestHoldMs = 5000;
const askAgainMs = 50;

/**
 * Until when a task that is to stop is not told so yet: those who call it go elsewhere first. Undefined where it
 * may be told.
 * @param goneSince when the last of them was told; undefined while one has yet to be
 */
export function stopHeldUntil(
  task: Task,
  goneSince: Instant | undefined,
  now: Instant,
): Instant | undefined {
  if (!isCalled(task)) return undefined;
  const atLast = (task.stoppingAt ?? now) + longestHoldMs;
  const until = goneSince === undefined ? now + askAgainMs : goneSince + drainMs;
  const held = Math.min(until, atLast);
  return held > now ? held : undefined;
}

/** Whether somebody may be in the midst of calling it. */
function isCalled({ serviceConnect, startedAt, containers }: Task): boolean {
  if (!serviceConnect || serviceConnect.setting.endpoints.length === 0) return false;
  const isBroken = containers.some((one) => one.essential && one.lastStatus === 'STOPPED');
  return startedAt !== undefined && !isBroken;
}
