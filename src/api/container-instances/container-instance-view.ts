import type {
  Attribute as WireAttribute,
  ContainerInstance as WireContainerInstance,
  ContainerInstanceHealthStatus,
  Resource,
} from '@aws-sdk/client-ecs';
import type {
  ContainerInstance,
  InstanceHealthCheck,
} from '../../domain/container-instance/container-instance.ts';
import {
  remainingResources,
  type RemainingResources,
} from '../../domain/container-instance/remaining-resources.ts';
import { present } from '../../domain/present.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

export interface ShownInstanceMembers {
  readonly tags?: boolean;
  readonly health?: boolean;
}

/** The API's shape of a container instance (API reference, "ContainerInstance"). */
export function containerInstanceView(
  instance: ContainerInstance,
  tables: ReadonlyTables,
  shown: ShownInstanceMembers,
): WireContainerInstance {
  const tasks = [...tables.tasks.onInstance(instance.arn)];
  const { registeredResources, healthCheck } = instance;
  const { reservedPorts, reservedUdpPorts } = registeredResources;
  return {
    agentConnected: instance.agentConnected,
    attachments: [],
    attributes: instance.attributes.map((attribute): WireAttribute => ({ ...attribute })),
    containerInstanceArn: instance.arn,
    pendingTasksCount: tasks.filter(
      (t) => t.lastStatus === 'PENDING' || t.lastStatus === 'ACTIVATING',
    ).length,
    registeredAt: new Date(instance.registeredAt),
    registeredResources: resourcesView({
      ...registeredResources,
      takenPorts: reservedPorts,
      takenUdpPorts: reservedUdpPorts,
    }),
    remainingResources: resourcesView(remainingOn(instance, tables)),
    runningTasksCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
    status: instance.status,
    tags: shown.tags ? [...instance.tags] : [],
    version: instance.version,
    versionInfo: { ...instance.versionInfo },
    ...present({
      agentUpdateStatus: instance.agentUpdateStatus,
      capacityProviderName: instance.capacityProviderName,
      ec2InstanceId: instance.ec2InstanceId,
      statusReason: instance.statusReason,
      healthStatus: shown.health ? healthView(healthCheck) : undefined,
    }),
  };
}

/** What an instance has left, after all tasks on it that have not STOPPED. */
export function remainingOn(
  { arn, registeredResources }: ContainerInstance,
  tables: ReadonlyTables,
): RemainingResources {
  const tasks = [...tables.tasks.onInstance(arn)].flatMap((task) => {
    const definition = tables.taskDefinitions.findByArn(task.taskDefinitionArn);
    return definition ? [{ task, definition }] : [];
  });
  return remainingResources(registeredResources, tasks);
}

function resourcesView(resources: RemainingResources): Resource[] {
  return [
    integerResource('CPU', resources.cpuUnits),
    integerResource('MEMORY', resources.memoryMiB),
    setResource('PORTS', resources.takenPorts.map(String)),
    setResource('PORTS_UDP', resources.takenUdpPorts.map(String)),
    ...(resources.gpuIds.length > 0 ? [setResource('GPU', resources.gpuIds)] : []),
  ];
}

function integerResource(name: string, integerValue: number): Resource {
  return { name, type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue };
}

function setResource(name: string, values: readonly string[]): Resource {
  return {
    name,
    type: 'STRINGSET',
    doubleValue: 0,
    longValue: 0,
    integerValue: 0,
    stringSetValue: [...values],
  };
}

function healthView(check: InstanceHealthCheck | undefined): ContainerInstanceHealthStatus {
  if (!check) return { overallStatus: 'INSUFFICIENT_DATA', details: [] };
  const { type, status, lastUpdated, lastStatusChange } = check;
  return {
    overallStatus: status,
    details: [
      {
        type,
        status,
        lastUpdated: new Date(lastUpdated),
        lastStatusChange: new Date(lastStatusChange),
      },
    ],
  };
}
