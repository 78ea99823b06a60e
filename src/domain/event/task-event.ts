import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import { present } from '../present.ts';
import { serviceConnectAttachment } from '../service-connect/service-connect-attachment.ts';
import { managedVolumeAttachment } from '../task/managed-volume.ts';
import type { Container, ManagedAgent, NetworkInterface, Task } from '../task/task.ts';
import type { EventContent } from './ecs-event.ts';

/** Each change that a task's version counts is an event, and nothing else is. */
export function isTaskEvent(before: Task | undefined, after: Task): boolean {
  return before?.version !== after.version;
}

/** `ECS Task State Change`: much like the API's shape of a task, but with less in it (a recording shows it so). */
export function taskEvent(task: Task, at: Instant): EventContent {
  const { managedVolume, networkInterface, serviceConnect } = task;
  return {
    type: 'ECS Task State Change',
    resourceArn: task.arn,
    detail: {
      attachments: [
        ...(networkInterface ? [attachmentOf(networkInterface)] : []),
        // What events have of these two is not known; they are shown as in the API. [inferred]
        ...(managedVolume ? [managedVolumeAttachment(task, managedVolume)] : []),
        ...(serviceConnect ? [serviceConnectAttachment(task, serviceConnect)] : []),
      ],
      attributes: [{ name: 'ecs.cpu-architecture', value: task.cpuArchitecture }],
      availabilityZone: task.availabilityZone,
      clusterArn: task.clusterArn,
      containers: task.containers.map((container) => containerOf(container, task)),
      createdAt: isoInstant(task.createdAt),
      desiredStatus: task.desiredStatus,
      enableExecuteCommand: task.enableExecuteCommand,
      group: task.group,
      launchType: task.launchType,
      lastStatus: task.lastStatus,
      overrides: task.overrides,
      taskArn: task.arn,
      taskDefinitionArn: task.taskDefinitionArn,
      updatedAt: isoInstant(at),
      version: task.version,
      ...present({
        capacityProviderName: task.capacityProviderName,
        containerInstanceArn: task.containerInstanceArn,
        cpu: task.cpu,
        ephemeralStorage:
          task.ephemeralStorageGiB === undefined
            ? undefined
            : { sizeInGiB: task.ephemeralStorageGiB },
        memory: task.memory,
        platformVersion: task.platformVersion,
        startedBy: task.startedBy,
        stopCode: task.stop?.code,
        stoppedReason: task.stop?.reason,
        ...momentsOf(task),
      }),
    },
  };
}

/** Connectivity and the times of the pull are shown only once a task runs or stops, as in the API. */
function momentsOf(task: Task) {
  const isEarly = task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING';
  const connectivityAt = isEarly ? undefined : momentOf(task.connectivityAt);
  return {
    connectivity: connectivityAt && 'CONNECTED',
    connectivityAt,
    pullStartedAt: isEarly ? undefined : momentOf(task.pullStartedAt),
    pullStoppedAt: isEarly ? undefined : momentOf(task.pullStoppedAt),
    startedAt: momentOf(task.startedAt),
    stoppingAt: momentOf(task.stoppingAt),
    executionStoppedAt: momentOf(task.executionStoppedAt),
    stoppedAt: momentOf(task.stoppedAt),
  };
}

function momentOf(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : isoInstant(instant);
}

function attachmentOf({ attachmentId, status, subnetId, address }: NetworkInterface) {
  const details = [{ name: 'subnetId', value: subnetId }];
  if (address) {
    details.push(
      { name: 'networkInterfaceId', value: address.networkInterfaceId },
      { name: 'macAddress', value: address.macAddress },
      { name: 'privateIPv4Address', value: address.privateIpv4Address },
    );
  }
  return { id: attachmentId, type: 'eni', status, details };
}

function containerOf(container: Container, { arn, networkInterface }: Task) {
  return {
    containerArn: container.arn,
    lastStatus: container.lastStatus,
    name: container.name,
    image: container.image,
    taskArn: arn,
    cpu: container.cpu,
    ...reachOf(container, networkInterface),
    ...present({
      exitCode: container.exitCode,
      reason: container.reason,
      imageDigest: container.imageDigest,
      runtimeId: container.runtimeId,
      memory: container.memory,
      memoryReservation: container.memoryReservation,
      gpuIds: container.gpuIds,
      managedAgents: container.managedAgents?.map(managedAgentOf),
    }),
  };
}

/** Events say `status` where the API says `lastStatus`. */
function managedAgentOf({ name, lastStatus, lastStartedAt, reason }: ManagedAgent) {
  return {
    name,
    status: lastStatus,
    ...present({ lastStartedAt: momentOf(lastStartedAt), reason }),
  };
}

/** A container is reached at its task's address, or at ports of its host. */
function reachOf({ networkBindings }: Container, networkInterface: NetworkInterface | undefined) {
  if (!networkInterface) return networkBindings.length > 0 ? { networkBindings } : {};
  const { attachmentId, address } = networkInterface;
  const privateIpv4Address = address?.privateIpv4Address;
  return { networkInterfaces: address ? [{ attachmentId, privateIpv4Address }] : [] };
}
