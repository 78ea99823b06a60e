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
  const cause = ownEnd(task);
  return cause ? { kind: 'Stop', cause } : { kind: 'OrderStart' };
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
