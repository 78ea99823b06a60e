import type { DeploymentEarlySuccessCriteria } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { rolloutOf, type ServiceDeployment } from './service-deployment.ts';
import type { Draft } from './service-plan.ts';
import { belongsTo, isHealthy, isLive } from './service-tasks.ts';
import { primaryOf, type EarlySuccess } from './service.ts';

/**
 * Checks what ends a rolling deployment early; undefined where nothing does.
 * @throws EcsError
 */
export function parseEarlySuccess(given: DeploymentEarlySuccessCriteria): EarlySuccess | undefined {
  if (!given.enable) return undefined;
  const { healthyPercent, sourceServiceRevisionCleanup: cleanup } = given;
  if (healthyPercent === undefined) throw isRequired('healthyPercent');
  if (!cleanup) throw isRequired('sourceServiceRevisionCleanup');
  if (!Number.isInteger(healthyPercent) || healthyPercent < 0 || healthyPercent > 100) {
    // [inferred text]
    throw invalidParameter('earlySuccessCriteria.healthyPercent must be between 0 and 100');
  }
  if (cleanup !== 'BLOCKING' && cleanup !== 'DEFERRED') {
    // [inferred text]
    throw invalidParameter('Source service revision cleanup should be one of [BLOCKING,DEFERRED]');
  }
  return { healthyPercent, cleanup };
}

/** [inferred text] */
function isRequired(member: string): Error {
  return invalidParameter(
    `earlySuccessCriteria.${member} is required when earlySuccessCriteria is enabled`,
  );
}

/**
 * What holds between the criteria and the rest of a configuration.
 * @throws EcsError InvalidParameterException; the texts are [inferred]
 */
export function checkEarlySuccess(
  { healthyPercent }: EarlySuccess,
  strategy: string,
  minimumHealthyPercent: number,
): void {
  if (strategy !== 'ROLLING') {
    throw invalidParameter(
      'earlySuccessCriteria is only supported with the ROLLING deployment strategy',
    );
  }
  if (healthyPercent < minimumHealthyPercent) {
    throw invalidParameter(
      'earlySuccessCriteria.healthyPercent must be greater than or equal to minimumHealthyPercent',
    );
  }
}

/** The service deployment that may end before it has replaced all tasks. */
function earlyRollout({ service, rollouts }: Draft): ServiceDeployment | undefined {
  const primary = primaryOf(service);
  const rollout = rolloutOf(rollouts, primary.revision);
  const isUnderWay = rollout?.status === 'IN_PROGRESS' && primary.rolloutState === 'IN_PROGRESS';
  return isUnderWay ? rollout : undefined;
}

/** Whether enough of the new tasks are healthy; there must be one at least. */
export function hasEnoughHealthy(draft: Draft, now: Instant): boolean {
  const criteria = earlyRollout(draft)?.deploymentConfiguration.earlySuccess;
  if (!criteria) return false;
  const { service, tasks } = draft;
  const primary = primaryOf(service);
  const mine = tasks.filter((task) => isLive(task) && belongsTo(task, primary));
  const healthy = mine.filter((task) => isHealthy(task, now)).length;
  return healthy >= Math.max(1, Math.ceil((service.desiredCount * criteria.healthyPercent) / 100));
}

/** Whether the deployment may count as done although tasks of former revisions are left. */
export function mayLeaveSources(draft: Draft): boolean {
  const criteria = earlyRollout(draft)?.deploymentConfiguration.earlySuccess;
  if (criteria?.cleanup === 'DEFERRED') return true;
  const primary = primaryOf(draft.service);
  return draft.tasks.every((task) => !isLive(task) || belongsTo(task, primary));
}
