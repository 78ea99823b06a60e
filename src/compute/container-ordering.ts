import type { ContainerDefinition } from '../domain/task-definition/task-definition.ts';
import type { ContainerOrdering, RestartPolicy } from './plan-containers.ts';

/** Developer Guide, "Task definition parameters": stopTimeout, restartAttemptPeriod. */
const defaultStopTimeoutSeconds = 30;
const defaultRestartAttemptPeriodSeconds = 300;

/** What a container's definition says of when it starts, stops and starts again. */
export function orderingOf(definition: ContainerDefinition): ContainerOrdering {
  const restartPolicy = restartPolicyOf(definition);
  return {
    name: definition.name,
    essential: definition.essential,
    dependsOn: (definition.dependsOn ?? []).map((dependency) => ({
      containerName: dependency.containerName ?? '',
      condition: dependency.condition ?? 'START',
    })),
    volumesFrom: (definition.volumesFrom ?? []).map((from) => from.sourceContainer ?? ''),
    stopTimeoutSeconds: definition.stopTimeout ?? defaultStopTimeoutSeconds,
    ...(definition.startTimeout === undefined
      ? {}
      : { startTimeoutSeconds: definition.startTimeout }),
    ...(restartPolicy ? { restartPolicy } : {}),
  };
}

function restartPolicyOf({ restartPolicy }: ContainerDefinition): RestartPolicy | undefined {
  if (restartPolicy?.enabled !== true) return undefined;
  return {
    ignoredExitCodes: restartPolicy.ignoredExitCodes ?? [],
    attemptPeriodSeconds: restartPolicy.restartAttemptPeriod ?? defaultRestartAttemptPeriodSeconds,
  };
}
