import type {
  UpdateTaskProtectionRequest,
  UpdateTaskProtectionResponse,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../../domain/errors.ts';
import { parseProtection, withProtection } from '../../domain/task/task-protection.ts';
import { isLive, isProtected } from '../../domain/service/service-tasks.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Task } from '../../domain/task/task.ts';
import type { Transaction } from '../../state/state.ts';
import type { RequestContext } from '../operation.ts';
import { requireClusterRef, requireLiveCluster } from '../require.ts';
import { protectableTasks, protectionView } from './task-protection-view.ts';

const most = 10;

export function updateTaskProtection(
  input: UpdateTaskProtectionRequest,
  { state, scope, now }: RequestContext,
): UpdateTaskProtectionResponse {
  const refs = input.tasks ?? [];
  const { tasks, failures } = state.transact((tx) => {
    const cluster = requireLiveCluster(tx, scope, requireClusterRef(input.cluster));
    if (refs.length === 0) throw invalidParameter('Tasks cannot be empty.');
    // [inferred text]
    if (refs.length > most) throw invalidParameter(`taskIds can have at most ${most} items.`);
    const until = parseProtection(input, now);
    const found = protectableTasks(tx, cluster, refs);
    const changed: Task[] = [];
    for (const task of found.tasks) {
      if (until !== undefined && isBlocked(tx, task, now)) {
        found.failures.push({ arn: task.arn, reason: 'DEPLOYMENT_BLOCKED' });
        continue;
      }
      changed.push(withProtection(task, until));
      tx.tasks.put(withProtection(task, until));
    }
    return { tasks: changed, failures: found.failures };
  });

  return { protectedTasks: tasks.map((task) => protectionView(task, now)), failures };
}

/** Whether its service has more protected tasks than it wants already: one more would hold it up. */
function isBlocked(tx: Transaction, task: Task, now: Instant): boolean {
  const service = tx.services.findByGroup(task.clusterArn, task.group);
  if (!service) return false;
  const others = tx.tasks
    .unaccountedOf(task.clusterArn, task.group)
    .filter((other) => other.arn !== task.arn && isLive(other) && isProtected(other, now));
  return others.length > service.desiredCount;
}
