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
import type { RemainingResources } from '../../domain/placement/placement-index.ts';
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
  const { reservedPorts: ports, reservedUdpPorts: udpPorts } = registeredResources;
  const registered = { ...registeredResources, ports, udpPorts };
  return {
    agentConnected: instance.agentConnected,
    attachments: [],
    attributes: instance.attributes.map((attribute): WireAttribute => ({ ...attribute })),
    containerInstanceArn: instance.arn,
    pendingTasksCount: tasks.filter(
      (t) => t.lastStatus === 'PENDING' || t.lastStatus === 'ACTIVATING',
    ).length,
    registeredAt: new Date(instance.registeredAt),
    registeredResources: resourcesView(registered),
    remainingResources: resourcesView(tables.placements.remaining(instance) ?? registered),
    runningTasksCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
    status: instance.status,
    tags: shown.tags ? [...instance.tags] : [],
    version: instance.version,
    versionInfo: { ...instance.versionInfo },
    ...present({
      agentUpdateStatus: instance.agentUpdate?.status,
      capacityProviderName: instance.capacityProviderName,
      ec2InstanceId: instance.ec2InstanceId,
      statusReason: instance.statusReason,
      healthStatus: shown.health ? healthView(healthCheck) : undefined,
    }),
  };
}

function resourcesView(resources: RemainingResources): Resource[] {
  return [
    integerResource('CPU', resources.cpuUnits),
    integerResource('MEMORY', resources.memoryMiB),
    setResource('PORTS', resources.ports.map(String)),
    setResource('PORTS_UDP', resources.udpPorts.map(String)),
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
