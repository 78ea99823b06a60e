import { clientError, EcsError, invalidParameter } from '../errors.ts';

// No text of ECS about daemons is known but that of capacity providers in use: all are [inferred].

export function daemonNotFound(): EcsError {
  return new EcsError('DaemonNotFoundException', 'Daemon not found.');
}

export function daemonNotActive(): EcsError {
  return new EcsError('DaemonNotActiveException', 'Daemon was not ACTIVE.');
}

export function daemonNotIdempotent(): EcsError {
  return invalidParameter('Creation of daemon was not idempotent.');
}

export function daemonStillDraining(): EcsError {
  return clientError('Unable to create a daemon that is still being deleted.');
}

/** Daemons are for Managed Instances alone. */
export function notManagedInstances(name: string): EcsError {
  return new EcsError(
    'UnsupportedFeatureException',
    `Daemons are only supported for Amazon ECS Managed Instances capacity providers, which '${name}' is not.`,
  );
}

export function providerOfOtherCluster(name: string): EcsError {
  return invalidParameter(
    `The specified capacity provider '${name}' is not associated with the cluster of the daemon.`,
  );
}

/** (seen) */
export function providerHasDaemons(): EcsError {
  return clientError(
    'Cannot delete capacity provider. Daemon services are still associated with this capacity provider.',
  );
}
