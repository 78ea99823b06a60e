import type { RegisterTaskDefinitionRequest, RunTaskRequest } from '@aws-sdk/client-ecs';

/** A request for the family `web` on Fargate with the container `app`, but for what is given. */
export function aDefinition(
  given: Partial<RegisterTaskDefinitionRequest> = {},
): RegisterTaskDefinitionRequest {
  return {
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image: 'nginx' }],
    ...given,
  };
}

/** A request to run a task of the family `web` on Fargate in the default cluster, but for what is given. */
export function aRun(given: Partial<RunTaskRequest> = {}): RunTaskRequest {
  return {
    taskDefinition: 'web',
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
    ...given,
  };
}
