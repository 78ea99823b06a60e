import type { DeploymentEarlySuccessCriteria } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { rolloutOf, type ServiceDeployment } from './service-deployment.ts';
import type { Draft } from './service-plan.ts';
import { belongsTo, isHealthy, isLive } from './service-tasks.ts';
import { primaryOf, type Deployment, type EarlySuccess } from './service.ts';
import type { Task } from '../task/task.ts';

/** For so long ECS tries to stop what a DEFERRED clean-up has left (Developer Guide, "early success criteria"). */
const cleanUpMs = 14 * 24 * 60 * 60 * 1000;

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

export type EarlySuccessView = Pick<Draft, 'service' | 'tasks' | 'rollouts'>;

/** The service deployment that may end before it has replaced all tasks. */
function earlyRollout({ service, rollouts }: EarlySuccessView): ServiceDeployment | undefined {
  const primary = primaryOf(service);
  const rollout = rolloutOf(rollouts, primary.revision);
  const isUnderWay = rollout?.status === 'IN_PROGRESS' && primary.rolloutState === 'IN_PROGRESS';
  return isUnderWay ? rollout : undefined;
}

/** How far a deployment is on its way to an early success. */
export interface EarlySuccessProgress {
  readonly criteria: EarlySuccess;
  /** So many of the new tasks have to be healthy, one at least. */
  readonly needed: number;
  readonly healthy: number;
}

/** Undefined where no early success is under way. */
export function earlySuccessProgress(
  seen: EarlySuccessView,
  now: Instant,
): EarlySuccessProgress | undefined {
  const criteria = earlyRollout(seen)?.deploymentConfiguration.earlySuccess;
  if (!criteria) return undefined;
  const { service, tasks } = seen;
  const primary = primaryOf(service);
  const mine = tasks.filter((task) => isLive(task) && belongsTo(task, primary));
  return {
    criteria,
    needed: Math.max(1, Math.ceil((service.desiredCount * criteria.healthyPercent) / 100)),
    healthy: mine.filter((task) => isHealthy(task, now)).length,
  };
}

export function hasEnoughHealthy(draft: Draft, now: Instant): boolean {
  const progress = earlySuccessProgress(draft, now);
  return progress !== undefined && progress.healthy >= progress.needed;
}

/** Whether the deployment may count as done although tasks of former revisions are left. */
export function mayLeaveSources(draft: Draft): boolean {
  const criteria = earlyRollout(draft)?.deploymentConfiguration.earlySuccess;
  if (criteria?.cleanup === 'DEFERRED') return true;
  const primary = primaryOf(draft.service);
  return draft.tasks.every((task) => !isLive(task) || belongsTo(task, primary));
}

/** A former deployment whose tasks a deployment that is done has left behind. */
export function leftForCleanUp(deployment: Deployment, now: Instant): Deployment {
  if (deployment.cleanUpUntil !== undefined) return deployment;
  return { ...deployment, cleanUpUntil: now + cleanUpMs };
}

/** Whether nobody tries any more to stop a task: ECS has given up on what was protected for too long. */
export function isAbandoned(task: Task, deployments: readonly Deployment[], now: Instant): boolean {
  return deployments.some(
    (one) => belongsTo(task, one) && one.cleanUpUntil !== undefined && one.cleanUpUntil <= now,
  );
}
