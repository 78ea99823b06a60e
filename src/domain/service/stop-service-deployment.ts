import { lastPathElement } from '../arn.ts';
import { EcsError, invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import {
  isFinished,
  statusReasons,
  stopRequested,
  type ServiceDeployment,
} from './service-deployment.ts';

export type StopType = 'ROLLBACK' | 'ABORT';

/**
 * Asks for the roll-back of a service deployment, or that it stops where it is; one that is on its way back, or being
 * stopped, goes on so.
 * @throws EcsError
 */
export function stoppedDeployment(
  deployment: ServiceDeployment,
  stopType: StopType,
  now: Instant,
): ServiceDeployment {
  if (isFinished(deployment)) throw alreadyEnded(deployment);
  // The API reference does not say what this does; its name does. [inferred]
  if (stopType === 'ABORT') return stopRequested(deployment, statusReasons.aborted, now);
  const { status } = deployment;
  if (status !== 'PENDING' && status !== 'IN_PROGRESS') return deployment;
  return { ...deployment, status: 'ROLLBACK_REQUESTED', updatedAt: now };
}

/** @throws EcsError InvalidParameterException */
export function parseStopType(given: string = 'ROLLBACK'): StopType {
  if (given === 'ROLLBACK' || given === 'ABORT') return given;
  throw invalidParameter('Stop type should be one of [ABORT,ROLLBACK]');
}

/** [inferred text] */
function alreadyEnded({ arn }: ServiceDeployment): EcsError {
  return new EcsError(
    'ConflictException',
    `Service deployment ${lastPathElement(arn)} is already in a terminal state.`,
  );
}
