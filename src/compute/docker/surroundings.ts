import type { Instant } from '../../domain/instant.ts';

/** Time, as far as it is needed here. */
export interface Clock {
  now(): Instant;
  /** Calls back once at an instant, or soon where it has passed. */
  at(instant: Instant, callback: () => void): { cancel(): void };
}

/** A fixed message with fields, in pino's order. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Resolves after the time, or as soon as the signal aborts. */
export function delay(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = clock.at(clock.now() + milliseconds, () => {
      signal?.removeEventListener('abort', wake);
      resolve();
    });
    const wake = () => {
      timer.cancel();
      resolve();
    };
    signal?.addEventListener('abort', wake, { once: true });
  });
}
