import type { Instant } from '../instant.ts';
import { stoppingTask } from './stop-task.ts';
import { isStopped, type StopCode, type Task } from './task.ts';

/** What an operator can do to a task as the platform would. */
export type Interruption = 'spot-interruption' | 'task-retirement';

/** The task after it, or why it cannot be. */
export type Interrupted =
  | { readonly kind: 'Interrupted'; readonly task: Task }
  | { readonly kind: 'Refused'; readonly why: string };

/**
 * A FARGATE_SPOT task whose capacity is taken back is told to stop, as by StopTask; a task of a service whose host
 * is due for maintenance goes on until its service has replaced it.
 */
export function interruptedTask(task: Task, kind: Interruption, now: Instant): Interrupted {
  if (isStopped(task)) return { kind: 'Refused', why: 'The task has stopped.' };
  switch (kind) {
    case 'spot-interruption': {
      if (task.capacityProviderName !== 'FARGATE_SPOT') {
        return { kind: 'Refused', why: 'The task is not one of FARGATE_SPOT.' };
      }
      const reason = 'Your Spot Task was interrupted.';
      const cause = { code: 'SpotInterruption', reason } as const;
      return { kind: 'Interrupted', task: stoppingTask(task, cause, now) };
    }
    case 'task-retirement':
      if (!task.group.startsWith('service:')) {
        return { kind: 'Refused', why: 'The task is not one of a service.' };
      }
      return { kind: 'Interrupted', task: { ...task, isRetiring: true } };
  }
}

/** From its two minutes' warning on, until it has STOPPED, a Spot task shows the warning. */
export function shownStopCode({ stop, lastStatus }: Task): StopCode | undefined {
  const isWarned = stop?.code === 'SpotInterruption' && lastStatus !== 'STOPPED';
  return isWarned ? 'TerminationNotice' : stop?.code;
}
