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
    buildsOn: buildsOn(definition),
    stopTimeoutSeconds: definition.stopTimeout ?? defaultStopTimeoutSeconds,
    ...(definition.startTimeout === undefined
      ? {}
      : { startTimeoutSeconds: definition.startTimeout }),
    ...(restartPolicy ? { restartPolicy } : {}),
  };
}

/** Docker makes a container only when those are there whose volumes it has, or that it is linked to. */
function buildsOn({ links = [], volumesFrom }: ContainerDefinition): readonly string[] {
  const names = [
    ...volumesFrom.map(({ sourceContainer = '' }) => sourceContainer),
    ...links.map((link) => link.split(':', 1)[0] ?? ''),
  ];
  return [...new Set(names)];
}

function restartPolicyOf({ restartPolicy }: ContainerDefinition): RestartPolicy | undefined {
  if (restartPolicy?.enabled !== true) return undefined;
  return {
    ignoredExitCodes: restartPolicy.ignoredExitCodes ?? [],
    attemptPeriodSeconds: restartPolicy.restartAttemptPeriod ?? defaultRestartAttemptPeriodSeconds,
  };
}
