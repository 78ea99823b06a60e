import type { Instant } from '../instant.ts';
import { bakeMsOf } from '../service/alarms.ts';
import { becomesHealthyAt, isLive } from '../service/service-tasks.ts';
import { accountForDaemons } from './account-for-daemons.ts';
import { countsByRevision } from './daemon-counts.ts';
import {
  aimRefOf,
  daemonStatusReasons,
  daemonThreshold,
  type DaemonDeployment,
  type DaemonRollback,
} from './daemon-deployment.ts';
import {
  rolloutUnderWay,
  withDaemonRollout,
  type DaemonDraft,
  type DaemonPlan,
  type ObservedDaemon,
} from './daemon-plan.ts';
import { isInReach, isMissed, missedAt, seatsOf } from './daemon-seats.ts';
import { planSeats } from './plan-seats.ts';

/**
 * Decides the next moves of a daemon: which instances are to lose their task and to get one, and how far its deployment
 * has come. Made from records and the time alone: the same ones give the same plan.
 */
export function planDaemonDeployment(observed: ObservedDaemon, now: Instant): DaemonPlan {
  const draft = stopRollouts({ ...observed, actions: [] }, now);
  const begun = beginRollout(draft, now);
  // That it has begun is to be seen first; the commit brings the next look.
  if (begun !== draft) return { ...begun, isGone: false, lookAgainAt: undefined };
  const judged = judge(accountForDaemons(draft, now), now);
  const planned = complete(planSeats(judged, now), now);
  return { ...planned, isGone: isGone(planned, now), lookAgainAt: nextLook(planned, now) };
}

function stopRollouts(draft: DaemonDraft, now: Instant): DaemonDraft {
  return draft.rollouts.reduce((next, rollout) => {
    if (rollout.status !== 'STOP_REQUESTED') return next;
    return withDaemonRollout(
      next,
      ended(draft, { ...rollout, status: 'STOPPED', stoppedAt: now }, now),
    );
  }, draft);
}

function beginRollout(draft: DaemonDraft, now: Instant): DaemonDraft {
  const rollout = rolloutUnderWay(draft);
  if (rollout?.status !== 'PENDING') return draft;
  const threshold = daemonThreshold(draft.instances.length);
  const status = 'IN_PROGRESS';
  return withDaemonRollout(draft, {
    ...rollout,
    status,
    threshold,
    startedAt: now,
    updatedAt: now,
  });
}

/** The circuit breaker is always on; alarms are watched where they are enabled. */
function judge(draft: DaemonDraft, now: Instant): DaemonDraft {
  const rollout = rolloutUnderWay(draft);
  if (!rollout?.target) return draft;
  const { rollback, threshold, failureCount, alarmWatch } = rollout;
  if (rollback) {
    return rollback.failureCount < threshold ? draft : failRollback(draft, rollout, now);
  }
  if (failureCount >= threshold) {
    return rollBack(
      draft,
      { ...rollout, breakerTriggered: true },
      daemonStatusReasons.breaker,
      now,
    );
  }
  const isAlarmed = (alarmWatch?.triggered.length ?? 0) > 0;
  return isAlarmed ? rollBack(draft, rollout, daemonStatusReasons.alarm, now) : draft;
}

/** Back to what the last successful deployment brought; without one nothing more is started. */
function rollBack(
  draft: DaemonDraft,
  rollout: DaemonDeployment,
  reason: string,
  now: Instant,
): DaemonDraft {
  const { stable } = draft.daemon;
  if (!stable) {
    const daemon = { ...draft.daemon, isHalted: true as const };
    const failed = {
      ...rollout,
      status: 'ROLLBACK_FAILED' as const,
      statusReason: daemonStatusReasons.noCandidate,
      finishedAt: now,
    };
    return withDaemonRollout({ ...draft, daemon }, ended(draft, failed, now));
  }
  const rollback: DaemonRollback = {
    reason,
    startedAt: now,
    target: aimRefOf(stable),
    failureCount: 0,
  };
  const { bakeStartedAt: _, ...rest } = rollout;
  const rolling: DaemonDeployment = {
    ...rest,
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: reason,
    rollback,
    updatedAt: now,
  };
  const daemon = { ...draft.daemon, aim: stable, troubles: {} };
  return withDaemonRollout({ ...draft, daemon }, rolling);
}

/** The daemon goes on trying: it is what ran before. */
function failRollback(draft: DaemonDraft, rollout: DaemonDeployment, now: Instant): DaemonDraft {
  const { rollbackFailed: statusReason } = daemonStatusReasons;
  const failed = { ...rollout, status: 'ROLLBACK_FAILED' as const, statusReason, finishedAt: now };
  return withDaemonRollout(draft, ended(draft, failed, now));
}

/** A deployment is done once all instances in reach have what they are to have, and its bake time is over. */
function complete(draft: DaemonDraft, now: Instant): DaemonDraft {
  const rollout = rolloutUnderWay(draft);
  if (!rollout?.target || !isDone(draft, now)) return draft;
  if (rollout.status === 'ROLLBACK_IN_PROGRESS') {
    const back = { ...rollout, status: 'ROLLBACK_SUCCESSFUL' as const, finishedAt: now };
    return withDaemonRollout(draft, ended(draft, back, now));
  }
  const { bakeStartedAt } = rollout;
  const bakeMs = bakeMsOf(rollout);
  if (bakeStartedAt === undefined && bakeMs !== 0) {
    return withDaemonRollout(draft, { ...rollout, bakeStartedAt: now, updatedAt: now });
  }
  if (bakeMs === undefined || now < (bakeStartedAt ?? now) + bakeMs) return draft;
  const done = {
    ...rollout,
    status: 'SUCCESSFUL' as const,
    statusReason: daemonStatusReasons.successful,
    finishedAt: now,
  };
  const daemon = { ...draft.daemon, stable: draft.daemon.aim };
  return withDaemonRollout({ ...draft, daemon }, ended(draft, done, now));
}

function isDone(draft: DaemonDraft, now: Instant): boolean {
  return seatsOf(draft, now)
    .filter(({ instance }) => !isMissed(instance, now))
    .every((seat) => isInReach(seat) && seat.isSettled && !seat.isHeld);
}

function ended(draft: DaemonDraft, rollout: DaemonDeployment, now: Instant): DaemonDeployment {
  return { ...rollout, finalCounts: countsByRevision(rollout, draft), updatedAt: now };
}

/** Nobody hears of the tasks of an instance that is away: they stop when it comes back. */
function isGone(draft: DaemonDraft, now: Instant): boolean {
  const { daemon, instances, tasks, actions } = draft;
  if (daemon.status === 'ACTIVE' || actions.some(({ kind }) => kind !== 'AccountFor')) return false;
  const away = new Set(instances.filter((one) => isMissed(one, now)).map(({ arn }) => arn));
  const isHeld = instances.some(({ heldBy }) => heldBy?.includes(daemon.arn));
  return (
    !isHeld &&
    tasks.every(({ lastStatus, containerInstanceArn: on, ...task }) =>
      lastStatus === 'STOPPED'
        ? true
        : on !== undefined && away.has(on) && task.desiredStatus === 'STOPPED',
    )
  );
}

/** The next moment at which the mere passing of time changes the plan. */
function nextLook(draft: DaemonDraft, now: Instant): Instant | undefined {
  const rollout = rolloutUnderWay(draft);
  const bakeMs = rollout && bakeMsOf(rollout);
  const moments = [
    ...draft.tasks.filter(isLive).map((task) => becomesHealthyAt(task, now)),
    ...draft.instances.map(missedAt),
    ...Object.values(draft.daemon.troubles).map(({ retryAt }) => retryAt),
    rollout?.bakeStartedAt === undefined || bakeMs === undefined
      ? undefined
      : rollout.bakeStartedAt + bakeMs,
  ];
  const next = Math.min(...moments.flatMap((at) => (at !== undefined && at > now ? [at] : [])));
  return Number.isFinite(next) ? next : undefined;
}
