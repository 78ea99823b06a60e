import type { NetworkMode } from '@aws-sdk/client-ecs';
import { scopeOfArn } from '../../../domain/arn.ts';
import { present } from '../../../domain/present.ts';
import { effectiveContainers } from '../../../domain/task/effective-containers.ts';
import type { Task } from '../../../domain/task/task.ts';
import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../../../domain/task-definition/task-definition.ts';
import type { TaskOrder } from '../../compute.ts';
import type {
  PayloadAssociation,
  PayloadNetworkInterface,
  PayloadTask,
} from '../frames/payload-message.ts';
import type { WireRoleCredentials } from '../frames/role-credentials.ts';
import { attachmentArnOf } from './attachment-arn.ts';
import { fileSystemAttachmentOf } from './file-system-attachment.ts';
import { volumeAttachmentOf } from './managed-volume-attachment.ts';
import { payloadOfContainer } from './payload-of-container.ts';
import { proxyOf, serviceConnectAttachmentOf } from './service-connect.ts';
import { payloadOfVolume } from './payload-of-volume.ts';

const cpuUnitsPerCpu = 1024;

/** What the task's roles are worth at the moment. */
export interface TaskCredentials {
  readonly task?: WireRoleCredentials;
  readonly execution?: WireRoleCredentials;
}

/** All that an agent needs to run a task; `logsEndpoint` is where it finds our CloudWatch Logs. */
export function payloadOfTask(
  order: TaskOrder,
  credentials: TaskCredentials,
  logsEndpoint?: string,
): PayloadTask {
  const { task, taskDefinition } = order;
  const { content } = taskDefinition;
  const { networkMode = 'bridge' } = content;
  const [scheduler, serviceName] = task.group.split(':');
  return {
    arn: task.arn,
    desiredStatus: 'RUNNING',
    family: task.family,
    version: String(taskDefinition.revision),
    taskClusterArn: task.clusterArn,
    taskDefinitionAccountId: scopeOfArn(task.arn).accountId,
    group: task.group,
    launchType: task.launchType,
    networkMode,
    overrides: '{}',
    containers: containersOf(order).map((container) =>
      payloadOfContainer(container, order, logsEndpoint),
    ),
    volumes: content.volumes.map(payloadOfVolume),
    ...present({
      serviceName: scheduler === 'service' ? serviceName : undefined,
      cpu: task.cpu === undefined ? undefined : Number(task.cpu) / cpuUnitsPerCpu,
      memory: task.memory === undefined ? undefined : Number(task.memory),
      pidMode: content.pidMode,
      ipcMode: content.ipcMode,
      enableFaultInjection: content.enableFaultInjection,
      proxyConfiguration: proxyConfigurationOf(content),
      roleCredentials: credentials.task,
      executionRoleCredentials: credentials.execution,
      elasticNetworkInterfaces: task.networkInterface && networkInterfacesOf(task),
      attachments: attachmentsOf(order, networkMode),
      associations: associationsOf(task),
    }),
  };
}

/** A stop says no more: a whole task would be checked again, and its credentials would undo newer ones. */
export function stopOfTask({ arn }: Task): PayloadTask {
  return { arn, desiredStatus: 'STOPPED' };
}

function proxyConfigurationOf({ proxyConfiguration }: TaskDefinitionContent) {
  if (!proxyConfiguration) return undefined;
  const { containerName = '', properties = [] } = proxyConfiguration;
  return {
    type: 'APPMESH' as const,
    containerName,
    properties: Object.fromEntries(properties.map(({ name = '', value = '' }) => [name, value])),
  };
}

/** The GPUs of the host that each container was given. */
function associationsOf({ containers }: Task): readonly PayloadAssociation[] | undefined {
  const associations = containers.flatMap(({ name, gpuIds = [] }) =>
    gpuIds.map((id) => ({
      name: id,
      type: 'gpu' as const,
      content: { encoding: 'base64' as const, value: '' },
      containers: [name],
    })),
  );
  return associations.length > 0 ? associations : undefined;
}

/** Those of the definition, and the proxy of Service Connect. */
function containersOf({ task, taskDefinition }: TaskOrder): readonly ContainerDefinition[] {
  const { overrides, serviceConnect } = task;
  const containers = effectiveContainers(taskDefinition.content, overrides);
  return serviceConnect ? [...containers, proxyOf(serviceConnect.setting)] : containers;
}

function attachmentsOf(
  { task, taskDefinition: { content } }: TaskOrder,
  networkMode: NetworkMode,
): PayloadTask['attachments'] {
  const { arn, managedVolume, serviceConnect } = task;
  const attachments = [
    ...content.volumes.flatMap((volume) => fileSystemAttachmentOf(arn, volume) ?? []),
    ...(managedVolume ? [volumeAttachmentOf(task, managedVolume)] : []),
    ...(serviceConnect ? [serviceConnectAttachmentOf(arn, serviceConnect, networkMode)] : []),
  ];
  return attachments.length > 0 ? attachments : undefined;
}

/** The interface as far as it is known; empty before it has its address. */
export function networkInterfacesOf({
  arn,
  networkInterface,
}: Task): readonly PayloadNetworkInterface[] {
  const { address, attachmentId } = networkInterface ?? {};
  if (!address || attachmentId === undefined) return [];
  return [
    {
      attachmentArn: attachmentArnOf(arn, attachmentId),
      ec2Id: address.networkInterfaceId,
      macAddress: address.macAddress,
      ipv4Addresses: [{ privateAddress: address.privateIpv4Address, primary: true }],
      subnetGatewayIpv4Address: gatewayOf(address.privateIpv4Address),
    },
  ];
}

/** With its prefix: subnets have 16 bits here, and their router is the first host. */
function gatewayOf(address: string): string {
  const [first, second] = address.split('.');
  return `${first}.${second}.0.1/16`;
}
