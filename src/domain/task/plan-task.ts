import type { Instant } from '../instant.ts';
import { isToStop } from './stop-task.ts';
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
  if (task.desiredStatus === 'STOPPED') {
    return isToStop(task) ? { kind: 'OrderStop' } : { kind: 'None' };
  }
  const cause = ownEnd(task) ?? (isPendingTooLong(task, now) ? pendingTooLong : undefined);
  if (cause) return { kind: 'Stop', cause };
  const giveUpAt = givenUpAt(task);
  return giveUpAt === undefined ? { kind: 'OrderStart' } : { kind: 'OrderStart', giveUpAt };
}

/** Why a task has come to its end by itself, also where it has not been told to stop yet. */
export function ownEnd({ startFailure, containers }: Task): StopCause | undefined {
  if (startFailure !== undefined) return { code: 'TaskFailedToStart', reason: startFailure };
  const stopped = containers.filter((container) => container.lastStatus === 'STOPPED');
  const isOver =
    stopped.length === containers.length || stopped.some((container) => container.essential);
  if (!isOver) return undefined;
  return { code: 'EssentialContainerExited', reason: 'Essential container in task exited' };
}

/** [inferred text: what ECS says of failures to start that it does not tell apart] */
const pendingTooLong: StopCause = { code: 'TaskFailedToStart', reason: 'Task failed to start' };

function isPendingTooLong(task: Task, now: Instant): boolean {
  const giveUpAt = givenUpAt(task);
  return giveUpAt !== undefined && now >= giveUpAt;
}

function givenUpAt(task: Task): Instant | undefined {
  return task.lastStatus === 'PENDING' ? pendingSince(task) + longestPendingMs : undefined;
}

/** Where there is no interface, a task is PENDING from its creation on, and its instance was connected before. */
function pendingSince({ connectivityAt, createdAt }: Task): Instant {
  return Math.max(createdAt, connectivityAt ?? createdAt);
}

/** Whether a task was stopped because it was PENDING for too long. */
export function wasGivenUp(task: Task): boolean {
  const { startedAt, stop, stoppingAt = 0 } = task;
  if (startedAt !== undefined || stop?.reason !== pendingTooLong.reason) return false;
  return stoppingAt - pendingSince(task) >= longestPendingMs;
}
