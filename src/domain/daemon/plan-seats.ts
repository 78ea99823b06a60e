import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import type { Daemon, DaemonTrouble } from './daemon.ts';
import {
  daemonStopReasons,
  withDaemonActions,
  type DaemonAction,
  type DaemonDraft,
} from './daemon-plan.ts';
import { isInReach, isMissed, isOpen, isSick, seatsOf, type Seat } from './daemon-seats.ts';

/**
 * Decides what to do on each instance: one task of the revision that is aimed at, replaced in its place. An instance
 * drains before it is taken the daemon that it has, and only `drainPercent` of the instances are in hand at a time.
 */
export function planSeats(draft: DaemonDraft, now: Instant): DaemonDraft {
  const seats = seatsOf(draft, now);
  const { daemon } = draft;
  if (daemon.isHalted) return withDaemonActions(draft, seats.flatMap(release));
  const actions: DaemonAction[] = [];
  let slots = slotsOf(daemon, seats, now);
  for (const seat of seats) {
    const moves = movesOn(seat, daemon, slots > 0, now);
    if (moves.some(({ kind }) => kind === 'Hold')) slots -= 1;
    actions.push(...moves);
  }
  const cleared = { ...draft, daemon: withoutPastTroubles(daemon, seats) };
  return withDaemonActions(cleared, actions);
}

/** How many more instances may be taken in hand. */
function slotsOf({ drainPercent }: Daemon, seats: readonly Seat[], now: Instant): number {
  const served = seats.filter(
    (seat) => !isMissed(seat.instance, now) && (seat.wish === 'Run' || !seat.isSettled),
  );
  const batch = Math.max(1, Math.ceil((served.length * drainPercent) / 100));
  return batch - served.filter(isInHand).length;
}

/** Whether an instance has been taken what it had, or has lost it. */
function isInHand({ wish, isSettled, isHeld, current, former }: Seat): boolean {
  if (isSettled) return false;
  const left = wish === 'Run' ? former : [...current, ...former];
  return isHeld || left.length === 0;
}

function movesOn(
  seat: Seat,
  daemon: Daemon,
  mayHold: boolean,
  now: Instant,
): readonly DaemonAction[] {
  switch (seat.wish) {
    case 'Leave':
      return [];
    case 'Vacate':
      return vacate(seat, daemon, mayHold, now);
    case 'Run':
      return isInReach(seat) ? run(seat, daemon, mayHold, now) : [];
  }
}

function vacate(
  seat: Seat,
  daemon: Daemon,
  mayHold: boolean,
  now: Instant,
): readonly DaemonAction[] {
  const { instance, isHeld, current, former, isSettled } = seat;
  const live = [...current, ...former];
  if (isSettled) return release(seat);
  // What is left on an instance that is away for good must not keep it, nor the daemon from being gone.
  if (live.length === 0) return isMissed(instance, now) ? release(seat) : [];
  if (!isInReach(seat)) {
    return isMissed(instance, now) ? live.map((task) => replace(task, daemon)) : [];
  }
  if (isOpen(instance) && !isHeld) {
    return mayHold ? [{ kind: 'Hold', on: instance.arn }] : [];
  }
  return live.map((task) => replace(task, daemon));
}

function run(seat: Seat, daemon: Daemon, mayHold: boolean, now: Instant): readonly DaemonAction[] {
  const { instance, isHeld, isSettled, current, former } = seat;
  if (isSettled) return release(seat);
  const [first, ...spare] = current;
  if (first) {
    const sick = isSick(first) ? [stop(first, daemonStopReasons.unhealthy)] : [];
    return [...sick, ...[...spare, ...former].map((task) => replace(task, daemon))];
  }
  if (former.length > 0) {
    if (isHeld) return former.map((task) => replace(task, daemon));
    return mayHold ? [{ kind: 'Hold', on: instance.arn }] : [];
  }
  return start(seat, daemon, now);
}

function start(seat: Seat, daemon: Daemon, now: Instant): readonly DaemonAction[] {
  const { instance, stopping } = seat;
  const trouble = daemon.troubles[instance.arn];
  // Other tasks do without a daemon that is not critical.
  const freed = trouble && !daemon.aim.revision.critical ? release(seat) : [];
  const isDue = stopping.length === 0 && (trouble?.retryAt ?? 0) <= now;
  return isDue ? [...freed, { kind: 'StartTask', on: instance.arn }] : freed;
}

function release({ instance, isHeld }: Seat): readonly DaemonAction[] {
  return isHeld ? [{ kind: 'Release', on: instance.arn }] : [];
}

function replace(task: Task, { deploymentArn }: Daemon): DaemonAction {
  return stop(task, daemonStopReasons.replaced(deploymentArn));
}

function stop({ arn }: Task, reason: string): DaemonAction {
  return { kind: 'StopTask', taskArn: arn, reason };
}

/** What troubled an instance is past once its daemon runs, or once it is gone. */
function withoutPastTroubles(daemon: Daemon, seats: readonly Seat[]): Daemon {
  const open = new Set(
    seats.filter(({ isSettled }) => !isSettled).map((seat) => seat.instance.arn),
  );
  const entries = seats.flatMap(({ instance: { arn } }): [string, DaemonTrouble][] => {
    const trouble = daemon.troubles[arn];
    return trouble && open.has(arn) ? [[arn, trouble]] : [];
  });
  if (entries.length === Object.keys(daemon.troubles).length) return daemon;
  return { ...daemon, troubles: Object.fromEntries(entries) };
}
