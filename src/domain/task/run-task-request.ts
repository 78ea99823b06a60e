import type { RunTaskRequest } from '@aws-sdk/client-ecs';
import type { Cluster } from '../cluster/cluster.ts';
import { invalidParameter } from '../errors.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import { parseLaunch, type Launch } from './launch.ts';
import { checkPlacement } from './placement-request.ts';
import { parseTaskRequest, type TaskSpec } from './task-request.ts';

export const maximumTasksPerCall = 10;

/** A checked RunTask request. */
export interface RunTaskSpec extends TaskSpec {
  readonly launch: Launch;
}

/**
 * Checks a RunTask request against the definition and the cluster that it names.
 * @throws EcsError
 */
export function parseRunTask(
  input: RunTaskRequest,
  cluster: Cluster,
  definition: TaskDefinition,
): RunTaskSpec {
  const count = parseCount(input.count);
  const launch = parseLaunch(input, count, cluster, definition);
  checkPlacement(input, launch.launchType);
  const spec = parseTaskRequest(input, launch.launchType, cluster, definition);
  return { ...spec, launch };
}

/** [inferred text] */
function parseCount(count = 1): number {
  if (Number.isInteger(count) && count >= 1 && count <= maximumTasksPerCall) return count;
  throw invalidParameter(`Count should be between 1 and ${maximumTasksPerCall}.`);
}

/** The cluster has no container instance of the task's kind. */
export function noContainerInstances(): Error {
  return invalidParameter('No Container Instances were found in your cluster.');
}
