import type { StopTaskRequest, StopTaskResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../../domain/errors.ts';
import { parseStopReason, stoppingTask, taskNotFound } from '../../domain/task/stop-task.ts';
import { parseTaskRef } from '../../domain/task/task-ref.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { taskView } from './task-view.ts';

export function stopTask(input: StopTaskRequest, ctx: RequestContext): StopTaskResponse {
  const task = ctx.state.transact((tx) => {
    const cluster = requireLiveCluster(tx, ctx.scope, input.cluster);
    if (!input.task) throw invalidParameter('Task can not be blank.');
    const reason = parseStopReason(input.reason);
    const before = tx.tasks.findByArn(parseTaskRef(cluster.arn, input.task));
    if (!before) throw taskNotFound();
    const stopping = stoppingTask(before, { code: 'UserInitiated', reason }, ctx.now);
    tx.tasks.put(stopping);
    return stopping;
  });

  return { task: taskView(task, { tags: true }) };
}
