import type { Instant } from '../instant.ts';
import { applyReport } from './apply-report.ts';
import { stoppingTask } from './stop-task.ts';
import type { Task } from './task.ts';

/** A task whose instance was deregistered by force: ECS counts it STOPPED, whatever its containers do. */
export function orphanedTask(task: Task, now: Instant): Task {
  const reason = 'Container instance deregistration forced by user';
  const stopping = stoppingTask(task, { code: 'UserInitiated', reason }, now);
  return applyReport(stopping, { kind: 'Released', at: now });
}
