import type { Cluster } from '../cluster/cluster.ts';
import type { PlacementSpec } from '../placement/placement-spec.ts';
import { defaultServiceStrategy } from '../placement/placement-strategy.ts';
import { present } from '../present.ts';
import type { Tag } from '../tags.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import { parseVolumeConfigurations } from '../task/managed-volume.ts';
import { parseOverrides, sizeOf } from '../task/overrides.ts';
import type { RunTaskSpec } from '../task/run-task-request.ts';
import { runTaskPlacement } from '../task/task-placement.ts';
import { serviceGroup, type Deployment, type Service } from './service.ts';

/** What the tasks of a deployment are started with, as a RunTask would say it. */
export function serviceTaskSpec(
  service: Service,
  { id, revision }: Deployment,
  cluster: Cluster,
  definition: TaskDefinition,
): RunTaskSpec {
  const { launchType, capacityProviderStrategy, platformVersion, platformFamily } = revision;
  const overrides = parseOverrides(undefined, definition);
  const { volumeConfigurations } = revision;
  const managedVolume = parseVolumeConfigurations(volumeConfigurations, definition);
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
    ...(managedVolume && { managedVolume }),
    ...present({
      serviceConnect: revision.serviceConnect,
      serviceRegistry: revision.serviceRegistries?.[0],
    }),
    group: serviceGroup(service.name),
    startedBy: id,
    referenceId: undefined,
    enableExecuteCommand: service.enableExecuteCommand,
    tags: tagsOf(service, cluster, definition),
  };
}

/** Where the tasks of a service may go, and which place is best. */
export function servicePlacement(
  service: Service,
  spec: RunTaskSpec,
  definition: TaskDefinition,
): PlacementSpec {
  const placement = runTaskPlacement(spec, definition, service);
  if (service.placementStrategy.length > 0) return placement;
  return { ...placement, strategy: defaultServiceStrategy };
}

/** Tags of tasks are copied when they start, and never again. Managed ones win over others of their keys. */
function tagsOf(service: Service, cluster: Cluster, definition: TaskDefinition): readonly Tag[] {
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
