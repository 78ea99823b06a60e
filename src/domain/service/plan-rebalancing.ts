import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import { isLeaving } from './hosts.ts';
import { boundsOf, stop } from './plan-scaling.ts';
import { chooseForScaleIn } from './scale-in-choice.ts';
import { messages, rebalancingReason } from './service-messages.ts';
import { announce, announceOnce, withActions, type Draft } from './service-plan.ts';
import { isHealthy, isLive, isProtected } from './service-tasks.ts';
import { primaryOf, type Service } from './service.ts';

/** A plan, and whether its tasks are being moved between zones: the count is left alone meanwhile. */
export interface Rebalancing {
  readonly draft: Draft;
  readonly isInHand: boolean;
}

/**
 * Moves the tasks of a steady service one by one to the Availability Zone that has the fewest (Developer Guide,
 * "Availability Zone rebalancing"): each is started there before another is stopped where most are.
 */
export function planRebalancing(draft: Draft, now: Instant): Rebalancing {
  const { service } = draft;
  const live = draft.tasks.filter(isLive);
  if (!isUndisturbed(draft, live, now)) return interrupted(draft);
  const zones = zoneCounts(live, draft.zones);
  if (live.length > service.desiredCount) {
    const isReady = live.every((task) => isHealthy(task, now));
    return isReady ? stopOne(draft, zones, now) : { draft, isInHand: true };
  }
  if (isEven(zones)) return service.rebalancing ? finished(draft, zones) : untouched(draft);
  return startOne(draft, zones, now);
}

function untouched(draft: Draft): Rebalancing {
  return { draft, isInHand: false };
}

/** Whether nothing else goes on with the service than this. */
function isUndisturbed(
  { service, hosts, zones }: Draft,
  live: readonly Task[],
  now: Instant,
): boolean {
  const { desiredCount, rebalancing } = service;
  if (service.availabilityZoneRebalancing !== 'ENABLED' || zones.length < 2) return false;
  if (service.deployments.length > 1 || primaryOf(service).rolloutState !== 'COMPLETED') {
    return false;
  }
  if (live.some((task) => isLeaving(task, hosts))) return false;
  // The one that has been started to take another's place need not be healthy yet.
  const ailing = live.filter((task) => !isHealthy(task, now)).length;
  if (live.length === desiredCount) return ailing === 0;
  return rebalancing !== undefined && live.length === desiredCount + 1 && ailing <= 1;
}

function interrupted(draft: Draft): Rebalancing {
  return untouched(stopBalancing(draft));
}

/** Leaves tasks where they are, and says so where they were being moved. */
export function stopBalancing(draft: Draft): Draft {
  if (!draft.service.rebalancing) return draft;
  const told = withActions(draft, announce(messages.balancingStopped));
  return { ...told, service: withoutRebalancing(draft.service) };
}

function withoutRebalancing(service: Service): Service {
  const { rebalancing: _, ...rest } = service;
  return rest;
}

function finished(draft: Draft, zones: ZoneCounts): Rebalancing {
  const told = withActions(draft, announce(messages.zonesBalanced(textOf(zones))));
  return untouched({ ...told, service: withoutRebalancing(draft.service) });
}

type ZoneCounts = ReadonlyMap<string, number>;

/** How many of the tasks are in each zone that is in question. */
function zoneCounts(tasks: readonly Task[], zones: readonly string[]): ZoneCounts {
  const counts = new Map(zones.map((zone) => [zone, 0]));
  for (const { availabilityZone: zone } of tasks) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return counts;
}

function isEven(zones: ZoneCounts): boolean {
  const counts = [...zones.values()];
  return Math.max(...counts) - Math.min(...counts) <= 1;
}

/** Whether tasks are spread over these zones as evenly as can be. */
export function isBalanced(tasks: readonly Task[], zones: readonly string[]): boolean {
  return isEven(zoneCounts(tasks.filter(isLive), zones));
}

/** The zones with the most tasks first. */
function byCount(zones: ZoneCounts): readonly (readonly [string, number])[] {
  return [...zones].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function textOf(zones: ZoneCounts): string {
  return byCount(zones)
    .map(([zone, count]) => `${count} tasks in ${zone}`)
    .join(', ');
}

function startOne(draft: Draft, zones: ZoneCounts, now: Instant): Rebalancing {
  const { service } = draft;
  const deployment = primaryOf(service);
  if (hasToWait(draft, now)) return untouched(draft);
  if (freeIn(fullestOf(zones), draft, now).length === 0) return heldBack(draft, zones, now);
  const told = service.rebalancing
    ? draft
    : withActions(draft, announce(messages.zonesBalancing(textOf(zones))));
  const zone = byCount(zones).findLast(([name]) => draft.zones.includes(name))?.[0] ?? '';
  const started = withActions(told, {
    kind: 'StartTasks',
    deployment,
    count: 1,
    replacesUnhealthy: false,
    zone,
  });
  const rebalancing = { startedAt: service.rebalancing?.startedAt ?? now };
  return { draft: { ...started, service: { ...service, rebalancing } }, isInHand: true };
}

/** Whether a zone had no place a moment ago, tasks do not start, or there is no room for one more. */
function hasToWait({ service, tasks }: Draft, now: Instant): boolean {
  const { retryAt = 0 } = service.rebalancing ?? {};
  const { until = 0 } = primaryOf(service).throttle ?? {};
  const taken = tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
  return retryAt > now || until > now || taken >= boundsOf(service).ceiling;
}

function stopOne(draft: Draft, zones: ZoneCounts, now: Instant): Rebalancing {
  const zone = fullestOf(zones);
  const [chosen] = chooseForScaleIn(freeIn(zone, draft, now), 1, { ...draft, now });
  if (!chosen) return heldBack(draft, zones, now);
  const stopped = withActions(
    draft,
    stop(chosen, rebalancingReason(chosen)),
    announce(messages.stoppedInZone([chosen], zone)),
  );
  return { draft: stopped, isInHand: true };
}

function fullestOf(zones: ZoneCounts): string {
  return byCount(zones)[0]?.[0] ?? '';
}

function freeIn(zone: string, { tasks }: Draft, now: Instant): readonly Task[] {
  return tasks.filter(
    (task) => isLive(task) && task.availabilityZone === zone && !isProtected(task, now),
  );
}

function heldBack(draft: Draft, zones: ZoneCounts, now: Instant): Rebalancing {
  const zone = fullestOf(zones);
  const kept = draft.tasks.filter((task) => isLive(task) && task.availabilityZone === zone);
  const text = messages.balancingHeldBack(primaryOf(draft.service).id, kept.length);
  return interrupted(announceOnce(draft, text, now));
}
