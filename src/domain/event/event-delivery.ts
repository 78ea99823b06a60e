import type { EcsEvent } from './ecs-event.ts';

/** How far the events have been brought to a target. */
export interface EventDelivery {
  readonly target: string;
  /** All events up to this one have been taken; absent where there was none when it began. */
  readonly after?: string;
  /** Cursors of events behind it that have been taken all the same. */
  readonly ahead: readonly string[];
}

/** An event, and its place among all. */
export interface PlacedEvent {
  readonly cursor: string;
  readonly event: EcsEvent;
}

/** EventBridge takes so many in one call. */
export const eventsPerCall = 10;

/** Those of a page that the target has not taken yet. */
export function untaken(
  { after, ahead }: EventDelivery,
  page: readonly PlacedEvent[],
): readonly PlacedEvent[] {
  const taken = new Set(ahead);
  const done = page.findIndex(({ cursor }) => cursor === after) + 1;
  return page.slice(done).filter(({ cursor }) => !taken.has(cursor));
}

/**
 * The events of the next call: the first ones, but of one region, and no two of one resource. Entries of one call are
 * taken or refused each for itself, so that a later event could come to overtake an earlier one of its resource.
 * @param held resources of which an event was refused for now; the later ones wait for it
 */
export function nextCall(
  waiting: readonly PlacedEvent[],
  held: ReadonlySet<string>,
): readonly PlacedEvent[] {
  const passed = new Set(held);
  const call: PlacedEvent[] = [];
  for (const placed of waiting) {
    if (call.length === eventsPerCall) break;
    const [resource] = placed.event.resources;
    const region = call[0]?.event.region ?? placed.event.region;
    if (!passed.has(resource) && placed.event.region === region) call.push(placed);
    passed.add(resource);
  }
  return call;
}

/** The delivery after some more events of a page have been taken. */
export function withTaken(
  delivery: EventDelivery,
  page: readonly PlacedEvent[],
  taken: readonly PlacedEvent[],
): EventDelivery {
  const now = new Set(taken);
  const open = untaken(delivery, page).filter((placed) => !now.has(placed));
  const firstOpen = open[0] ? page.indexOf(open[0]) : page.length;
  const after = page[firstOpen - 1]?.cursor ?? delivery.after;
  const ahead = page.slice(firstOpen).filter((placed) => !open.includes(placed));
  return {
    target: delivery.target,
    ahead: ahead.map(({ cursor }) => cursor),
    ...(after !== undefined && { after }),
  };
}
