import { lastPathElement } from '../arn.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import type { Task } from '../task/task.ts';
import type { Wait } from './explanation.ts';

/** Whether nobody can tell how tasks on it are: its agent is away, or the Engine of a machine of our own. */
export function isAway({ agentConnected, status }: ContainerInstance): boolean {
  return !agentConnected && status !== 'INACTIVE';
}

/** That nothing new is known of a task, where its container instance is one of those that are away. */
export function absenceOf(
  task: Task,
  away: readonly ContainerInstance[] | undefined,
): Wait | undefined {
  const instance = away?.find(({ arn }) => arn === task.containerInstanceArn);
  if (!instance || task.lastStatus === 'STOPPED') return undefined;
  const { disconnectedAt, registeredAt } = instance;
  const text = `${absent(instance)}, and nothing new is known of it`;
  return { text, since: disconnectedAt ?? registeredAt, taskArn: task.arn };
}

/** The same for all tasks of a service at once, by instance. */
export function absencesOf(
  tasks: readonly Task[],
  away: readonly ContainerInstance[] = [],
): readonly Wait[] {
  return away.flatMap((instance): readonly Wait[] => {
    const there = tasks.filter(
      (task) => task.containerInstanceArn === instance.arn && task.lastStatus !== 'STOPPED',
    );
    if (there.length === 0) return [];
    const ofThem = there.length === 1 ? 'its task' : `its ${there.length} tasks`;
    const text = `${absent(instance)}, and nothing new is known of ${ofThem} there`;
    return [{ text, since: instance.disconnectedAt ?? instance.registeredAt }];
  });
}

function absent({ arn }: ContainerInstance): string {
  return `the agent of container instance ${lastPathElement(arn)} is not connected`;
}
