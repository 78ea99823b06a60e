import type { ContainerInstanceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import { isAbandoned } from './early-success.ts';
import { holdDaemons, type DaemonHold, type DaemonStart } from './hold-daemons.ts';
import { hostOf, isLeaving } from './hosts.ts';
import { boundsOf, stop, stopEvents, stopReason, tasksPerEvent } from './plan-scaling.ts';
import { failedHealthChecksReason, messages } from './service-messages.ts';
import {
  announce,
  announceOnce,
  withActions,
  type Draft,
  type ServiceAction,
} from './service-plan.ts';
import {
  belongsTo,
  isHealthy,
  isLive,
  isProtected,
  isServing,
  isUnhealthy,
} from './service-tasks.ts';
import { primaryOf } from './service.ts';

/** The tasks of a DAEMON service, sorted by what the scheduler does with them. */
interface Daemons {
  /** The instances that are to have a task each. */
  readonly targets: ReadonlySet<ContainerInstanceArn>;
  /** Those of them that have none, not even one that is on its way out. */
  readonly missing: readonly ContainerInstanceArn[];
  /** On their instance, and of the PRIMARY deployment. */
  readonly wanted: readonly Task[];
  readonly sick: readonly Task[];
  /** On their instance, and of a former deployment or due to be replaced. */
  readonly old: readonly Task[];
  /** On an instance that is to have none. */
  readonly misplaced: readonly Task[];
  readonly stopping: readonly Task[];
}

/**
 * Decides which tasks of a DAEMON service to start and to stop (Developer Guide, "Daemon"): one on each
 * container instance that suits, replaced in its place, so that there is never a second one there.
 */
export function planDaemon(draft: Draft, now: Instant): Draft {
  const targets = targetsOf(draft);
  const service = { ...draft.service, desiredCount: targets.size };
  const counted = targets.size === draft.service.desiredCount ? draft : { ...draft, service };
  const daemons = daemonsOf(counted, targets, now);
  const hold = holdDaemons(counted, daemons.missing, now);
  const moved = stopTasks(startTasks(counted, daemons, hold, now), daemons, hold, now);
  const isIdle = moved.actions.every(({ kind }) => kind !== 'StartTasks' && kind !== 'StopTask');
  return isIdle && isBlocked(moved, daemons) ? announceOnce(moved, messages.blocked, now) : moved;
}

/** An instance whose agent is away keeps the task that it has, and gets none. */
function targetsOf({ suited, tasks }: Draft): ReadonlySet<ContainerInstanceArn> {
  const occupied = new Set(tasks.filter(isLive).map((task) => task.containerInstanceArn));
  const targets = suited.filter(({ arn, agentConnected }) => agentConnected || occupied.has(arn));
  return new Set(targets.map(({ arn }) => arn));
}

function daemonsOf(
  { service, tasks }: Draft,
  targets: ReadonlySet<ContainerInstanceArn>,
  now: Instant,
): Daemons {
  const primary = primaryOf(service);
  const all = tasks.filter((task) => task.lastStatus !== 'STOPPED');
  const occupied = new Set(all.map((task) => task.containerInstanceArn));
  const live = all.filter(isLive);
  const placed = live.filter((task) => isOn(task, targets));
  const stays = (task: Task): boolean => belongsTo(task, primary) && !task.isRetiring;
  const mine = placed.filter(stays);
  return {
    targets,
    missing: [...targets].filter((arn) => !occupied.has(arn)),
    wanted: mine.filter((task) => !isUnhealthy(task, service, now)),
    sick: mine.filter((task) => isUnhealthy(task, service, now)),
    old: placed.filter((task) => !stays(task) && !isAbandoned(task, service.deployments, now)),
    misplaced: live.filter((task) => !isOn(task, targets)),
    stopping: all.filter((task) => !isLive(task)),
  };
}

function isOn(
  { containerInstanceArn: arn }: Task,
  targets: ReadonlySet<ContainerInstanceArn>,
): boolean {
  return arn !== undefined && targets.has(arn);
}

/** What holds the floor comes first: the new deployment may be what is wrong. */
function startTasks(
  draft: Draft,
  { missing, sick }: Daemons,
  { starts }: DaemonHold,
  now: Instant,
): Draft {
  const held = withActions(draft, ...starts.flatMap((start) => startActions(start, false)));
  const deployment = primaryOf(draft.service);
  if (deployment.rolloutState === 'FAILED') return held;
  if (deployment.throttle && deployment.throttle.until > now) return held;
  const taken = new Set(starts.flatMap(({ on }) => on));
  const on = missing.filter((arn) => !taken.has(arn));
  return withActions(held, ...startActions({ deployment, on }, sick.length > 0));
}

function startActions(
  { deployment, on: places }: DaemonStart,
  replacesUnhealthy: boolean,
): readonly ServiceAction[] {
  const starts: ServiceAction[] = [];
  for (let from = 0; from < places.length; from += tasksPerEvent) {
    const on = places.slice(from, from + tasksPerEvent);
    starts.push({ kind: 'StartTasks', deployment, count: on.length, replacesUnhealthy, on });
  }
  return starts;
}

function stopTasks(draft: Draft, daemons: Daemons, hold: DaemonHold, now: Instant): Draft {
  const mine = daemons.stopping.length === 0 ? daemons.sick.slice(0, 1) : [];
  const sick = [...mine, ...hold.sickToStop];
  const others = [
    ...misplacedToStop(draft, daemons, now),
    ...oldToStop(draft, daemons, hold, now),
  ].filter((task) => !sick.includes(task));
  const violating = others.filter((task) => isViolating(task, draft, daemons));
  return withActions(
    draft,
    ...violating.map((task) => announce(messages.constraintViolated(task))),
    ...sick.map((task) => announce(messages.failedHealthChecks(task))),
    ...sick.map((task) => stop(task, failedHealthChecksReason)),
    ...others.map((task) => stop(task, stopReason(task, draft))),
    ...stopEvents([...sick, ...others]),
  );
}

/** Where an instance is there for tasks, only constraints and attributes keep a daemon from it. */
function isViolating(task: Task, { hosts }: Draft, { misplaced }: Daemons): boolean {
  return misplaced.includes(task) && !isLeaving(task, hosts);
}

/** On an instance that drains, a daemon is the last to stop. */
function misplacedToStop({ hosts }: Draft, { misplaced }: Daemons, now: Instant): readonly Task[] {
  return misplaced.filter(
    (task) => !isProtected(task, now) && hostOf(task, hosts)?.hasReplicas !== true,
  );
}

/** As many as the floor can spare; their places are free for new ones once they have STOPPED. */
function oldToStop(
  { service }: Draft,
  { old, wanted }: Daemons,
  { kept }: DaemonHold,
  now: Instant,
): readonly Task[] {
  if (primaryOf(service).rolloutState === 'FAILED') return [];
  const free = old.filter((task) => !isProtected(task, now) && !kept.has(task));
  const healthy =
    old.filter(isServing).length + wanted.filter((task) => isHealthy(task, now)).length;
  const spare = Math.max(0, healthy - boundsOf(service).floor);
  const serving = free.filter(isServing);
  return [...free.filter((task) => !isServing(task)), ...serving.slice(0, spare)];
}

/** Whether the floor leaves no move, and none is under way that could change that. */
function isBlocked({ service }: Draft, { old, wanted, missing, stopping }: Daemons): boolean {
  if (primaryOf(service).rolloutState !== 'IN_PROGRESS' || old.length === 0) return false;
  if (missing.length + stopping.length > 0 || !wanted.every(isServing)) return false;
  const healthy = old.filter(isServing).length + wanted.length;
  return old.every(isServing) && healthy <= boundsOf(service).floor;
}
