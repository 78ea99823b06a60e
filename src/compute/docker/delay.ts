import type { Clock } from '../../support/clock.ts';

/** Resolves after the time, or as soon as the signal aborts. */
export function delay(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      signal?.removeEventListener('abort', wake);
      timer.cancel();
      resolve();
    };
    const timer = clock.at(clock.now() + milliseconds, wake);
    signal?.addEventListener('abort', wake, { once: true });
  });
}
