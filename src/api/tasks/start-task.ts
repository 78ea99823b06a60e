import type { Failure, StartTaskRequest, StartTaskResponse } from '@aws-sdk/client-ecs';
import { checkTaskTags } from '../../domain/account-setting/long-arns.ts';
import { newTask } from '../../domain/task/new-task.ts';
import {
  launchTypeOf,
  parseStartInstances,
  parseStartTask,
} from '../../domain/task/start-task-request.ts';
import { startTaskPlacement } from '../../domain/task/task-placement.ts';
import type { Task } from '../../domain/task/task.ts';
import { callersLongArns } from '../account-settings/effective-account-setting.ts';
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
    checkTaskTags(input, callersLongArns(tx, ctx));
    for (const arn of parseStartInstances(input, cluster)) {
      const named = tx.containerInstances.findByArn(arn);
      const spec = parseStartTask(input, launchTypeOf(named), cluster, definition);
      if (named?.status === 'INACTIVE') {
        failures.push({ arn, reason: 'INACTIVE' });
        continue;
      }
      const wanted = startTaskPlacement(spec, definition);
      const place = tx.placements.findOn(cluster.arn, arn, wanted);
      if (place.kind === 'Refused') {
        failures.push(...place.failures);
        continue;
      }
      const { instance, gpuIds } = place;
      const placement = { instance, gpuIds };
      const task = newTask({
        cluster,
        definition,
        spec,
        capacityProvider: undefined,
        turn: 0,
        placement,
        now,
        newId,
        newUuid,
      });
      tx.tasks.put(task);
      tasks.push(task);
    }
  });

  return { tasks: tasks.map((task) => taskView(task, { tags: true })), failures };
}
