import type { ServiceArn } from '../domain/arn.ts';
import type { Instant } from '../domain/instant.ts';
import { boundsRefusedActivity, boundsSetActivity } from '../domain/scaling/scaling-activity.ts';
import { nextDue, type ScheduledAction } from '../domain/scaling/scheduled-action.ts';
import type { State } from '../state/state.ts';
import type { ScalingActs } from './scaling-acts.ts';

/** Does the scheduled actions that are due, in the order of their times; what was missed is done once. */
export function runSchedules(
  state: State,
  acts: ScalingActs,
  serviceArn: ServiceArn,
  now: Instant,
): void {
  const due = [...state.read.scheduledActions.ofService(serviceArn)]
    .map((action) => ({ action, at: nextDue(action) ?? Infinity }))
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => a.at - b.at);
  for (const { action } of due) runAction(state, acts, action, now);
}

function runAction(state: State, acts: ScalingActs, action: ScheduledAction, now: Instant): void {
  const { serviceArn, name } = action;
  const target = state.read.scalableTargets.find(serviceArn);
  const activity = acts.newActivity(serviceArn, now);
  state.transact((tx) => tx.scheduledActions.put({ ...action, doneUntil: now }));
  if (!target || target.suspended.scheduled) return;
  const { minCapacity = target.minCapacity, maxCapacity = target.maxCapacity } = action;
  if (maxCapacity < minCapacity) return acts.note(boundsRefusedActivity(activity, action, name));
  acts.note(boundsSetActivity(activity, action, name));
  state.transact((tx) =>
    tx.scalableTargets.put({ ...target, minCapacity, maxCapacity, unappliedSince: now }),
  );
}
