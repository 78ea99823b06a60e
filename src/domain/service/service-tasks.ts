import type { Instant } from '../instant.ts';
import { ownEnd } from '../task/plan-task.ts';
import { taskHealth, type Task } from '../task/task.ts';
import { hostOf, type Hosts } from './hosts.ts';
import type { RevisionCounts } from './service-deployment.ts';
import type { Deployment, Service } from './service.ts';

/**
 * How long a task without health checks must have been RUNNING to count as healthy: one that falls
 * over at once is not. [inferred from recordings: ECS was satisfied 7 s after a task's start]
 */
export const settlingMs = 5_000;

/** Counted among what a deployment has: not STOPPED, and not on its way there. */
export function isLive({ desiredStatus, lastStatus }: Task): boolean {
  return desiredStatus === 'RUNNING' && lastStatus !== 'STOPPED';
}

export function isRunning(task: Task): boolean {
  return isLive(task) && task.lastStatus === 'RUNNING';
}

/** Whether it is health checks that tell how the task is. */
export function hasChecks({ containers }: Task): boolean {
  return containers.some((container) => container.essential && container.hasHealthCheck);
}

/**
 * Serves, as far as anyone can tell: this is what the floor protects while tasks are replaced. A task whose end has
 * been reported is RUNNING until it is told to stop, and may have been for long enough to seem healthy.
 */
export function isServing(task: Task): boolean {
  if (!isRunning(task) || ownEnd(task)) return false;
  return !hasChecks(task) || taskHealth(task) === 'HEALTHY';
}

/** A task, and since when it has been heard of without a break where that is not since its start. */
export interface ObservedTask extends Task {
  readonly heardOfSince?: Instant;
}

/**
 * What happens on an instance is not heard of while its agent is away, be it that the server was: that a task which is
 * not known to have been healthy goes on there can be told only some time after the agent is back.
 */
export function observedTask(
  task: Task,
  hosts: Hosts,
  deployments: readonly Deployment[],
): ObservedTask {
  const instance = hostOf(task, hosts)?.instance;
  if (!instance || task.lastStatus !== 'RUNNING') return task;
  const { startedAt = 0 } = task;
  const deployment = deployments.find((one) => belongsTo(task, one));
  if (startedAt <= (deployment?.lastHealthyStartAt ?? -1)) return task;
  const { agentConnected, connectedAt = 0 } = instance;
  if (!agentConnected) return { ...task, heardOfSince: Infinity };
  return connectedAt > startedAt ? { ...task, heardOfSince: connectedAt } : task;
}

/** Serves, and has done so for long enough to be relied on (Developer Guide, "minimum healthy percent"). */
export function isHealthy(task: ObservedTask, now: Instant): boolean {
  return isServing(task) && (hasChecks(task) || now >= settledAt(task));
}

function settledAt({ startedAt = 0, heardOfSince = startedAt }: ObservedTask): Instant {
  return heardOfSince + settlingMs;
}

/** When a task that serves becomes healthy by the mere passing of time. */
export function becomesHealthyAt(task: ObservedTask, now: Instant): Instant | undefined {
  return isServing(task) && !isHealthy(task, now) ? settledAt(task) : undefined;
}

/** A bad verdict counts only once the grace period is over. */
export function graceEndsAt(task: Task, service: Service): Instant {
  return (task.startedAt ?? 0) + service.healthCheckGracePeriodSeconds * 1000;
}

export function isUnhealthy(task: Task, service: Service, now: Instant): boolean {
  return isRunning(task) && taskHealth(task) === 'UNHEALTHY' && now >= graceEndsAt(task, service);
}

export function isProtected({ protectedUntil }: Task, now: Instant): boolean {
  return protectedUntil !== undefined && protectedUntil > now;
}

export function belongsTo(task: Task, deployment: Pick<Deployment, 'id'>): boolean {
  return task.startedBy === deployment.id;
}

/** What a service or a deployment shows as its counts. */
export function countsOf(
  tasks: readonly Task[],
  deployment: Pick<Deployment, 'id' | 'desiredCount'>,
): RevisionCounts {
  const live = tasks.filter((task) => isLive(task) && belongsTo(task, deployment));
  const running = live.filter(isRunning).length;
  return { requested: deployment.desiredCount, running, pending: live.length - running };
}
