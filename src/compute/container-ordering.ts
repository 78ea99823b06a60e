import { findLogRouter, isRouted } from '../domain/firelens/plan-routing.ts';
import type { TaskServiceConnect } from '../domain/service-connect/service-connect.ts';
import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../domain/task-definition/task-definition.ts';
import type { ContainerDependency, ContainerOrdering, RestartPolicy } from './plan-containers.ts';

/** Developer Guide, "Task definition parameters": stopTimeout, restartAttemptPeriod. */
const defaultStopTimeoutSeconds = 30;
const defaultRestartAttemptPeriodSeconds = 300;

/** What a container's definition, one of its task's, says of when it starts, stops and starts again. */
export function orderingOf(
  definition: ContainerDefinition,
  content: Pick<TaskDefinitionContent, 'containerDefinitions' | 'networkMode'>,
): ContainerOrdering {
  const restartPolicy = restartPolicyOf(definition);
  const router = routerOf(definition, content);
  const dependsOn = dependenciesOf(definition, router);
  const { networkMode = 'bridge' } = content;
  return {
    name: definition.name,
    essential: definition.essential,
    dependsOn,
    buildsOn: buildsOn(definition),
    needsAddressOf: dependsOn
      .map(({ containerName }) => containerName)
      .filter((name) => networkMode === 'bridge' && name === router?.name),
    stopTimeoutSeconds: definition.stopTimeout ?? defaultStopTimeoutSeconds,
    ...(definition.startTimeout === undefined
      ? {}
      : { startTimeoutSeconds: definition.startTimeout }),
    ...(restartPolicy ? { restartPolicy } : {}),
  };
}

/** The same with a proxy of Service Connect: it is HEALTHY before any other container starts, and stops after them. */
export function behindProxy(
  ordering: ContainerOrdering,
  { setting: { containerName } }: TaskServiceConnect,
): ContainerOrdering {
  if (ordering.name === containerName) return { ...ordering, isIdleUntilHealthy: true };
  return {
    ...ordering,
    dependsOn: [...ordering.dependsOn, { containerName, condition: 'HEALTHY' }],
  };
}

/** The container that a container's lines go to, where that is another one. */
function routerOf(
  definition: ContainerDefinition,
  { containerDefinitions }: Pick<TaskDefinitionContent, 'containerDefinitions'>,
): ContainerDefinition | undefined {
  const router = isRouted(definition) ? findLogRouter(containerDefinitions) : undefined;
  return router?.name === definition.name ? undefined : router;
}

/** A log router starts first, unless it waits for others itself: then nothing is added to what the author says. */
function dependenciesOf(
  definition: ContainerDefinition,
  router: ContainerDefinition | undefined,
): readonly ContainerDependency[] {
  const own = (definition.dependsOn ?? []).map(
    ({ containerName = '', condition = 'START' }): ContainerDependency => ({
      containerName,
      condition,
    }),
  );
  if (!router || own.some(({ containerName }) => containerName === router.name)) return own;
  const waits = (router.dependsOn ?? []).length > 0 || buildsOn(router).length > 0;
  return waits ? own : [...own, { containerName: router.name, condition: 'START' }];
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
