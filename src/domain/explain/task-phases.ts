import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import type { Phase } from './explanation.ts';

interface Beginning {
  readonly name: string;
  readonly at: Instant | undefined;
}

/** What a task spent its time with, from its creation until it had STOPPED: without gaps, and in order. */
export function taskPhases(task: Task): readonly Phase[] {
  const end = endOf(task);
  const begun = [...preparation(task), ...end]
    .filter((one): one is Beginning & { at: Instant } => one.at !== undefined)
    // Moments of compute and of the API come from two clocks and need not be in order.
    .reduce<(Beginning & { at: Instant })[]>((ordered, one) => {
      const at = Math.max(one.at, ordered.at(-1)?.at ?? one.at);
      return [...ordered, { name: one.name, at }];
    }, []);
  const phases = begun.map(({ name, at: from }, index): Phase => {
    const until = begun[index + 1]?.at ?? endedAt(task, from);
    return { name, from, ...(until !== undefined && { until }) };
  });
  return phases.filter(({ from, until }) => from !== until);
}

/** What came to pass once the task was to end is no part of its preparation any more. */
function preparation(task: Task): readonly Beginning[] {
  const limit = Math.min(task.stoppingAt ?? Infinity, task.executionStoppedAt ?? Infinity);
  const steps: Beginning[] = [
    { name: 'waiting for its network', at: task.createdAt },
    { name: 'preparing', at: task.connectivityAt },
    { name: 'pulling images', at: task.pullStartedAt },
    { name: 'starting containers', at: task.pullStoppedAt },
    { name: 'running', at: task.startedAt },
  ];
  return steps.filter(({ at }, index) => index === 0 || (at !== undefined && at <= limit));
}

function endOf({ stoppingAt, executionStoppedAt }: Task): readonly Beginning[] {
  const endedByItself =
    executionStoppedAt !== undefined && executionStoppedAt <= (stoppingAt ?? Infinity);
  return endedByItself
    ? [{ name: 'cleaning up', at: executionStoppedAt }]
    : [
        { name: 'stopping', at: stoppingAt },
        { name: 'cleaning up', at: executionStoppedAt },
      ];
}

function endedAt({ stoppedAt }: Task, from: Instant): Instant | undefined {
  return stoppedAt === undefined ? undefined : Math.max(stoppedAt, from);
}
