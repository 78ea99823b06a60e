import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { invalidParameter, type EcsError } from '../errors.ts';
import { primaryOf, type Service, type ServiceSettings } from './service.ts';

/** A service deployment is PENDING or under way, also on its way back. */
function isDeploying(service: Service): boolean {
  return primaryOf(service).rolloutState === 'IN_PROGRESS';
}

/**
 * A rolling deployment cannot become one of another kind half-way, and a service between two kinds has no
 * single revision that serves.
 * @throws EcsError InvalidParameterException [inferred text]
 */
export function checkStrategyChange(
  service: Service,
  { deploymentConfiguration: { shift } }: ServiceSettings,
): void {
  if (!shift || service.deploymentConfiguration.shift || !isDeploying(service)) return;
  throw invalidParameter(
    `The deployment strategy cannot be changed from ROLLING to ${shift.strategy} while a service ` +
      'deployment is in progress. Wait for it to complete and try again.',
  );
}

/**
 * What keeps a service from leaving the deployment controller ECS.
 * @throws EcsError InvalidParameterException
 */
export function checkLeavesEcs(
  service: Service,
  { deploymentController }: UpdateServiceRequest,
): void {
  const type = deploymentController?.type;
  if (type !== 'EXTERNAL' && type !== 'CODE_DEPLOY') return;
  if (isDeploying(service)) throw cannotLeave('while a service deployment is in progress');
  const { circuitBreaker, alarms, shift } = service.deploymentConfiguration;
  if (circuitBreaker.enable) throw cannotLeave('of a service that uses the circuit breaker');
  if (alarms?.enable) throw cannotLeave('of a service that uses deployment alarms');
  if (shift) throw cannotLeave(`of a service with the deployment strategy ${shift.strategy}`);
}

/** [inferred texts] */
function cannotLeave(why: string): EcsError {
  return invalidParameter(`Unable to change the deployment controller ${why}.`);
}
