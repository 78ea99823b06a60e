import type { ECS } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import type { Compute, TaskOrder } from '../../../src/compute/compute.ts';
import type { RunningServer } from '../../../src/server.ts';
import { aRun } from '../../contract/requests.ts';

/** All lines of a container that has ended. */
export async function outputOf(
  compute: Compute,
  { task }: Pick<TaskOrder, 'task'>,
  container = 'main',
): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const lines: string[] = [];
  for await (const { text } of compute.output({ task, container, follow: false, signal })) {
    lines.push(text);
  }
  return lines;
}

/** Runs a task of the family `web` to its end; resolves with what its container `app` wrote. */
export async function runToEnd(
  ecs: ECS,
  server: RunningServer,
  compute: Compute,
): Promise<{ readonly taskArn: string; readonly output: readonly string[] }> {
  const { tasks: [{ taskArn = '' } = {}] = [] } = await ecs.runTask(aRun());
  const status = async () => {
    const { tasks: [task] = [] } = await ecs.describeTasks({ tasks: [taskArn] });
    return task?.lastStatus;
  };
  await expect.poll(status).toBe('STOPPED');
  const task = server.state.read.tasks.find(taskArn);
  if (!task) throw new Error('The task is not known any more.');
  return { taskArn, output: await outputOf(compute, { task }, 'app') };
}
