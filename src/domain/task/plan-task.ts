import type { Instant } from '../instant.ts';
import type { StopCause, Task } from './task.ts';

/**
 * A task that is PENDING for so long does not come to run any more: what one of its containers waits for has neither come nor
 * become impossible (users report that ECS stops it after three hours).
 */
export const longestPendingMs = 3 * 60 * 60 * 1000;

/** What is to be done for a task now. */
export type TaskAction =
  | { readonly kind: 'None' }
  /** Tell compute, as often as one likes, that the task is to run. */
  | {
      readonly kind: 'OrderStart';
      /** When it is given up if it does not come to run. */
      readonly giveUpAt?: Instant;
    }
  | { readonly kind: 'OrderStop' }
  /** The task has come to its end by itself: it is to be STOPPED. */
  | { readonly kind: 'Stop'; readonly cause: StopCause };

/** Decides the next move for a task from its record and the time alone. */
export function planTask(task: Task, now: Instant): TaskAction {
  if (task.lastStatus === 'STOPPED') return { kind: 'None' };
  if (task.desiredStatus === 'STOPPED') return { kind: 'OrderStop' };
  if (task.startFailure !== undefined) {
    return { kind: 'Stop', cause: { code: 'TaskFailedToStart', reason: task.startFailure } };
  }
  const { containers } = task;
  const stopped = containers.filter((container) => container.lastStatus === 'STOPPED');
  if (stopped.length === containers.length || stopped.some((container) => container.essential)) {
    const reason = 'Essential container in task exited';
    return { kind: 'Stop', cause: { code: 'EssentialContainerExited', reason } };
  }
  const giveUpAt = givenUpAt(task);
  if (giveUpAt === undefined) return { kind: 'OrderStart' };
  return now < giveUpAt
    ? { kind: 'OrderStart', giveUpAt }
    : { kind: 'Stop', cause: pendingTooLong };
}

/** [inferred text: what ECS says of failures to start that it does not tell apart] */
const pendingTooLong: StopCause = { code: 'TaskFailedToStart', reason: 'Task failed to start' };

/** Whether a task was stopped because it was PENDING for too long. */
export function wasGivenUp({
  startedAt,
  connectivityAt,
  createdAt,
  stop,
  stoppingAt = 0,
}: Task): boolean {
  if (startedAt !== undefined || stop?.reason !== pendingTooLong.reason) return false;
  return stoppingAt - (connectivityAt ?? createdAt) >= longestPendingMs;
}

/** Where there is no interface, a task is PENDING from its creation on. */
function givenUpAt({ lastStatus, connectivityAt, createdAt }: Task): Instant | undefined {
  if (lastStatus !== 'PENDING') return undefined;
  return (connectivityAt ?? createdAt) + longestPendingMs;
}
