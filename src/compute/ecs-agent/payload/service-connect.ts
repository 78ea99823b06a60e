import { present } from '../../../domain/present.ts';
import {
  proxyImage,
  type ServiceConnect,
  type TaskServiceConnect,
} from '../../../domain/service-connect/service-connect.ts';
import { virtualAddress, virtualRange } from '../../../domain/service-connect/virtual-addresses.ts';
import type { NetworkMode } from '@aws-sdk/client-ecs';
import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { PayloadAttachment } from '../frames/payload-message.ts';
import { attachmentArnOf } from './attachment-arn.ts';

/** In the network mode bridge the proxy has a namespace of its own, so that these ports are free. */
const firstListenerPort = 15_000;

/** The proxy as the agent is told of it: it puts in the image, the user and how to reach its control plane. */
export function proxyOf({ configuration, containerName }: ServiceConnect): ContainerDefinition {
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
    // The same check as the agent gives its relay. The other containers wait until it is HEALTHY.
    healthCheck: {
      command: ['CMD-SHELL', '/health_check.sh'],
      interval: 5,
      timeout: 2,
      retries: 3,
    },
    ...present({ logConfiguration: configuration.logConfiguration }),
  };
}

/** Where the proxy listens, and which names it answers for. */
export function serviceConnectAttachmentOf(
  taskArn: string,
  { attachmentId, setting }: TaskServiceConnect,
  networkMode: NetworkMode,
): PayloadAttachment {
  const config = {
    ingressConfig: ingressOf(setting, networkMode),
    ...(setting.reaches.length > 0 && {
      // Its port is the agent's choice.
      egressConfig: { listenerName: 'egress', vip: { ipv4Cidr: virtualRange } },
      dnsConfig: namesOf(setting),
    }),
  };
  return {
    attachmentArn: attachmentArnOf(taskArn, attachmentId),
    attachmentType: 'serviceconnectdetail',
    attachmentProperties: [
      { name: 'ContainerName', value: setting.containerName },
      { name: 'ServiceConnectConfig', value: JSON.stringify(config) },
    ],
  };
}

/** With an interface of its own a task keeps its ports, and the proxy gets between; else the proxy has ports of its own. */
function ingressOf({ endpoints }: ServiceConnect, networkMode: NetworkMode): readonly object[] {
  return endpoints.map(({ portName, containerPort, ingressPortOverride }, index) => {
    const listenerName = `ingress-${portName}`;
    if (networkMode !== 'awsvpc') return { listenerName, listenerPort: firstListenerPort + index };
    return ingressPortOverride === undefined
      ? { listenerName, interceptPort: containerPort }
      : { listenerName, listenerPort: ingressPortOverride };
  });
}

/** One address for each name, whatever ports it has, counted from 1 in their order. */
function namesOf({ reaches }: ServiceConnect): readonly object[] {
  const names = [...new Set(reaches.map(({ dnsName }) => dnsName))];
  return names.map((hostName, index) => ({ hostName, address: virtualAddress(index + 1) }));
}
