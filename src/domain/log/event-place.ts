import { invalidLogParameter } from './log-error.ts';

/**
 * Where an event stands among all: by its time, then by the block that it was stored in, then by its
 * number within that.
 */
export interface EventPlace {
  readonly at: number;
  readonly block: number;
  readonly index: number;
}

export function comparePlaces(a: EventPlace, b: EventPlace): number {
  return a.at - b.at || a.block - b.block || a.index - b.index;
}

const digits = { at: 16, block: 20, index: 20 };

/** 56 digits, as CloudWatch's ids have, that sort as the events do. */
export function eventIdOf({ at, block, index }: EventPlace): string {
  return (
    String(at).padStart(digits.at, '0') +
    String(block).padStart(digits.block, '0') +
    String(index).padStart(digits.index, '0')
  );
}

function placeOfEventId(id: string): EventPlace | undefined {
  if (!/^\d{56}$/.test(id)) return undefined;
  const place = {
    at: Number(id.slice(0, digits.at)),
    block: Number(id.slice(digits.at, digits.at + digits.block)),
    index: Number(id.slice(digits.at + digits.block)),
  };
  return Object.values(place).every(Number.isSafeInteger) ? place : undefined;
}

export type ReadingDirection = 'forward' | 'backward';

/** Says all that is needed to go on: nothing is kept between the pages of a listing. */
export function readingToken(direction: ReadingDirection, place: EventPlace): string {
  return `${direction.charAt(0)}/${eventIdOf(place)}/s`;
}

/** @throws LogError InvalidParameterException */
export function parseReadingToken(token: string): {
  readonly direction: ReadingDirection;
  readonly place: EventPlace;
} {
  const match = /^([fb])\/(\d{56})\/s$/.exec(token);
  const place = placeOfEventId(match?.[2] ?? '');
  if (!place) throw invalidLogParameter('The specified nextToken is invalid.');
  return { direction: match?.[1] === 'f' ? 'forward' : 'backward', place };
}
