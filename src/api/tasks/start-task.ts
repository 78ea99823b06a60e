import type { Failure, StartTaskRequest, StartTaskResponse } from '@aws-sdk/client-ecs';
import { demandOf, lackOf } from '../../domain/container-instance/remaining-resources.ts';
import { newTask } from '../../domain/task/new-task.ts';
import {
  launchTypeOf,
  parseStartInstances,
  parseStartTask,
  startObstacle,
} from '../../domain/task/start-task-request.ts';
import type { Task } from '../../domain/task/task.ts';
import { remainingOn } from '../container-instances/container-instance-view.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { requireRunnable } from '../task-definitions/require-task-definition.ts';
import { taskView } from './task-view.ts';

/** One task on each instance that is named, where it fits. */
export function startTask(input: StartTaskRequest, ctx: RequestContext): StartTaskResponse {
  const { state, scope, now, newId, newUuid } = ctx;
  const tasks: Task[] = [];
  const failures: Failure[] = [];
  state.transact((tx) => {
    const definition = requireRunnable(tx, scope, input.taskDefinition);
    const cluster = requireLiveCluster(tx, scope, input.cluster);
    for (const arn of parseStartInstances(input, cluster)) {
      const instance = tx.containerInstances.findByArn(arn);
      const launchType = instance ? launchTypeOf(instance) : 'EC2';
      const spec = parseStartTask(input, launchType, cluster, definition);
      const obstacle = startObstacle(instance);
      if (!instance || obstacle !== undefined) {
        failures.push({ arn, reason: obstacle });
        continue;
      }
      const remaining = remainingOn(instance, tx);
      const lack = lackOf(remaining, demandOf(definition, { ...spec.size, ...spec }));
      if (lack !== undefined) {
        failures.push({ arn, reason: lack });
        continue;
      }
      const placement = { instance, freeGpuIds: remaining.gpuIds };
      const task = newTask({ cluster, definition, spec, index: 0, placement, now, newId, newUuid });
      tx.tasks.put(task);
      tasks.push(task);
    }
  });

  return { tasks: tasks.map((task) => taskView(task, { tags: true })), failures };
}
