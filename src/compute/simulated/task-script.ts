import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import { proxyDefinition } from '../../domain/service-connect/proxy-container.ts';
import type { TaskServiceConnect } from '../../domain/service-connect/service-connect.ts';
import { behindProxy, orderingOf } from '../container-ordering.ts';
import type { ContainerOrdering } from '../plan-containers.ts';
import {
  labelPrefix,
  noScript,
  parseContainerScript,
  type ContainerScript,
} from './container-script.ts';
import { MalformedScript } from './script-settings.ts';

/** How every task of a definition lives. Its lists are in the order of the definition. */
export interface TaskScript {
  readonly orderings: readonly ContainerOrdering[];
  readonly containers: readonly ContainerScript[];
  /** Why a task cannot even pull its images; the task's `stoppedReason`. */
  readonly fault: string | undefined;
}

/** A proxy of Service Connect just runs, and is HEALTHY. */
const proxyScript: ContainerScript = {
  ...noScript,
  health: [{ status: 'HEALTHY' }],
  stopExitCode: 0,
};

/** How a task of a definition lives that has a proxy besides. */
export function withProxy(script: TaskScript, connect: TaskServiceConnect): TaskScript {
  return {
    ...script,
    orderings: [
      ...script.orderings,
      orderingOf(proxyDefinition(connect.setting), { containerDefinitions: [] }),
    ].map((one) => behindProxy(one, connect)),
    containers: [...script.containers, proxyScript],
  };
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
