import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import { isAbandoned } from './early-success.ts';
import { holdFloor, type FloorHold, type FormerStart } from './hold-floor.ts';
import { awaitsImages } from './image-pins.ts';
import { chooseForScaleIn } from './scale-in-choice.ts';
import { isLeaving } from './hosts.ts';
import {
  drainingReason,
  failedHealthChecksReason,
  maintenanceReason,
  messages,
  scalingReason,
} from './service-messages.ts';
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
  isRunning,
  isServing,
  isUnhealthy,
} from './service-tasks.ts';
import { primaryOf, type Service } from './service.ts';

/** So many tasks are started in one pass; the next pass goes on. */
const startsPerPass = 50;
/** So many tasks are named in one event. */
export const tasksPerEvent = 10;

/** Between how many tasks a service moves: ECS rounds the floor up and the ceiling down. */
export interface Bounds {
  readonly floor: number;
  readonly ceiling: number;
}

export function boundsOf({ desiredCount, deploymentConfiguration }: Service): Bounds {
  const { minimumHealthyPercent, maximumPercent } = deploymentConfiguration;
  return {
    floor: Math.ceil((desiredCount * minimumHealthyPercent) / 100),
    ceiling: Math.floor((desiredCount * maximumPercent) / 100),
  };
}

/** The tasks of a service, sorted by what the scheduler does with them. */
interface Fleet {
  readonly all: readonly Task[];
  /** Of the PRIMARY deployment, without the sick ones. */
  readonly wanted: readonly Task[];
  readonly sick: readonly Task[];
  /** Of former deployments, and those that have to leave where they are. */
  readonly old: readonly Task[];
  readonly stopping: readonly Task[];
}

function fleetOf({ service, tasks, hosts }: Draft, now: Instant): Fleet {
  const primary = primaryOf(service);
  const all = tasks.filter(
    (task) => task.lastStatus !== 'STOPPED' && !isAbandoned(task, service.deployments, now),
  );
  const stays = (task: Task): boolean => belongsTo(task, primary) && !isLeaving(task, hosts);
  const mine = all.filter((task) => isLive(task) && stays(task));
  return {
    all,
    wanted: mine.filter((task) => !isUnhealthy(task, service, now)),
    sick: mine.filter((task) => isUnhealthy(task, service, now)),
    old: all.filter((task) => isLive(task) && !stays(task)),
    stopping: all.filter((task) => !isLive(task)),
  };
}

/** Decides which tasks to start and to stop. */
export function planScaling(draft: Draft, now: Instant): Draft {
  const fleet = fleetOf(draft, now);
  const hold = holdFloor(draft, fleet.all, boundsOf(draft.service), now);
  const started = startTasks(draft, fleet, hold, now);
  const stopped = stopTasks(started, fleet, hold, now);
  const isIdle = stopped.actions.every(({ kind }) => kind !== 'StartTasks' && kind !== 'StopTask');
  return isIdle && isBlocked(stopped, fleet, now)
    ? announceOnce(stopped, messages.blocked, now)
    : stopped;
}

/** How many tasks are missing, and how many there is room for. A stopping task takes room. */
function missingOf({ service }: Draft, fleet: Fleet): { need: number; room: number } {
  return {
    need: Math.max(0, service.desiredCount - fleet.wanted.length),
    room: Math.max(0, boundsOf(service).ceiling - fleet.all.length),
  };
}

/** What holds the floor comes first: the new deployment may be what is wrong. */
function startTasks(draft: Draft, fleet: Fleet, { starts }: FloorHold, now: Instant): Draft {
  const held = withActions(draft, ...starts.flatMap(startActions));
  const deployment = primaryOf(draft.service);
  // A failed deployment starts nothing more; one whose tasks do not start waits.
  if (deployment.rolloutState === 'FAILED') return held;
  if (deployment.throttle && deployment.throttle.until > now) return held;
  const { need, room } = missingOf(draft, fleet);
  const first = awaitsImages(deployment) ? 1 - fleet.wanted.length : Infinity;
  const taken = starts.reduce((total, { count }) => total + count, 0);
  const count = Math.min(need, room - taken, first);
  const replacesUnhealthy = fleet.sick.length > 0;
  return withActions(held, ...startActions({ deployment, count, replacesUnhealthy }));
}

function startActions({
  deployment,
  count: wanted,
  replacesUnhealthy,
}: FormerStart): readonly ServiceAction[] {
  const starts: ServiceAction[] = [];
  let left = Math.min(wanted, startsPerPass);
  while (left > 0) {
    const count = Math.min(left, tasksPerEvent);
    starts.push({ kind: 'StartTasks', deployment, count, replacesUnhealthy });
    left -= count;
  }
  return starts;
}

function stopTasks(draft: Draft, fleet: Fleet, hold: FloorHold, now: Instant): Draft {
  const sick = [...sickToStop(draft, fleet, now), ...hold.sickToStop];
  const scaledIn = [...oldToStop(draft, fleet, hold, now), ...surplusToStop(draft, fleet, now)];
  const stopped = withActions(
    draft,
    ...sick.map((task) => announce(messages.failedHealthChecks(task))),
    ...sick.map((task) => stop(task, failedHealthChecksReason)),
    ...scaledIn.map((task) => stop(task, stopReason(task, draft))),
    ...stopEvents([...sick, ...scaledIn]),
  );
  return heldBack(stopped, fleet, now);
}

/** Why a task that is not wanted where it is, or at all, is stopped. */
export function stopReason(task: Task, { service, hosts }: Draft): string {
  if (!belongsTo(task, primaryOf(service)) || !isLeaving(task, hosts)) return scalingReason(task);
  return task.isRetiring ? maintenanceReason : drainingReason;
}

export function stop({ arn: taskArn }: Task, reason: string): ServiceAction {
  return { kind: 'StopTask', taskArn, reason };
}

/** The events that tell of stopped tasks. */
export function stopEvents(tasks: readonly Task[]): readonly ServiceAction[] {
  const running = tasks.filter(isRunning);
  const pending = tasks.length - running.length;
  const events: ServiceAction[] = [];
  for (let from = 0; from < running.length; from += tasksPerEvent) {
    const named = running.slice(from, from + tasksPerEvent);
    events.push(announce(messages.stoppedRunning(named)));
  }
  if (pending > 0) events.push(announce(messages.stoppedPending(pending)));
  return events;
}

/** A sick task goes once it has been replaced; where there is no room for that, one at a time before. */
function sickToStop(draft: Draft, fleet: Fleet, now: Instant): readonly Task[] {
  if (fleet.sick.length === 0) return [];
  const healthy = fleet.wanted.filter((task) => isHealthy(task, now)).length;
  const replaced = Math.max(0, healthy + fleet.sick.length - draft.service.desiredCount);
  if (replaced > 0) return fleet.sick.slice(0, replaced);
  const { need, room } = missingOf(draft, fleet);
  return need > 0 && room === 0 && fleet.stopping.length === 0 ? fleet.sick.slice(0, 1) : [];
}

/** Old tasks that do not serve help nobody, unless they hold the floor; of the others, as many as it can spare. */
function oldToStop(
  draft: Draft,
  fleet: Fleet,
  { kept, sickToStop: sick }: FloorHold,
  now: Instant,
): readonly Task[] {
  const { service } = draft;
  const free = fleet.old.filter(
    (task) => !isProtected(task, now) && !kept.has(task) && !sick.includes(task),
  );
  // What was there before a deployment that has failed goes on, as far as it is still wanted.
  if (primaryOf(service).rolloutState === 'FAILED') {
    return chooseForScaleIn(free, fleet.old.length - service.desiredCount, { ...draft, now });
  }
  const serving = free.filter(isServing);
  const healthy =
    fleet.old.filter(isServing).length + fleet.wanted.filter((task) => isHealthy(task, now)).length;
  const spare = Math.max(0, healthy - boundsOf(service).floor);
  return [
    ...free.filter((task) => !isServing(task)),
    ...chooseForScaleIn(serving, Math.min(spare, serving.length), { ...draft, now }),
  ];
}

/** More than are wanted: the floor protects only what is wanted. */
function surplusToStop(draft: Draft, { wanted }: Fleet, now: Instant): readonly Task[] {
  const surplus = wanted.length - draft.service.desiredCount;
  if (surplus <= 0) return [];
  const free = wanted.filter((task) => !isProtected(task, now));
  return chooseForScaleIn(free, surplus, { ...draft, now });
}

/** Says so where protected tasks are all that is left to stop. */
function heldBack(draft: Draft, { wanted, old }: Fleet, now: Instant): Draft {
  const { desiredCount } = draft.service;
  const primary = primaryOf(draft.service);
  const kept = wanted.filter((task) => isProtected(task, now)).length;
  if (kept > desiredCount) {
    return announceOnce(draft, messages.protected(primary.id, kept), now);
  }
  const held = old.filter((task) => isProtected(task, now));
  const [first] = held;
  if (!first || held.length < old.length) return draft;
  return announceOnce(draft, messages.protected(first.startedBy ?? '', held.length), now);
}

/** Whether the configuration leaves no move, and none is under way that could change that. */
function isBlocked(draft: Draft, fleet: Fleet, now: Instant): boolean {
  const { need, room } = missingOf(draft, fleet);
  const { rolloutState } = primaryOf(draft.service);
  if (rolloutState !== 'IN_PROGRESS' || fleet.old.length === 0) return false;
  if (need === 0 || room > 0 || fleet.stopping.length > 0) return false;
  if (fleet.old.some((task) => isProtected(task, now))) return false;
  return fleet.wanted.every((task) => isHealthy(task, now)) && fleet.old.every(isServing);
}
