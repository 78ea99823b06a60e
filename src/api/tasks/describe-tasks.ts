import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  Failure,
  Task as WireTask,
} from '@aws-sdk/client-ecs';
import type { TaskArn } from '../../domain/arn.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { parseTaskRef } from '../../domain/task/task-ref.ts';
import type { Encodable, Fragment } from '../../protocol/fragment.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { parseIncludes } from '../includes.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { taskFragment } from './task-view.ts';

const most = 100;

export function describeTasks(
  input: DescribeTasksRequest,
  { state, scope }: RequestContext,
): Encodable<DescribeTasksResponse> {
  const { read } = state;
  const cluster = requireLiveCluster(read, scope, input.cluster);
  const refs = input.tasks ?? [];
  if (refs.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (refs.length > most) throw invalidParameter(`taskIds can have at most ${most} items.`);
  const shown = { tags: parseIncludes(input.include, ['TAGS']).has('TAGS') };

  const tasks: Fragment<WireTask>[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => arnOf(ref, cluster, read)))) {
    const task = read.tasks.findByArn(arn);
    if (task) tasks.push(taskFragment(task, shown));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { tasks, failures };
}

/** Most callers name tasks by ARNs as they had them from us: nothing of those has to be taken apart. */
function arnOf(ref: string, cluster: Cluster, { tasks }: ReadonlyTables): TaskArn {
  const named = tasks.find(ref);
  return named?.clusterArn === cluster.arn ? named.arn : parseTaskRef(cluster.arn, ref);
}
