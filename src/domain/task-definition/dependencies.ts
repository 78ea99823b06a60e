import type { ContainerCondition } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const conditions = valuesOf<ContainerCondition>({
  START: true,
  COMPLETE: true,
  SUCCESS: true,
  HEALTHY: true,
});

const leastTimeoutSeconds = 2;

/** `dependsOn` and the time-outs of starting and stopping. */
export function checkDependencies({ containerDefinitions }: TaskDefinitionContent): void {
  const byName = new Map(containerDefinitions.map((container) => [container.name, container]));
  for (const container of containerDefinitions) {
    checkDependenciesExist(container, byName);
    checkTimeouts(container);
  }
  const edges = containerDefinitions.map(({ name, dependsOn = [] }): Edges => ({
    name,
    targets: dependsOn.map(({ containerName = '' }) => containerName),
  }));
  if (hasCycle(edges)) throw clientError('Container dependsOn contains a cycle');
  for (const container of containerDefinitions) checkConditions(container, byName);
}

function checkDependenciesExist(
  { dependsOn = [] }: ContainerDefinition,
  byName: ReadonlyMap<string, ContainerDefinition>,
): void {
  for (const { containerName = '', condition } of dependsOn) {
    checkOneOf('Container condition', condition, conditions);
    if (byName.has(containerName)) continue;
    // The plus sign is the service's own.
    throw clientError(`Cannot depend on container + '${containerName}' because it does not exist`);
  }
}

function checkConditions(
  { dependsOn = [] }: ContainerDefinition,
  byName: ReadonlyMap<string, ContainerDefinition>,
): void {
  for (const { containerName = '', condition } of dependsOn) {
    const dependency = byName.get(containerName);
    const waitsForExit = condition === 'SUCCESS' || condition === 'COMPLETE';
    if (waitsForExit && dependency?.essential) {
      throw clientError(
        'A dependency container with SUCCESS or COMPLETE condition ' +
          'cannot be an essential container',
      );
    }
    if (condition === 'HEALTHY' && dependency?.healthCheck === undefined) {
      throw clientError(
        'A dependency container with HEALTHY condition must have health check configured',
      );
    }
  }
}

function checkTimeouts({ name, startTimeout, stopTimeout }: ContainerDefinition): void {
  checkTimeout('start', startTimeout, name);
  checkTimeout('stop', stopTimeout, name);
}

function checkTimeout(kind: string, seconds: number | undefined, containerName: string): void {
  if (seconds === undefined || seconds >= leastTimeoutSeconds) return;
  throw clientError(
    `Granular ${kind} timeout on container '${containerName}' ` +
      `must be at least ${leastTimeoutSeconds} seconds.`,
  );
}

/** Links of the form `container` or `container:alias`. */
export function checkLinks({ containerDefinitions }: TaskDefinitionContent): void {
  const names = new Set(containerDefinitions.map((container) => container.name));
  const edges = containerDefinitions.map(({ name, links = [] }): Edges => ({
    name,
    targets: links.map(linkedContainer),
  }));
  for (const target of edges.flatMap(({ targets }) => targets)) {
    if (names.has(target)) continue;
    // [inferred from the refusal of volumesFrom]
    throw clientError(`Invalid 'links' setting. Unknown container: '${target}'.`);
  }
  if (hasCycle(edges)) throw clientError('Container links should not have a cycle');
}

function linkedContainer(link: string): string {
  return link.split(':', 1)[0] ?? '';
}

interface Edges {
  readonly name: string;
  /** Names of other containers, all of them known. */
  readonly targets: readonly string[];
}

/** Each pass settles what leads only to settled names; what never settles leads to a cycle. */
function hasCycle(edges: readonly Edges[]): boolean {
  const settled = new Set<string>();
  for (let pass = 0; pass < edges.length; pass += 1) {
    for (const { name, targets } of edges) {
      if (targets.every((target) => settled.has(target))) settled.add(name);
    }
  }
  return settled.size < edges.length;
}
