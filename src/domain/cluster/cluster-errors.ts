import { clientError, EcsError, invalidParameter } from '../errors.ts';

export function clusterNotFound(): EcsError {
  return new EcsError('ClusterNotFoundException', 'Cluster not found.');
}

/** For operations that need a live cluster. */
export function clusterInactive(): EcsError {
  return new EcsError('ClusterNotFoundException', 'The referenced cluster was inactive.');
}

/** For operations that change the cluster itself. */
export function clusterNotActive(): EcsError {
  return clientError('Cluster was not ACTIVE.');
}

export function clusterInactiveForTags(): EcsError {
  return invalidParameter(
    'The specified cluster is inactive. Specify an active cluster and try again.',
  );
}

export function inconsistentReplay(): EcsError {
  return invalidParameter(
    'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
  );
}

export function attachmentsBusy(): EcsError {
  return new EcsError(
    'UpdateInProgressException',
    'The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or ' +
      'UPDATE_FAILED state before they can be updated.',
  );
}

export function containsContainerInstances(): EcsError {
  return new EcsError(
    'ClusterContainsContainerInstancesException',
    'The Cluster cannot be deleted while Container Instances are active or draining.',
  );
}

export function containsServices(): EcsError {
  return new EcsError(
    'ClusterContainsServicesException',
    'The Cluster cannot be deleted while Services are active.',
  );
}

export function containsTasks(): EcsError {
  return new EcsError(
    'ClusterContainsTasksException',
    'The Cluster cannot be deleted while Tasks are active.',
  );
}

/** The model has an exception of its own for this, but ECS sends another. */
export function containsCapacityProviders(): EcsError {
  return clientError(
    'The Cluster cannot be deleted while Cluster Scoped Capacity Providers are attached to the cluster.',
  );
}

/** ECS's quota for a region. [inferred text] */
export function tooManyClusters(): EcsError {
  return invalidParameter('The maximum number of clusters has been reached.');
}
