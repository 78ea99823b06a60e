import type { Instant } from '../../domain/instant.ts';
import type { ContainerState } from '../plan-containers.ts';
import type { ContainerScript, ScriptedRun } from './container-script.ts';

/** What a container of a simulated task has come to. */
export interface ContainerLife {
  readonly state: ContainerState;
  /** When something happens to it by itself; undefined where nothing will. */
  readonly until: Instant | undefined;
  readonly starts: number;
  /** How many outcomes of its health check are past, since its latest start. */
  readonly checks: number;
  /** What it exits with when its stop is over, unless it exits by itself before. */
  readonly stopExitCode: number | undefined;
  readonly reason: string | undefined;
}

export const unborn: ContainerLife = {
  state: { phase: 'absent' },
  until: undefined,
  starts: 0,
  checks: 0,
  stopExitCode: undefined,
  reason: undefined,
};

/** Exit codes of a process that ends by a signal: 128 and the signal's number. */
const sigtermExitCode = 143;
const sigkillExitCode = 137;

/** A phase that is over at a known moment. */
export function entering(
  container: ContainerLife,
  phase: 'creating' | 'starting',
  until: Instant,
): ContainerLife {
  return { ...container, state: { phase }, until };
}

export function created(container: ContainerLife): ContainerLife {
  return { ...container, state: { phase: 'created' }, until: undefined };
}

/** It never ran, and never will. */
export function abandoned(container: ContainerLife, reason: string | undefined): ContainerLife {
  return { ...container, state: { phase: 'ended' }, until: undefined, reason };
}

/** The part of a script that a running container needs, and how fast its health check is. */
export interface RunningScript {
  readonly script: ContainerScript;
  readonly healthDelayMs: number;
}

export function started(
  container: ContainerLife,
  at: Instant,
  running: RunningScript,
): ContainerLife {
  return withNextEvent(
    {
      ...container,
      state: { phase: 'running', startedAt: at, health: 'UNKNOWN' },
      starts: container.starts + 1,
      checks: 0,
    },
    running,
  );
}

/** Sets the moment of the next outcome of the health check or of the exit, whichever comes first. */
export function withNextEvent(container: ContainerLife, running: RunningScript): ContainerLife {
  const times = [exitAt(container, running.script), checkedAt(container, running)];
  const until = Math.min(...times.map((time) => time ?? Infinity));
  return { ...container, until: until === Infinity ? undefined : until };
}

/** The run that a container is in; those after the last that is scripted are like it. */
function runOf({ starts }: ContainerLife, { runs }: ContainerScript): ScriptedRun {
  return (
    runs[Math.max(0, Math.min(starts, runs.length) - 1)] ?? { exitCode: 0, outOfMemory: false }
  );
}

/** When it exits by itself. */
export function exitAt(container: ContainerLife, script: ContainerScript): Instant | undefined {
  const { exitAfterMs } = runOf(container, script);
  const startedAt = startedAtOf(container);
  return exitAfterMs === undefined || startedAt === undefined ? undefined : startedAt + exitAfterMs;
}

function checkedAt(container: ContainerLife, running: RunningScript): Instant | undefined {
  const outcome = running.script.health[container.checks];
  const startedAt = startedAtOf(container);
  if (!outcome || startedAt === undefined) return undefined;
  return startedAt + (outcome.afterMs ?? running.healthDelayMs);
}

function startedAtOf({ state }: ContainerLife): Instant | undefined {
  return 'startedAt' in state ? state.startedAt : undefined;
}

/** The health check has the next of its outcomes. */
export function checked(container: ContainerLife, running: RunningScript): ContainerLife {
  const { state, checks } = container;
  const outcome = running.script.health[checks];
  if (state.phase !== 'running' || !outcome) return container;
  return withNextEvent(
    { ...container, state: { ...state, health: outcome.status }, checks: checks + 1 },
    running,
  );
}

export interface StopSignal {
  readonly at: Instant;
  readonly timeoutMs: number;
  /** How long it takes to heed SIGTERM. */
  readonly stopDelayMs: number;
}

/** SIGTERM is sent, and SIGKILL after it when the time is over. */
export function stopping(
  container: ContainerLife,
  script: ContainerScript,
  { at, timeoutMs, stopDelayMs }: StopSignal,
): ContainerLife {
  const heeds = !script.ignoresSigterm && stopDelayMs <= timeoutMs;
  const stoppedAt = at + (heeds ? stopDelayMs : timeoutMs);
  return {
    ...container,
    state: { phase: 'stopping', startedAt: startedAtOf(container) ?? at },
    until: Math.min(stoppedAt, exitAt(container, script) ?? Infinity),
    stopExitCode: heeds ? (script.stopExitCode ?? sigtermExitCode) : sigkillExitCode,
  };
}

/** Its process ends: by itself when that is its moment, else by the signal. */
export function exited(
  container: ContainerLife,
  script: ContainerScript,
  at: Instant,
): ContainerLife {
  const startedAt = startedAtOf(container) ?? at;
  const own = (exitAt(container, script) ?? Infinity) <= at;
  const run = runOf(container, script);
  const exitCode = own ? run.exitCode : (container.stopExitCode ?? run.exitCode);
  const reason =
    own && run.outOfMemory ? 'OutOfMemoryError: Container killed due to memory usage' : undefined;
  const state: ContainerState = { phase: 'exited', startedAt, at, exitCode };
  return { ...container, state, until: undefined, reason };
}

/** The exit is final. */
export function ended(container: ContainerLife): ContainerLife {
  const { state } = container;
  if (state.phase !== 'exited') return container;
  const { startedAt, exitCode } = state;
  return { ...container, state: { phase: 'ended', startedAt, exitCode } };
}

export function restarting(container: ContainerLife, until: Instant): ContainerLife {
  const startedAt = startedAtOf(container) ?? until;
  return { ...container, state: { phase: 'restarting', startedAt }, until };
}
