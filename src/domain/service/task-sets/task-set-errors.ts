import { EcsError, invalidParameter } from '../../errors.ts';

/** What every operation on task sets says of a service with another controller. */
export function notExternallyControlled(): EcsError {
  return invalidParameter(
    'Amazon ECS only supports task set management on services configured to use external deployment ' +
      'controllers.',
  );
}

/** [inferred text] */
export function taskSetNotFound(): EcsError {
  return new EcsError('TaskSetNotFoundException', 'The specified task set does not exist.');
}

export function tooManyTaskSets(most: number): EcsError {
  return invalidParameter(
    `${most} deployments exist on the service. Unable to create new TaskSet since this exceeds the ` +
      'maximum limit.',
  );
}

/** [inferred text] */
export function taskSetNotIdempotent(): EcsError {
  return invalidParameter('Creation of task set was not idempotent.');
}

export function primaryCannotBeDeleted(): EcsError {
  return invalidParameter('Primary TaskSet cannot be deleted');
}

/** [inferred text] */
export function taskSetScaledAboveZero(): EcsError {
  return invalidParameter('The task set cannot be deleted while it is scaled above 0.');
}

/** [inferred text] */
export function taskSetDraining(): EcsError {
  return invalidParameter('The task set is being deleted.');
}

export function deploymentsAreActive(): EcsError {
  return invalidParameter('The service cannot be stopped while deployments are active.');
}
