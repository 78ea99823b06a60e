import { present } from '../present.ts';
import { effectiveContainers } from '../task/effective-containers.ts';
import type { Task } from '../task/task.ts';
import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../task-definition/task-definition.ts';
import { proxyStopSeconds } from './proxy-config.ts';
import { proxyImage, type ServiceConnect } from './service-connect.ts';

/** One that takes longer to be HEALTHY does not get there. */
const startTimeoutSeconds = 120;
/** Beyond the time that the proxy takes at most, so that it ends by itself. */
const stopTimeoutSeconds = proxyStopSeconds + 5;

/** The proxy of a task on Longshore's own compute, as if it stood in the task definition. */
export function proxyDefinition({
  configuration: { logConfiguration },
  containerName,
}: ServiceConnect): ContainerDefinition {
  return {
    name: containerName,
    image: proxyImage,
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    portMappings: [],
    systemControls: [],
    volumesFrom: [],
    startTimeout: startTimeoutSeconds,
    stopTimeout: stopTimeoutSeconds,
    ...present({ logConfiguration }),
  };
}

/** All containers of a task as they run on own compute: those of its definition, and the proxy behind them. */
export function allContainers(
  content: TaskDefinitionContent,
  { overrides, serviceConnect }: Pick<Task, 'overrides' | 'serviceConnect'>,
): readonly ContainerDefinition[] {
  const containers = effectiveContainers(content, overrides);
  return serviceConnect ? [...containers, proxyDefinition(serviceConnect.setting)] : containers;
}
