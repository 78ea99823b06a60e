import { EcsError } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { failPrimary } from './fail-deployment.ts';
import { rolloutOf, statusReasons, type AlarmWatch } from './service-deployment.ts';
import { messages } from './service-messages.ts';
import type { Draft } from './service-plan.ts';
import { primaryOf } from './service.ts';

/** ECS asks about once a minute. */
const alarmPollMs = 60_000;
/** Added to what alarms take to notice something, when ECS chooses the bake time. [inferred figure] */
const slackMs = 60_000;
/** ECS chooses less than five minutes. */
const longestOwnBakeMs = 5 * 60_000;
/** Alarms are CloudWatch's: without it nobody would watch over the deployment. */
export function alarmsNeedCloudWatch(): EcsError {
  return new EcsError(
    'UnsupportedFeatureException',
    'Deployment alarms need CloudWatch, and this server was not told where it is. Start it with ' +
      '--aws-endpoint cloudwatch=URL, or disable the alarms.',
  );
}

export interface AlarmQuery {
  readonly region: string;
  readonly names: readonly string[];
}

/** What CloudWatch says of an alarm. */
export interface ObservedAlarm {
  readonly name: string;
  readonly isInAlarm: boolean;
  /** How long it takes to notice something; absent for what is made of other alarms. */
  readonly evaluationMs?: number;
}

/** What services and daemons have in common where their deployments are watched over. */
export interface WatchedDeployment {
  readonly status: string;
  readonly deploymentConfiguration: {
    readonly bakeTimeInMinutes?: number;
    readonly alarms?: { readonly alarmNames: readonly string[]; readonly enable: boolean };
  };
  readonly alarmWatch?: AlarmWatch;
}

/** Whether the alarms of a deployment are to be asked for. */
export function watchesAlarms(rollout: WatchedDeployment): boolean {
  const { alarms } = rollout.deploymentConfiguration;
  return (
    rollout.status === 'IN_PROGRESS' && (alarms?.enable ?? false) && !rollout.alarmWatch?.isOff
  );
}

/** When they are to be asked for next. */
export function nextAlarmPoll({ alarmWatch }: WatchedDeployment): Instant {
  return alarmWatch ? alarmWatch.checkedAt + alarmPollMs : 0;
}

/** An alarm that is in ALARM when the deployment begins says nothing about it: ECS watches none then. */
export function withObservedAlarms<Kind extends WatchedDeployment>(
  rollout: Kind,
  observed: readonly ObservedAlarm[],
  now: Instant,
): Kind {
  const inAlarm = observed.filter(({ isInAlarm }) => isInAlarm).map(({ name }) => name);
  const slowest = Math.max(0, ...observed.map(({ evaluationMs = 0 }) => evaluationMs));
  const isFirst = rollout.alarmWatch === undefined;
  const isOff = isFirst && inAlarm.length > 0;
  const alarmWatch: AlarmWatch = {
    checkedAt: now,
    isOff,
    triggered: isOff ? [] : inAlarm,
    bakeMs: Math.min(longestOwnBakeMs, slowest + slackMs),
  };
  return { ...rollout, alarmWatch, updatedAt: now };
}

/** Ends a deployment during which an alarm has gone off (Developer Guide, "CloudWatch alarms"). */
export function applyAlarms(draft: Draft, now: Instant): Draft {
  const primary = primaryOf(draft.service);
  const rollout = rolloutOf(draft.rollouts, primary.revision);
  if (!rollout || primary.rolloutState !== 'IN_PROGRESS' || rollout.rollback) return draft;
  // Nothing can be taken back any more.
  if (rollout.lifecycle?.stage === 'CLEAN_UP') return draft;
  if (!rollout.alarmWatch || rollout.alarmWatch.triggered.length === 0) return draft;
  const { rollback = false } = rollout.deploymentConfiguration.alarms ?? {};
  return failPrimary(draft, now, {
    rolloutStateReason: 'ECS deployment failed: alarm detected.',
    message: messages.failedBy(primary.id, 'alarm detected.'),
    rollback: rollback ? statusReasons.alarm : undefined,
    stop: statusReasons.alarmStop,
  });
}

/** How long a deployment is watched after its last step; undefined until that can be said. */
export function bakeMsOf(rollout: WatchedDeployment): number | undefined {
  const { bakeTimeInMinutes, alarms } = rollout.deploymentConfiguration;
  // Where nobody has been asked yet, nobody has said that all is well.
  if (alarms?.enable && !rollout.alarmWatch) return undefined;
  if (bakeTimeInMinutes !== undefined) return bakeTimeInMinutes * 60_000;
  return alarms?.enable && !rollout.alarmWatch?.isOff ? (rollout.alarmWatch?.bakeMs ?? 0) : 0;
}
