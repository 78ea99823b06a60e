import type { ContainerInstance } from '../container-instance/container-instance.ts';
import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import type { RemainingResources } from '../placement/placement-index.ts';
import { present } from '../present.ts';
import type { EventContent } from './ecs-event.ts';

/** Each change that an instance's version counts is an event. Tasks that come and go are not among them. */
export function isContainerInstanceEvent(
  before: ContainerInstance | undefined,
  after: ContainerInstance,
): boolean {
  return before?.version !== after.version;
}

/** `ECS Container Instance State Change`. What its tasks leave of an instance is no part of its record. */
export function containerInstanceEvent(
  instance: ContainerInstance,
  remaining: RemainingResources | undefined,
  at: Instant,
): EventContent {
  const { reservedPorts: ports, reservedUdpPorts: udpPorts } = instance.registeredResources;
  const registered = { ...instance.registeredResources, ports, udpPorts };
  return {
    type: 'ECS Container Instance State Change',
    resourceArn: instance.arn,
    detail: {
      agentConnected: instance.agentConnected,
      attributes: instance.attributes,
      clusterArn: instance.clusterArn,
      containerInstanceArn: instance.arn,
      registeredResources: resourcesOf(registered),
      remainingResources: resourcesOf(remaining ?? registered),
      status: instance.status,
      version: instance.version,
      versionInfo: instance.versionInfo,
      registeredAt: isoInstant(instance.registeredAt),
      updatedAt: isoInstant(at),
      ...present({
        agentUpdateStatus: instance.agentUpdate?.status,
        capacityProviderName: instance.capacityProviderName,
        ec2InstanceId: instance.ec2InstanceId,
        statusReason: instance.statusReason,
      }),
    },
  };
}

/** Without the zeros with which the API fills up the members of other types. */
function resourcesOf({ cpuUnits, memoryMiB, ports, udpPorts, gpuIds }: RemainingResources) {
  return [
    { name: 'CPU', type: 'INTEGER', integerValue: cpuUnits },
    { name: 'MEMORY', type: 'INTEGER', integerValue: memoryMiB },
    { name: 'PORTS', type: 'STRINGSET', stringSetValue: ports.map(String) },
    { name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: udpPorts.map(String) },
    ...(gpuIds.length > 0 ? [{ name: 'GPU', type: 'STRINGSET', stringSetValue: gpuIds }] : []),
  ];
}
