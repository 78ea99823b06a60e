import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import { isLeaving } from './hosts.ts';
import type { Bounds } from './plan-scaling.ts';
import type { Draft } from './service-plan.ts';
import { belongsTo, isHealthy, isLive, isServing, isUnhealthy } from './service-tasks.ts';
import { primaryOf, type Deployment, type Service } from './service.ts';

/**
 * What former deployments do for the floor while a rolling deployment goes on, or has failed: tasks of theirs that are lost or
 * sick are replaced by their own revision, whatever becomes of the new one (Developer Guide, "Deploy Amazon ECS services by
 * replacing tasks").
 */
export interface FloorHold {
  readonly starts: readonly FormerStart[];
  /** Former tasks that do not serve and yet are needed: on their way, or sick and not replaced so far. */
  readonly kept: ReadonlySet<Task>;
  /** Sick ones that have been replaced, or whose place is needed for that. */
  readonly sickToStop: readonly Task[];
}

export interface FormerStart {
  readonly deployment: Deployment;
  readonly count: number;
  readonly replacesUnhealthy: boolean;
}

const nothing: FloorHold = { starts: [], kept: new Set(), sickToStop: [] };

/** @param all the tasks that take room */
export function holdFloor(
  draft: Draft,
  all: readonly Task[],
  bounds: Bounds,
  now: Instant,
): FloorHold {
  const { service, hosts } = draft;
  const holders = holdersOf(service, bounds);
  if (holders.length === 0) return nothing;
  const { floor, ceiling } = bounds;
  const live = all.filter(isLive);
  const shortage = shortageOf(service, live, floor, now);
  const former = live.filter((task) => holders.some((one) => belongsTo(task, one)));
  const sick = former.filter((task) => isUnhealthy(task, service, now));
  const coming = former
    .filter((task) => !isServing(task) && !sick.includes(task) && !isLeaving(task, hosts))
    .slice(0, shortage);
  const room = Math.max(0, ceiling - all.length);
  const starts = startsOf(holders, former, sick, Math.min(shortage - coming.length, room), now);
  const replaced = holders.flatMap((one) => replacedBy(one, former, sick));
  const isStuck = shortage > coming.length && room === 0 && live.length === all.length;
  const sickToStop = replaced.length === 0 && isStuck ? sick.slice(0, 1) : replaced;
  const waiting = shortage > 0 ? sick.filter((task) => !sickToStop.includes(task)) : [];
  return { starts, kept: new Set([...coming, ...waiting]), sickToStop };
}

/** Whether a former deployment is to have as many tasks as it had, because the floor is not held. */
export function isNeeded(
  deployment: Deployment,
  { service, tasks }: Draft,
  bounds: Bounds,
  now: Instant,
): boolean {
  if (!holdersOf(service, bounds).includes(deployment)) return false;
  const isFailed = primaryOf(service).rolloutState === 'FAILED';
  // A DAEMON keeps what it has when nothing else is to come.
  if (service.schedulingStrategy === 'DAEMON' && isFailed) return true;
  return shortageOf(service, tasks.filter(isLive), bounds.floor, now) > 0;
}

/** Those that have been in place; one that has failed, or was overtaken before it was, starts nothing more. */
export function holdersOf(service: Service, { floor, ceiling }: Bounds): readonly Deployment[] {
  const { rolloutState } = primaryOf(service);
  if (rolloutState === 'COMPLETED') return [];
  // Where neither can move without the other, the new one has the place: else it would never come in.
  if (rolloutState === 'IN_PROGRESS' && floor >= ceiling) return [];
  return service.deployments
    .slice(1)
    .filter((one) => one.rolloutState === 'COMPLETED' && one.cleanUpUntil === undefined);
}

/** How many tasks that serve are short of the floor. */
export function shortageOf(
  service: Service,
  live: readonly Task[],
  floor: number,
  now: Instant,
): number {
  const primary = primaryOf(service);
  const relied = live.filter((task) =>
    belongsTo(task, primary) ? isHealthy(task, now) : isServing(task),
  );
  return Math.max(0, floor - relied.length);
}

function startsOf(
  holders: readonly Deployment[],
  former: readonly Task[],
  sick: readonly Task[],
  wanted: number,
  now: Instant,
): readonly FormerStart[] {
  const starts: FormerStart[] = [];
  let left = wanted;
  for (const deployment of holders) {
    const { desiredCount, throttle } = deployment;
    const mine = former.filter((task) => belongsTo(task, deployment));
    const well = mine.filter((task) => !sick.includes(task));
    const count = Math.min(left, desiredCount - well.length);
    if (count <= 0 || (throttle && throttle.until > now)) continue;
    starts.push({ deployment, count, replacesUnhealthy: well.length < mine.length });
    left -= count;
  }
  return starts;
}

/** As many of the sick ones as there are others that serve in their place. */
function replacedBy(
  deployment: Deployment,
  former: readonly Task[],
  sick: readonly Task[],
): readonly Task[] {
  const mine = sick.filter((task) => belongsTo(task, deployment));
  const serving = former.filter((task) => belongsTo(task, deployment) && isServing(task));
  return mine.slice(0, Math.max(0, serving.length + mine.length - deployment.desiredCount));
}
