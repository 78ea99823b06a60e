import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import type { Deployment } from './service.ts';
import { failedHealthChecksReason, messages } from './service-messages.ts';
import { announceOnce, withActions, withDeployment, type Draft } from './service-plan.ts';
import { belongsTo, hasChecks, isHealthy, settlingMs } from './service-tasks.ts';

/** ECS names no number; the first delay and the longest one are the [inferred] and the documented one. */
const failuresBeforeThrottle = 3;
const firstDelayMs = 10_000;
const longestDelayMs = 27 * 60_000;

/** Counts what has ended since the last look, and what has come to run. */
export function accountForEnds(draft: Draft, now: Instant): Draft {
  const ended = draft.tasks
    .filter((task) => task.desiredStatus === 'STOPPED' && !task.isAccountedFor)
    .toSorted((a, b) => (a.stoppingAt ?? 0) - (b.stoppingAt ?? 0));
  let next = noteStarts(draft, now);
  for (const task of ended) {
    next = withActions(countEnd(next, task, now), { kind: 'AccountFor', taskArn: task.arn });
  }
  return next;
}

/** A task that comes to run ends a row of failures; one that becomes healthy, that of the circuit breaker. */
function noteStarts(draft: Draft, now: Instant): Draft {
  let next = draft;
  for (const deployment of draft.service.deployments) {
    const tasks = draft.tasks.filter((task) => belongsTo(task, deployment));
    const started = latestStart(tasks);
    const healthy = latestStart(tasks.filter((task) => isHealthy(task, now)));
    const { lastStartAt = -1, lastHealthyStartAt = -1 } = deployment;
    if (started <= lastStartAt && healthy <= lastHealthyStartAt) continue;
    const { throttle: _, ...unthrottled } = deployment;
    next = withDeployment(next, {
      ...(started > lastStartAt
        ? { ...unthrottled, startFailures: 0, lastStartAt: started }
        : deployment),
      ...(healthy > lastHealthyStartAt && {
        lastHealthyStartAt: healthy,
        failedTasks: resetFailures(draft, deployment),
      }),
    });
  }
  return next;
}

function latestStart(tasks: readonly Task[]): number {
  return Math.max(-1, ...tasks.map((task) => task.startedAt ?? -1));
}

/** A deployment that has failed goes on showing what it has counted. */
function resetFailures({ service }: Draft, { failedTasks, rolloutState }: Deployment): number {
  const { resetOnHealthyTask } = service.deploymentConfiguration.circuitBreaker;
  return resetOnHealthyTask && rolloutState !== 'FAILED' ? 0 : failedTasks;
}

function countEnd(draft: Draft, task: Task, now: Instant): Draft {
  const deployment = draft.service.deployments.find((one) => belongsTo(task, one));
  if (!deployment) return draft;
  switch (endOf(task, deployment)) {
    case 'Other':
      return draft;
    case 'FailedLater':
      return withDeployment(draft, withFailure(deployment));
    case 'FailedToStart': {
      const stage1 = deployment.lastStartAt === undefined;
      const failed = withStartFailure(stage1 ? withFailure(deployment) : deployment, task, now);
      let next = withDeployment(draft, failed);
      if (task.stop?.code === 'TaskFailedToStart') {
        next = announceOnce(next, messages.unableToPlace(task.stop.reason), now);
      }
      return failed.throttle ? announceOnce(next, messages.startImpaired, now) : next;
    }
  }
}

type End = 'FailedToStart' | 'FailedLater' | 'Other';

/** What users, scale-in and Spot stop is no failure. */
function endOf(task: Task, deployment: Deployment): End {
  const { stop, startedAt } = task;
  if (stop?.reason === failedHealthChecksReason) return 'FailedLater';
  if (stop?.code !== 'TaskFailedToStart' && stop?.code !== 'EssentialContainerExited') {
    return 'Other';
  }
  if (startedAt === undefined) return 'FailedToStart';
  // ECS does not say so, but services whose tasks fall over before they are healthy trip the breaker. [inferred]
  return wasHealthy(task, startedAt, deployment) ? 'Other' : 'FailedLater';
}

/** What its health checks said goes with its containers, but its deployment remembers the latest that was healthy. */
function wasHealthy(
  task: Task,
  startedAt: Instant,
  { lastHealthyStartAt = -1 }: Deployment,
): boolean {
  if (hasChecks(task)) return startedAt <= lastHealthyStartAt;
  const { executionStoppedAt, stoppingAt = 0 } = task;
  return (executionStoppedAt ?? stoppingAt) - startedAt >= settlingMs;
}

function withFailure(deployment: Deployment): Deployment {
  if (deployment.rolloutState !== 'IN_PROGRESS') return deployment;
  return { ...deployment, failedTasks: deployment.failedTasks + 1 };
}

/** Tasks of the same round lengthen the delay once. */
function withStartFailure(deployment: Deployment, task: Task, now: Instant): Deployment {
  const failed = { ...deployment, startFailures: deployment.startFailures + 1 };
  if (failed.startFailures < failuresBeforeThrottle) return failed;
  const { rounds, until } = deployment.throttle ?? { rounds: 0, until: 0 };
  if (task.createdAt < until) return failed;
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** rounds);
  return { ...failed, throttle: { rounds: rounds + 1, until: now + delay } };
}
