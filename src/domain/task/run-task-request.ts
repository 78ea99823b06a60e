import type { RunTaskRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { parseLaunch, type Launch, type LaunchPlace } from './launch.ts';
import { checkPlacement } from './placement-request.ts';
import { parseTaskRequest, type TaskSpec } from './task-request.ts';

const maximumTasksPerCall = 10;

/** A checked RunTask request. */
export interface RunTaskSpec extends TaskSpec {
  readonly launch: Launch;
}

/**
 * Checks a RunTask request against the definition and the cluster that it names.
 * @throws EcsError
 */
export function parseRunTask(input: RunTaskRequest, place: LaunchPlace): RunTaskSpec {
  const { cluster, definition } = place;
  const count = parseCount(input.count);
  const launch = parseLaunch(input, count, place);
  checkPlacement(input, launch.launchType, definition);
  return { ...parseTaskRequest(input, launch, cluster, definition), launch };
}

/** [inferred text] */
function parseCount(count = 1): number {
  if (Number.isInteger(count) && count >= 1 && count <= maximumTasksPerCall) return count;
  throw invalidParameter(`Count should be between 1 and ${maximumTasksPerCall}.`);
}

/** None of the cluster's instances is of the task's kind. */
export function noContainerInstances(): Error {
  return invalidParameter('No Container Instances were found in your cluster.');
}
