import { EcsError, invalidParameter } from '../errors.ts';

export function serviceNotFound(): EcsError {
  return new EcsError('ServiceNotFoundException', 'Service not found.');
}

/** DeleteService says nothing more (a recording shows it so). */
export function deletedServiceNotFound(): EcsError {
  return new EcsError('ServiceNotFoundException', '');
}

export function serviceNotActive(): EcsError {
  return new EcsError('ServiceNotActiveException', 'Service was not ACTIVE.');
}

export function notIdempotent(): EcsError {
  return invalidParameter('Creation of service was not idempotent.');
}

export function stillDraining(): EcsError {
  return invalidParameter('Unable to Start a service that is still Draining.');
}

export function roleWithoutBalancers(): EcsError {
  return invalidParameter('IAM roles are only valid for services configured to use load balancers');
}

export function scaledAboveZero(): EcsError {
  return invalidParameter('The service cannot be stopped while it is scaled above 0.');
}

/** ECS's quota for a cluster. [inferred text] */
export function tooManyServices(): EcsError {
  return invalidParameter('The maximum number of services has been reached for this cluster.');
}

/** ECS's quota for a service. [inferred text] */
export function tooManyTasks(most: number): EcsError {
  return invalidParameter(`Task count can not be greater than ${most}`);
}

export function mustForceDeployment(): EcsError {
  return invalidParameter(
    'When switching from launch type to capacity provider strategy on an existing service, or making ' +
      'a change to a capacity provider strategy on a service that is already using one, you must ' +
      'force a new deployment.',
  );
}

/** [inferred text] */
export function serviceInactiveForTags(): EcsError {
  return invalidParameter(
    'The specified service is inactive. Specify an active service and try again.',
  );
}

/** For what ECS would take and this release does not have. */
export function notInThisRelease(what: string): EcsError {
  return new EcsError(
    'UnsupportedFeatureException',
    `This release of Longshore does not have ${what}. docs/services.md lists what services can do.`,
  );
}
