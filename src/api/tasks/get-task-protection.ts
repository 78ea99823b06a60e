import type { GetTaskProtectionRequest, GetTaskProtectionResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../../domain/errors.ts';
import type { RequestContext } from '../operation.ts';
import { requireClusterRef, requireLiveCluster } from '../require.ts';
import { protectableTasks, protectionView } from './task-protection-view.ts';

const most = 100;

export function getTaskProtection(
  input: GetTaskProtectionRequest,
  { state: { read }, scope, now }: RequestContext,
): GetTaskProtectionResponse {
  const cluster = requireLiveCluster(read, scope, requireClusterRef(input.cluster));
  const refs = input.tasks ?? [];
  if (refs.length > most) throw invalidParameter(`taskIds can have at most ${most} items.`);
  if (refs.length > 0) {
    const { tasks, failures } = protectableTasks(read, cluster, refs);
    return { protectedTasks: tasks.map((task) => protectionView(task, now)), failures };
  }
  // Without names: all tasks of the cluster that are protected.
  const query = { clusterArn: cluster.arn, desiredStatus: 'RUNNING' } as const;
  const all = [...read.tasks.list(query, undefined)];
  const protectedTasks = all
    .map((task) => protectionView(task, now))
    .filter(({ protectionEnabled }) => protectionEnabled);
  return { protectedTasks, failures: [] };
}
