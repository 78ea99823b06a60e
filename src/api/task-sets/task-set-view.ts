import type { TaskSet as WireTaskSet } from '@aws-sdk/client-ecs';
import { present } from '../../domain/present.ts';
import type { RevisionCounts } from '../../domain/service/service-deployment.ts';
import type { ExternalService, TaskSet } from '../../domain/service/service.ts';
import { registriesView, sharedMembers, storageMembers } from '../services/revision-members.ts';

/** The API's shape of a task set (API reference, "TaskSet"). */
export function taskSetView(
  service: ExternalService,
  taskSet: TaskSet,
  { requested, running, pending }: RevisionCounts,
  shown: { readonly tags?: boolean },
): WireTaskSet {
  const { deployment, scalePercent } = taskSet;
  const { revision } = deployment;
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
    ...storageMembers(revision),
    ...present({
      platformVersion: revision.platformVersion,
      externalId: taskSet.externalId,
    }),
    loadBalancers: [],
    serviceRegistries: registriesView(revision),
    scale: { value: scalePercent, unit: 'PERCENT' },
    stabilityStatus: taskSet.stabilityStatus,
    stabilityStatusAt: new Date(taskSet.stabilityStatusAt),
    ...(shown.tags && { tags: [...taskSet.tags] }),
  };
}
