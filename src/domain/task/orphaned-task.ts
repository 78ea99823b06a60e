import type { Instant } from '../instant.ts';
import { applyReport } from './apply-report.ts';
import { stoppingTask } from './stop-task.ts';
import type { StopCause, Task } from './task.ts';

export const deregisteredByForce: StopCause = {
  code: 'UserInitiated',
  reason: 'Container instance deregistration forced by user',
};

/** A task whose instance was deregistered by force: ECS counts it STOPPED, whatever its containers do. */
export function orphanedTask(task: Task, now: Instant): Task {
  const stopping = stoppingTask(task, deregisteredByForce, now);
  return applyReport(stopping, { kind: 'Released', at: now });
}
