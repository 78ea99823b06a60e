import { invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { settleStopped, withStatus } from './apply-report.ts';
import type { StopCause, Task } from './task.ts';

/** @throws EcsError InvalidParameterException */
export function parseStopReason(reason: string | undefined): string {
  if (reason === undefined || reason === '') return 'Task stopped by user';
  if (reason.length > 1024) throw invalidParameter('reason longer than 1024.');
  return reason;
}

export function taskNotFound(): Error {
  return invalidParameter('The referenced task was not found.');
}

/** A task is told to stop once; who comes later changes neither the cause nor the moment. */
export function stoppingTask(task: Task, cause: StopCause, now: Instant): Task {
  if (task.desiredStatus === 'STOPPED') return task;
  const told: Task = { ...task, desiredStatus: 'STOPPED', stop: cause, stoppingAt: now };
  // Nobody is to be sent to it any more by the time that it is stopped.
  if (task.registered) return withStatus(told, 'DEACTIVATING');
  const settled = settleStopped(told);
  // Where nothing runs any more, it is told to stop and DEPROVISIONING at once: ECS counts one change.
  return settled === told ? { ...told, version: task.version + 1 } : settled;
}

/** Whether what runs of a task may be stopped: where it can be found in a registry, it is taken out of that first. */
export function isToStop({ desiredStatus, lastStatus }: Task): boolean {
  return desiredStatus === 'STOPPED' && lastStatus !== 'DEACTIVATING';
}
