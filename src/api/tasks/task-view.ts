import type {
  Attachment,
  Container as WireContainer,
  KeyValuePair,
  ManagedAgent as WireManagedAgent,
  Task as WireTask,
} from '@aws-sdk/client-ecs';
import type { Instant } from '../../domain/instant.ts';
import { present } from '../../domain/present.ts';
import { shownStopCode } from '../../domain/task/interrupt-task.ts';
import {
  taskHealth,
  type Container,
  type ManagedAgent,
  type NetworkInterface,
  type Task,
} from '../../domain/task/task.ts';
import { serviceConnectAttachment } from '../../domain/service-connect/service-connect-attachment.ts';
import { managedVolumeAttachment } from '../../domain/task/managed-volume.ts';
import { Fragment } from '../../protocol/fragment.ts';

interface ShownMembers {
  readonly tags: boolean;
}

/** The view for answers that many ask for again and again. */
export function taskFragment(task: Task, shown: ShownMembers): Fragment<WireTask> {
  const variant = shown.tags ? 'Task TAGS' : 'Task';
  return new Fragment({ record: task, variant, view: () => taskView(task, shown) });
}

/** The API's shape of a task (API reference, "Task"). */
export function taskView(task: Task, shown: ShownMembers): WireTask {
  return {
    attachments: attachmentViews(task),
    attributes: [{ name: 'ecs.cpu-architecture', value: task.cpuArchitecture }],
    availabilityZone: task.availabilityZone,
    clusterArn: task.clusterArn,
    containers: task.containers.map((container) => containerView(container, task)),
    createdAt: new Date(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    group: task.group,
    healthStatus: taskHealth(task),
    lastStatus: task.lastStatus,
    launchType: task.launchType,
    overrides: overridesView(task),
    tags: shown.tags ? [...task.tags] : [],
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinitionArn,
    version: task.version,
    ...present({
      capacityProviderName: task.capacityProviderName,
      containerInstanceArn: task.containerInstanceArn,
      cpu: task.cpu,
      memory: task.memory,
      platformFamily: task.platformFamily,
      platformVersion: task.platformVersion,
      startedBy: task.startedBy,
      stopCode: shownStopCode(task),
      stoppedReason: task.stop?.reason,
      ...storageView(task),
      ...momentsOf(task),
    }),
  };
}

/**
 * Connectivity and the times of the pull are shown only once a task runs or stops (a recording of
 * ECS shows it so), although they are known before.
 */
function momentsOf(task: Task): Partial<WireTask> {
  const early = task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING';
  const connected = !early && task.connectivityAt !== undefined;
  return {
    ...(connected && { connectivity: 'CONNECTED' as const }),
    ...present({
      connectivityAt: early ? undefined : dateOf(task.connectivityAt),
      pullStartedAt: early ? undefined : dateOf(task.pullStartedAt),
      pullStoppedAt: early ? undefined : dateOf(task.pullStoppedAt),
      startedAt: dateOf(task.startedAt),
      stoppingAt: dateOf(task.stoppingAt),
      executionStoppedAt: dateOf(task.executionStoppedAt),
      stoppedAt: dateOf(task.stoppedAt),
    }),
  };
}

function dateOf(instant: Instant | undefined): Date | undefined {
  return instant === undefined ? undefined : new Date(instant);
}

function storageView({
  ephemeralStorageGiB: sizeInGiB,
  ephemeralStorageKmsKeyId: kmsKeyId,
}: Task): Pick<WireTask, 'ephemeralStorage' | 'fargateEphemeralStorage'> {
  if (sizeInGiB === undefined) return {};
  return {
    ephemeralStorage: { sizeInGiB },
    fargateEphemeralStorage: { sizeInGiB, ...present({ kmsKeyId }) },
  };
}

function overridesView({ overrides }: Task): WireTask['overrides'] {
  return {
    ...overrides,
    containerOverrides: [...overrides.containerOverrides],
    inferenceAcceleratorOverrides: [],
  };
}

function attachmentViews(task: Task): Attachment[] {
  const { managedVolume, networkInterface, serviceConnect } = task;
  return [
    ...(networkInterface ? [attachmentView(networkInterface)] : []),
    ...(managedVolume ? [managedVolumeAttachment(task, managedVolume)] : []),
    ...(serviceConnect ? [serviceConnectAttachment(task, serviceConnect)] : []),
  ];
}

function attachmentView({ attachmentId, status, subnetId, address }: NetworkInterface): Attachment {
  const details: KeyValuePair[] = [{ name: 'subnetId', value: subnetId }];
  if (address) {
    details.push(
      { name: 'networkInterfaceId', value: address.networkInterfaceId },
      { name: 'macAddress', value: address.macAddress },
      { name: 'privateIPv4Address', value: address.privateIpv4Address },
    );
  }
  return { id: attachmentId, type: 'ElasticNetworkInterface', status, details };
}

function containerView(container: Container, task: Task): WireContainer {
  const { attachmentId, address } = task.networkInterface ?? {};
  return {
    containerArn: container.arn,
    cpu: container.cpu,
    healthStatus: container.healthStatus,
    image: container.image,
    lastStatus: container.lastStatus,
    name: container.name,
    networkInterfaces:
      attachmentId !== undefined && address
        ? [{ attachmentId, privateIpv4Address: address.privateIpv4Address }]
        : [],
    taskArn: task.arn,
    ...(container.runtimeId !== undefined && {
      networkBindings: container.networkBindings.map((binding) => ({ ...binding })),
    }),
    ...present({
      exitCode: container.exitCode,
      gpuIds: container.gpuIds && [...container.gpuIds],
      imageDigest: container.imageDigest,
      managedAgents: container.managedAgents?.map(managedAgentView),
      memory: container.memory,
      memoryReservation: container.memoryReservation,
      reason: container.reason,
      runtimeId: container.runtimeId,
    }),
  };
}

function managedAgentView({ lastStartedAt, ...agent }: ManagedAgent): WireManagedAgent {
  return { ...agent, ...present({ lastStartedAt: dateOf(lastStartedAt) }) };
}
