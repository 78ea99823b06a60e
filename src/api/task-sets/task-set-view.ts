import type { TaskSet as WireTaskSet } from '@aws-sdk/client-ecs';
import { present } from '../../domain/present.ts';
import { countsOf } from '../../domain/service/service-tasks.ts';
import type { ExternalService, TaskSet } from '../../domain/service/service.ts';
import type { Task } from '../../domain/task/task.ts';
import { sharedMembers } from '../services/revision-members.ts';

/** The API's shape of a task set (API reference, "TaskSet"). */
export function taskSetView(
  service: ExternalService,
  taskSet: TaskSet,
  tasks: readonly Task[],
  shown: { readonly tags?: boolean },
): WireTaskSet {
  const { deployment, scalePercent } = taskSet;
  const { revision } = deployment;
  const { requested, running, pending } = countsOf(tasks, deployment);
  return {
    id: deployment.id,
    taskSetArn: taskSet.arn,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    status: taskSet.status,
    taskDefinition: revision.taskDefinitionArn,
    computedDesiredCount: requested,
    pendingCount: pending,
    runningCount: running,
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    ...sharedMembers(revision),
    ...present({
      platformVersion: revision.platformVersion,
      externalId: taskSet.externalId,
    }),
    loadBalancers: [],
    serviceRegistries: [],
    scale: { value: scalePercent, unit: 'PERCENT' },
    stabilityStatus: taskSet.stabilityStatus,
    stabilityStatusAt: new Date(taskSet.stabilityStatusAt),
    ...(shown.tags && { tags: [...taskSet.tags] }),
  };
}
