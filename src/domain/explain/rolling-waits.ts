import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import { bakeMsOf } from '../service/alarms.ts';
import { earlySuccessProgress } from '../service/early-success.ts';
import { rolloutOf, type ServiceDeployment } from '../service/service-deployment.ts';
import type { ObservedService } from '../service/service-plan.ts';
import { primaryOf, type Deployment } from '../service/service.ts';
import type { Wait } from './explanation.ts';

type Seen = Pick<ObservedService, 'service' | 'tasks' | 'rollouts'>;

/** What a deployment with early success criteria needs before it has succeeded. */
export function earlySuccessWaits(seen: Seen, now: Instant): readonly Wait[] {
  const progress = earlySuccessProgress(seen, now);
  if (!progress) return [];
  const { needed, healthy, criteria } = progress;
  const { revision } = primaryOf(seen.service);
  const cleanup =
    criteria.cleanup === 'BLOCKING'
      ? 'BLOCKING: all former tasks have to be gone as well'
      : 'DEFERRED: former tasks may go later';
  const text =
    `its early success needs ${needed} healthy tasks of the new revision ` +
    `(healthyPercent ${criteria.healthyPercent}), and there are ${healthy}; the clean-up is ${cleanup}`;
  return [{ text, since: revision.createdAt }];
}

/** A deployment that has done all its work is watched for a while. */
export function bakeWaits({ service, rollouts }: Seen): readonly Wait[] {
  const primary = primaryOf(service);
  const rollout = rolloutOf(rollouts, primary.revision);
  const since = rollout?.bakeStartedAt;
  if (!rollout || since === undefined || primary.rolloutState !== 'IN_PROGRESS') return [];
  const bakeMs = bakeMsOf(rollout);
  return [{ text: bakeMs === undefined ? alarmsUnheard : bakeText(since + bakeMs), since }];
}

export const alarmsUnheard = 'CloudWatch says how its alarms are, which it has not done yet';

export function bakeText(until: Instant): string {
  return `the bake time passes, until ${isoInstant(until)}`;
}

/** What becomes of a former deployment whose tasks were left to be cleaned up in the background. */
export function cleanUpText({ cleanUpUntil: until }: Deployment, now: Instant): string {
  if (until === undefined) return '';
  return until > now
    ? ` Its clean-up (DEFERRED) is tried until ${isoInstant(until)}.`
    : ` Its clean-up (DEFERRED) was given up at ${isoInstant(until)}: its tasks stay.`;
}

/** What counts as enough for a deployment. */
export function criteriaText({ deploymentConfiguration }: ServiceDeployment): string {
  const { earlySuccess } = deploymentConfiguration;
  if (!earlySuccess) return '';
  const { healthyPercent, cleanup } = earlySuccess;
  return ` Its early success criteria: healthyPercent ${healthyPercent}, clean-up ${cleanup}.`;
}
