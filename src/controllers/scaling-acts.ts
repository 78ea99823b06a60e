import type { ServiceArn } from '../domain/arn.ts';
import { EcsError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import {
  withCount,
  type CapacityPlan,
  type ScaledService,
} from '../domain/scaling/plan-capacity.ts';
import type { ScalableTarget } from '../domain/scaling/scalable-target.ts';
import {
  activityRetentionMs,
  countRefused,
  followedUp,
  isRepeated,
  mostActivities,
  notScaledActivity,
  settingCount,
  type NewActivity,
  type ScalingActivity,
} from '../domain/scaling/scaling-activity.ts';
import { newRun, type ScalingRun } from '../domain/scaling/scaling-run.ts';
import { isExternal, primaryOf, serviceGroup, type AnyService } from '../domain/service/service.ts';
import { computedDesiredCount } from '../domain/service/task-sets/new-task-set.ts';
import { isRunning } from '../domain/service/service-tasks.ts';
import type { State, Transaction } from '../state/state.ts';

/**
 * Sets the count of a service as UpdateService does.
 * @throws EcsError what UpdateService answers
 */
export type SetDesiredCount = (target: ScalableTarget, count: number) => void;

export interface ScalingActsParts {
  readonly state: State;
  readonly newId: () => string;
  readonly newUuid: () => string;
  readonly setDesiredCount: SetDesiredCount;
}

type SetPlan = Extract<CapacityPlan, { kind: 'Set' }>;

/** Does what is planned for services, and keeps the activities that tell of it. */
export class ScalingActs {
  readonly #parts: ScalingActsParts;

  constructor(parts: ScalingActsParts) {
    this.#parts = parts;
  }

  observe(service: AnyService, target: ScalableTarget): ScaledService {
    const { scalingRuns, serviceDeployments } = this.#parts.state.read;
    const isRollingOut = !isExternal(service) && primaryOf(service).rolloutState === 'IN_PROGRESS';
    return {
      target,
      run: scalingRuns.find(service.arn) ?? newRun(service.arn),
      desiredCount: service.desiredCount,
      isDeploying: isRollingOut || serviceDeployments.unfinishedOf(service.arn).length > 0,
    };
  }

  /** Tells in words what came of it. */
  perform(service: AnyService, plan: CapacityPlan, now: Instant): string {
    switch (plan.kind) {
      case 'Nothing':
        return this.#decided(service.arn, plan.text, now);
      case 'NotScaled': {
        const { cause, reason } = plan;
        this.note(notScaledActivity(this.newActivity(service.arn, now), cause, reason));
        return this.#decided(service.arn, `it was not scaled (${reason.code}): ${cause}`, now);
      }
      case 'Set':
        return this.#setCount(service, plan, now);
    }
  }

  newActivity(serviceArn: ServiceArn, startedAt: Instant): NewActivity {
    const [scope = ''] = serviceArn.split(':service/', 1);
    const key = `${scope} ${this.#parts.newId()}`;
    return { key, id: this.#parts.newUuid(), serviceArn, startedAt };
  }

  /** Adds an activity, unless it tells nothing new. */
  note(activity: ScalingActivity): void {
    this.#parts.state.transact((tx) => addActivity(tx, activity));
  }

  /** Notes of an activity in progress that the service has what it asked for, or something else by now. */
  followUp(service: AnyService, now: Instant): void {
    const { state } = this.#parts;
    const run = state.read.scalingRuns.find(service.arn);
    if (run?.openActivity === undefined) return;
    const { clusterArn, name, desiredCount } = service;
    const tasks = state.read.tasks.unaccountedOf(clusterArn, serviceGroup(name));
    const runningCount = tasks.filter(isRunning).length;
    const fulfilment = { desiredCount, runningCount, ...sharesOf(service), now };
    state.transact((tx) => closeActivity(tx, run, fulfilment));
  }

  isForgotten({ startedAt }: ScalingActivity, now: Instant): boolean {
    return startedAt + activityRetentionMs <= now;
  }

  forgetOld(serviceArn: string, now: Instant): void {
    const { state } = this.#parts;
    const old: ScalingActivity[] = [];
    for (const activity of state.read.scalingActivities.ofService(serviceArn)) {
      if (!this.isForgotten(activity, now)) break;
      old.push(activity);
    }
    if (old.length === 0) return;
    state.transact((tx) => old.forEach((activity) => tx.scalingActivities.delete(activity)));
  }

  /** The count and what is noted of it are of one turn of the event loop, and so become durable together. */
  #setCount(service: AnyService, { count, cause, cooldownMs }: SetPlan, now: Instant): string {
    const { arn, desiredCount: from } = service;
    const { state, setDesiredCount } = this.#parts;
    const activity = this.newActivity(arn, now);
    const target = state.read.scalableTargets.find(arn);
    if (!target) throw new Error(`${arn} is no scalable target.`);
    try {
      setDesiredCount(target, count);
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      const reason = error.message;
      this.note(countRefused(activity, count, { cause, reason }));
      return this.#decided(arn, `its desired count could not be set to ${count}: ${reason}`, now);
    }
    state.transact((tx) => {
      const run = tx.scalingRuns.find(arn) ?? newRun(arn);
      closeActivity(tx, run, { desiredCount: count, runningCount: -1, now });
      addActivity(tx, settingCount(activity, count, cause));
      const counted = withCount(run, { from, count, cooldownMs }, now);
      tx.scalingRuns.put({ ...counted, openActivity: activity.key });
    });
    return this.#decided(arn, `its desired count was set from ${from} to ${count}: ${cause}`, now);
  }

  #decided(arn: ServiceArn, text: string, at: Instant): string {
    this.#parts.state.transact((tx) => {
      const run = tx.scalingRuns.find(arn) ?? newRun(arn);
      tx.scalingRuns.put({ ...run, decision: { at, text } });
    });
    return text;
  }
}

/** How many tasks an EXTERNAL service is to run is the sum of what its task sets are to have. */
function sharesOf(service: AnyService): { readonly sharedCount?: number } {
  if (!isExternal(service)) return {};
  const shares = service.taskSets.map(({ status, scalePercent }) =>
    status === 'DRAINING' ? 0 : computedDesiredCount(service.desiredCount, scalePercent),
  );
  return { sharedCount: shares.reduce((sum, share) => sum + share, 0) };
}

function addActivity(tx: Transaction, activity: ScalingActivity): void {
  const { serviceArn } = activity;
  if (isRepeated(tx.scalingActivities.newestOf(serviceArn), activity)) return;
  const [oldest] = tx.scalingActivities.ofService(serviceArn);
  if (oldest && tx.scalingActivities.countOf(serviceArn) >= mostActivities) {
    tx.scalingActivities.delete(oldest);
  }
  tx.scalingActivities.put(activity);
}

function closeActivity(
  tx: Transaction,
  run: ScalingRun,
  fulfilment: Parameters<typeof followedUp>[1],
): void {
  if (run.openActivity === undefined) return;
  const activity = tx.scalingActivities.find(run.openActivity);
  const followed = activity && followedUp(activity, fulfilment);
  if (followed && followed !== activity) tx.scalingActivities.put(followed);
  if (followed?.status === 'InProgress') return;
  const { openActivity: _, ...closed } = run;
  tx.scalingRuns.put(closed);
}
