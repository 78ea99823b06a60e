import type { StopCause, Task } from './task.ts';

/** What is to be done for a task now. */
export type TaskAction =
  | { readonly kind: 'None' }
  /** Tell compute, as often as one likes, that the task is to run. */
  | { readonly kind: 'OrderStart' }
  | { readonly kind: 'OrderStop' }
  /** The task has come to its end by itself: it is to be STOPPED. */
  | { readonly kind: 'Stop'; readonly cause: StopCause };

/** Decides the next move for a task from its record alone. */
export function planTask(task: Task): TaskAction {
  if (task.lastStatus === 'STOPPED') return { kind: 'None' };
  if (task.desiredStatus === 'STOPPED') return { kind: 'OrderStop' };
  if (task.startFailure !== undefined) {
    return { kind: 'Stop', cause: { code: 'TaskFailedToStart', reason: task.startFailure } };
  }
  if (hasEnded(task)) {
    const reason = 'Essential container in task exited';
    return { kind: 'Stop', cause: { code: 'EssentialContainerExited', reason } };
  }
  return { kind: 'OrderStart' };
}

/** Whether what the task was for is over: an essential container has ended, or all have. */
export function hasEnded({ containers }: Task): boolean {
  const stopped = containers.filter((container) => container.lastStatus === 'STOPPED');
  return stopped.length === containers.length || stopped.some((container) => container.essential);
}
