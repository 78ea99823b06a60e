import type {
  DeregisterContainerInstanceRequest,
  DeregisterContainerInstanceResponse,
} from '@aws-sdk/client-ecs';
import { deregistered } from '../../domain/container-instance/instance-life.ts';
import { deregisteredByForce, orphanedTask } from '../../domain/task/orphaned-task.ts';
import { stoppingTask } from '../../domain/task/stop-task.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { containerInstanceView } from './container-instance-view.ts';
import { requireContainerInstance } from './require-container-instance.ts';

/**
 * By force, tasks on it are forgotten: they are STOPPED to ECS, while their containers may go on running. On a machine of
 * Longshore's own they are stopped in truth.
 */
export function deregisterContainerInstance(
  input: DeregisterContainerInstanceRequest,
  ctx: RequestContext,
): DeregisterContainerInstanceResponse {
  const { now } = ctx;
  const instance = ctx.state.transact((tx) => {
    const cluster = requireLiveCluster(tx, ctx.scope, input.cluster);
    const known = requireContainerInstance(tx, cluster, input.containerInstance);
    if (known.status === 'INACTIVE') return known;
    const tasks = [...tx.tasks.onInstance(known.arn)];
    const force = input.force ?? false;
    const gone = deregistered(known, { hasTasks: tasks.length > 0, force, now });
    tx.containerInstances.put(gone);
    for (const task of tasks) {
      const isOwn = known.machineId !== undefined;
      tx.tasks.put(isOwn ? stoppingTask(task, deregisteredByForce, now) : orphanedTask(task, now));
    }
    return gone;
  });

  return { containerInstance: containerInstanceView(instance, ctx.state.read, { tags: true }) };
}
