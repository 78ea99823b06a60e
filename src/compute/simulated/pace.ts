/** How long what is not scripted takes, in milliseconds. */
export interface SimulatedDelays {
  readonly interface: number;
  readonly connect: number;
  readonly pull: number;
  readonly create: number;
  readonly start: number;
  /** Until the first outcome of a health check. */
  readonly health: number;
  /** From SIGTERM to the exit of a container that heeds it. */
  readonly stop: number;
  readonly release: number;
}

/** A task is RUNNING a third of a second after it was ordered. */
export const defaultDelays: SimulatedDelays = {
  interface: 50,
  connect: 50,
  pull: 100,
  create: 20,
  start: 100,
  health: 100,
  stop: 50,
  release: 50,
};

export interface Pace {
  readonly delays: SimulatedDelays;
  /** By which part each delay varies, from 0 to 1. */
  readonly jitter: number;
  readonly seed: number;
}

/**
 * How long a step of a task takes. It varies from task to task, but is always the same for one and
 * the same step: a process that takes a task over goes on in its rhythm.
 */
export function delayMs(pace: Pace, taskId: string, step: keyof SimulatedDelays): number {
  const delay = pace.delays[step];
  if (pace.jitter === 0) return delay;
  const variation = 2 * fraction(`${pace.seed} ${taskId} ${step}`) - 1;
  return Math.round(delay * (1 + pace.jitter * variation));
}

/** A text's place between 0 and 1, as good as random: 32-bit FNV-1a with a final mix. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
