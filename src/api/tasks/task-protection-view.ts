import type { Failure, ProtectedTask } from '@aws-sdk/client-ecs';
import type { TaskArn } from '../../domain/arn.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import type { Instant } from '../../domain/instant.ts';
import { takesProtection } from '../../domain/task/task-protection.ts';
import { parseTaskRef } from '../../domain/task/task-ref.ts';
import type { Task } from '../../domain/task/task.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

export function protectionView({ arn, protectedUntil = 0 }: Task, now: Instant): ProtectedTask {
  if (protectedUntil <= now) return { taskArn: arn, protectionEnabled: false };
  return { taskArn: arn, protectionEnabled: true, expirationDate: new Date(protectedUntil) };
}

/** The tasks of these names that may be protected, and why the others may not. */
export function protectableTasks(
  tables: ReadonlyTables,
  cluster: Cluster,
  refs: readonly string[],
): { readonly tasks: readonly Task[]; readonly failures: Failure[] } {
  const tasks: Task[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseTaskRef(cluster.arn, ref)))) {
    const task = tables.tasks.findByArn(arn);
    if (task && takesProtection(task)) tasks.push(task);
    else failures.push(failureOf(arn, task));
  }
  return { tasks, failures };
}

function failureOf(arn: TaskArn, task: Task | undefined): Failure {
  return { arn, reason: task ? 'TASK_NOT_VALID' : 'MISSING' };
}
