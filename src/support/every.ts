import { setInterval } from 'node:timers/promises';

/** Yields at each end of a period, for as long as it is listened to; keeps no process alive. */
export function every(milliseconds: number): AsyncIterable<void> {
  return setInterval(milliseconds, undefined, { ref: false });
}
