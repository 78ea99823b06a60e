import type { CreateServiceRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { SchedulingStrategy, ServiceRevision } from './service.ts';

/** @throws EcsError InvalidParameterException */
export function parseSchedulingStrategy(
  given: Pick<CreateServiceRequest, 'schedulingStrategy' | 'desiredCount' | 'placementStrategy'>,
  revision: Pick<ServiceRevision, 'capacityProviderStrategy' | 'launchType'>,
): SchedulingStrategy {
  const { schedulingStrategy = 'REPLICA' } = given;
  switch (schedulingStrategy) {
    case 'REPLICA':
      return schedulingStrategy;
    case 'DAEMON':
      checkDaemon(given, revision);
      if (revision.launchType === 'FARGATE') throw daemonOnFargate();
      return schedulingStrategy;
    default:
      throw invalidParameter('Scheduling strategy should be one of [REPLICA,DAEMON]');
  }
}

/**
 * Checks what no DAEMON service can have: the instances say how many tasks there are, and where.
 * @throws EcsError InvalidParameterException
 */
export function checkDaemon(
  {
    desiredCount,
    placementStrategy = [],
    volumeConfigurations = [],
  }: Pick<CreateServiceRequest, 'desiredCount' | 'placementStrategy' | 'volumeConfigurations'>,
  { capacityProviderStrategy }: Pick<ServiceRevision, 'capacityProviderStrategy'>,
): void {
  if (desiredCount !== undefined) {
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the ' +
        'desired count value and try again',
    );
  }
  if (placementStrategy.length > 0) {
    throw invalidParameter('The daemon scheduling strategy does not support placement strategies');
  }
  if (capacityProviderStrategy) throw daemonOnProviders();
  // [inferred text]
  if (volumeConfigurations.length > 0) {
    throw invalidParameter('Volume configuration is not supported for DAEMON services.');
  }
}

/** Also where the strategy is the cluster's default one. */
function daemonOnProviders(): Error {
  return invalidParameter(
    'Specifying a capacity provider strategy is not supported when you create a service using the ' +
      'DAEMON scheduling strategy.',
  );
}

function daemonOnFargate(): Error {
  return invalidParameter(
    'The daemon scheduling strategy does not support the FARGATE launch type. Change the launch ' +
      'type and try again',
  );
}

/** @throws EcsError InvalidParameterException */
export function checkDaemonPercent(maximumPercent: number): void {
  if (maximumPercent <= 100) return;
  throw invalidParameter(
    'The daemon scheduling strategy does not support values above 100 for maximumPercent',
  );
}
