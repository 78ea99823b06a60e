import type { ContainerInstanceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import { isLeaving } from './hosts.ts';
import { holdersOf, shortageOf } from './hold-floor.ts';
import { boundsOf } from './plan-scaling.ts';
import type { Draft } from './service-plan.ts';
import { belongsTo, isLive, isServing, isUnhealthy } from './service-tasks.ts';
import { primaryOf, type Deployment } from './service.ts';

/**
 * What former deployments of a DAEMON service do for it while a rolling deployment goes on, or has failed: what `holdFloor`
 * does for REPLICA, but in place. Where the new deployment has failed nothing else comes, and so former ones keep all that
 * they have; while it goes on, as many as the floor needs.
 */
export interface DaemonHold {
  readonly starts: readonly DaemonStart[];
  /** Former tasks on their way that the floor needs. */
  readonly kept: ReadonlySet<Task>;
  /** Former tasks that have to stop first, so that their place is free for the ones that replace them. */
  readonly sickToStop: readonly Task[];
}

export interface DaemonStart {
  readonly deployment: Deployment;
  readonly on: readonly ContainerInstanceArn[];
}

const nothing: DaemonHold = { starts: [], kept: new Set(), sickToStop: [] };

/** @param missing the container instances that have no task, not even one that is on its way out */
export function holdDaemons(
  draft: Draft,
  missing: readonly ContainerInstanceArn[],
  now: Instant,
): DaemonHold {
  const { service, tasks, hosts } = draft;
  const bounds = boundsOf(service);
  const holders = holdersOf(service, bounds);
  if (holders.length === 0) return nothing;
  const live = tasks.filter(isLive);
  const former = live.filter((task) => holders.some((one) => belongsTo(task, one)));
  const sick = former.filter((task) => isUnhealthy(task, service, now));
  if (primaryOf(service).rolloutState === 'FAILED') {
    const isStill = tasks.every((task) => isLive(task) || task.lastStatus === 'STOPPED');
    const sickToStop = isStill ? sick.slice(0, 1) : [];
    return { starts: startsOf(holders, former, missing, now), kept: new Set(), sickToStop };
  }
  const shortage = shortageOf(service, live, bounds.floor, now);
  const coming = former.filter(
    (task) => !isServing(task) && !sick.includes(task) && !isLeaving(task, hosts),
  );
  const kept = new Set(coming.slice(0, shortage));
  const places = missing.slice(0, shortage - kept.size);
  const starts = startsOf(holders, former, places, now);
  return { starts, kept, sickToStop: shortage > 0 ? sick : [] };
}

/** Each former deployment gets back what it has lost, as far as there are places. */
function startsOf(
  holders: readonly Deployment[],
  former: readonly Task[],
  places: readonly ContainerInstanceArn[],
  now: Instant,
): readonly DaemonStart[] {
  const starts: DaemonStart[] = [];
  let left = places;
  for (const deployment of holders) {
    const { desiredCount, throttle } = deployment;
    const mine = former.filter((task) => belongsTo(task, deployment));
    const on = left.slice(0, Math.max(0, desiredCount - mine.length));
    if (on.length === 0 || (throttle && throttle.until > now)) continue;
    starts.push({ deployment, on });
    left = left.slice(on.length);
  }
  return starts;
}
