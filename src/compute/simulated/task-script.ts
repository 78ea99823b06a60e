import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import { orderingOf } from '../container-ordering.ts';
import type { ContainerOrdering } from '../plan-containers.ts';
import { labelPrefix, parseContainerScript, type ContainerScript } from './container-script.ts';
import { MalformedScript } from './script-settings.ts';

/** How every task of a definition lives. Its lists are in the order of the definition. */
export interface TaskScript {
  readonly orderings: readonly ContainerOrdering[];
  readonly containers: readonly ContainerScript[];
  /** Why a task cannot even pull its images; the task's `stoppedReason`. */
  readonly fault: string | undefined;
}

/** Reads the scripts of a definition's containers; a malformed one fails the start of its tasks. */
export function taskScriptOf({ content }: TaskDefinition): TaskScript {
  const orderings = content.containerDefinitions.map((one) => orderingOf(one, content));
  const containers: ContainerScript[] = [];
  for (const definition of content.containerDefinitions) {
    try {
      containers.push(parseContainerScript(definition));
    } catch (error) {
      if (!(error instanceof MalformedScript)) throw error;
      const fault =
        `ResourceInitializationError: the script (${labelPrefix}*) of container ` +
        `'${definition.name}' is malformed: ${error.message}`;
      return { orderings, containers: [], fault };
    }
  }
  return { orderings, containers, fault: undefined };
}
