import { clientError, EcsError, invalidParameter } from '../errors.ts';

/** For the operations on one provider. */
export function capacityProviderDoesNotExist(): EcsError {
  return clientError(
    'The specified capacity provider does not exist. Specify a valid name or ARN and try again.',
  );
}

/** For a cluster's associations. */
export function capacityProviderNotFound(): EcsError {
  return invalidParameter(
    'The specified capacity provider was not found. Specify a valid capacity provider and try again.',
  );
}

/** For the strategy of a launch. */
export function capacityProviderNamedNotFound(name: string): EcsError {
  return invalidParameter(
    `The specified capacity provider '${name}' was not found. Specify a valid name or ARN and try again.`,
  );
}

export function capacityProviderNotActive(name: string): EcsError {
  return invalidParameter(
    `The specified capacity provider '${name}' is not in an ACTIVE state. Specify a valid ` +
      'capacity provider and try again.',
  );
}

export function capacityProviderInUse(): EcsError {
  return new EcsError(
    'ResourceInUseException',
    'The specified capacity provider is in use and cannot be removed.',
  );
}

export function tooManyAssociations(): EcsError {
  return invalidParameter(
    'The maximum number of capacity providers per cluster has been exceeded.',
  );
}

export function capacityProviderExists(): EcsError {
  return clientError(
    'The specified capacity provider already exists. To change the configuration of an existing ' +
      'capacity provider, update the capacity provider.',
  );
}

/** A provider of one cluster was named without its cluster. */
export function existsWithClusterScope(): EcsError {
  return clientError('The specified capacity provider already exists with cluster scope');
}

/** A cluster was named for a provider that is not of it. */
export function existsElsewhere(): EcsError {
  return clientError(
    'The specified capacity provider already exists with account or a different cluster',
  );
}

/** The start of the text is ECS's; its end is not known. [inferred end] */
export function cannotAssociateManagedInstances(): EcsError {
  return invalidParameter(
    'Cannot associate Managed Instances capacity provider to clusters using this API. Managed ' +
      'Instances capacity providers are already associated with the cluster they were created in.',
  );
}

/** [inferred text] */
export function associatedElsewhere(name: string): EcsError {
  return invalidParameter(
    `The specified capacity provider '${name}' uses managed scaling and is associated with another ` +
      'cluster. A capacity provider with managed scaling can be associated with one cluster at a time.',
  );
}

/** [inferred text] */
export function scaledForSeveralClusters(): EcsError {
  return clientError(
    'The managed scaling setting for the capacity provider is invalid. A capacity provider that is ' +
      'associated with more than one cluster cannot use managed scaling.',
  );
}

/** [inferred text] */
export function capacityProviderBusy(): EcsError {
  return new EcsError(
    'UpdateInProgressException',
    'The specified capacity provider is in a busy state. Wait until its update has completed and try again.',
  );
}

/** [inferred text but for its start] */
export function capacityProviderReserved(change: 'updated' | 'deleted'): EcsError {
  return clientError(
    `The specified capacity provider is reserved and cannot be ${change}. Specify a valid capacity ` +
      'provider and try again.',
  );
}

/** [inferred text] */
export function tooManyCapacityProviders(): EcsError {
  return new EcsError(
    'LimitExceededException',
    'The maximum number of capacity providers has been reached.',
  );
}

/** [inferred text] */
export function oneKindOfProvider(): EcsError {
  return invalidParameter(
    'Specify either an Auto Scaling group provider or a Managed Instances provider.',
  );
}

/** [inferred text, after that of clusters] */
export function capacityProviderInactiveForTags(): EcsError {
  return invalidParameter(
    'The specified capacity provider is inactive. Specify an active capacity provider and try again.',
  );
}

/** FARGATE and FARGATE_SPOT are nobody's to tag. [inferred text] */
export function capacityProviderTakesNoTags(): EcsError {
  return invalidParameter('The specified capacity provider is reserved and cannot be tagged.');
}
