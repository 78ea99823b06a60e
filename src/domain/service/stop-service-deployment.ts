import { lastPathElement } from '../arn.ts';
import { EcsError, invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { isFinished, type ServiceDeployment } from './service-deployment.ts';
import { notInThisRelease } from './service-errors.ts';

/**
 * Asks for the roll-back of a service deployment; one that is on its way back, or being stopped, goes on so.
 * @throws EcsError
 */
export function rollbackRequested(
  deployment: ServiceDeployment,
  stopType: string | undefined,
  now: Instant,
): ServiceDeployment {
  checkStopType(stopType);
  if (isFinished(deployment)) throw alreadyEnded(deployment);
  const { status } = deployment;
  if (status !== 'PENDING' && status !== 'IN_PROGRESS') return deployment;
  return { ...deployment, status: 'ROLLBACK_REQUESTED', updatedAt: now };
}

function checkStopType(stopType: string | undefined): void {
  if (stopType === undefined || stopType === 'ROLLBACK') return;
  // The API reference names ROLLBACK as the one valid value, although the model has this one as well.
  if (stopType === 'ABORT') throw notInThisRelease('the stop type ABORT');
  throw invalidParameter('Stop type should be one of [ABORT,ROLLBACK]');
}

/** [inferred text] */
function alreadyEnded({ arn }: ServiceDeployment): EcsError {
  return new EcsError(
    'ConflictException',
    `Service deployment ${lastPathElement(arn)} is already in a terminal state.`,
  );
}
