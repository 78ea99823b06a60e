import type { LogCursor, LogQuery } from './store.ts';

/** Where an entry stands among its subject's: its time, then its number in order of appending. */
export interface LogPlace {
  readonly at: number;
  readonly number: number;
}

export const anyPast = Number.MIN_SAFE_INTEGER;
export const anyFuture = Number.MAX_SAFE_INTEGER;

export function formatCursor({ at, number }: LogPlace): LogCursor {
  return `${at}.${number}`;
}

/** Orders places oldest first. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  return a.at - b.at || a.number - b.number;
}

/**
 * The place behind which a reader begins, in the order of reading: the cursor's, or the edge of
 * the time asked for, whichever comes later. Numbers of entries begin at 1.
 * @throws RangeError where the cursor is none
 */
export function readingStart(query: LogQuery): LogPlace {
  const { order, since = anyPast, until = anyFuture } = query;
  const edge = { at: order === 'oldest-first' ? since : until, number: 0 };
  if (query.after === undefined) return edge;
  const place = parseCursor(query.after);
  const isBehindEdge =
    order === 'oldest-first' ? comparePlaces(place, edge) > 0 : comparePlaces(place, edge) < 0;
  return isBehindEdge ? place : edge;
}

/**
 * The place right before an entry: reading on behind it begins with that entry.
 * @throws RangeError where the cursor is none
 */
export function rightBefore(cursor: LogCursor): LogCursor {
  const { at, number } = parseCursor(cursor);
  return formatCursor({ at, number: number - 1 });
}

function parseCursor(cursor: LogCursor): LogPlace {
  const [, at, number] = /^(-?\d+)\.(\d+)$/.exec(cursor) ?? [];
  if (at === undefined) throw new RangeError(`not a cursor of a log: ${cursor}`);
  return { at: Number(at), number: Number(number) };
}
