import { distribute } from '../capacity-provider/strategy.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import { newTask } from '../task/new-task.ts';
import { parseOverrides, sizeOf } from '../task/overrides.ts';
import type { RunTaskSpec } from '../task/run-task-request.ts';
import type { Task } from '../task/task.ts';
import { withPinnedImages } from './image-pins.ts';
import { belongsTo, isLive } from './service-tasks.ts';
import { serviceGroup, type AnyService, type Deployment } from './service.ts';

export interface StartServiceTasks {
  readonly service: AnyService;
  readonly deployment: Deployment;
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  /** The tasks that the service has. */
  readonly tasks: readonly Task[];
  readonly count: number;
  readonly now: Instant;
  readonly newId: () => string;
  readonly newUuid: () => string;
}

/** New tasks of a deployment: on the provider that is behind its share, in the subnet that has the fewest. */
export function startServiceTasks(args: StartServiceTasks): readonly Task[] {
  const { service, deployment, cluster, definition, count, now, newId, newUuid } = args;
  const there = args.tasks.filter((task) => isLive(task) && belongsTo(task, deployment));
  const { capacityProviderStrategy: strategy } = deployment.revision;
  const providers = strategy && distribute(strategy, count, there.map(providerOf));
  const spec = specOf(service, deployment, cluster, definition);
  const subnets = spec.network?.subnets ?? [];
  const perSubnet = subnets.map(
    (subnet) => there.filter((task) => task.networkInterface?.subnetId === subnet).length,
  );
  return Array.from({ length: count }, (_, index) => {
    const turn = Math.max(0, perSubnet.indexOf(Math.min(...perSubnet)));
    perSubnet[turn] = (perSubnet[turn] ?? 0) + 1;
    const sources = { now, newId, newUuid };
    const capacityProvider = providers?.[index];
    const task = newTask({ cluster, definition, spec, capacityProvider, turn, ...sources });
    return withPinnedImages(task, deployment.revision);
  });
}

function providerOf({ capacityProviderName }: Task): string | undefined {
  return capacityProviderName;
}

function specOf(
  service: AnyService,
  { id, revision }: Deployment,
  cluster: Cluster,
  definition: TaskDefinition,
): RunTaskSpec {
  const { launchType, capacityProviderStrategy, platformVersion, platformFamily } = revision;
  const overrides = parseOverrides(undefined, definition);
  return {
    launch: {
      launchType,
      strategy: capacityProviderStrategy,
      providers: [],
      platformVersion,
      platformFamily,
    },
    network: revision.network,
    overrides,
    size: sizeOf(definition, overrides, launchType),
    group: serviceGroup(service.name),
    startedBy: id,
    referenceId: undefined,
    enableExecuteCommand: service.enableExecuteCommand,
    tags: tagsOf(service, cluster, definition),
  };
}

/** Tags of tasks are copied when they start, and never again. */
function tagsOf(service: AnyService, cluster: Cluster, definition: TaskDefinition): readonly Tag[] {
  const managed = service.enableECSManagedTags
    ? [
        { key: 'aws:ecs:clusterName', value: cluster.name },
        { key: 'aws:ecs:serviceName', value: service.name },
      ]
    : [];
  switch (service.propagateTags) {
    case 'NONE':
      return managed;
    case 'SERVICE':
      return [...managed, ...service.tags];
    case 'TASK_DEFINITION':
      return [...managed, ...definition.tags];
  }
}
