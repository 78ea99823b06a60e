import { isIP, isIPv4 } from 'node:net';
import type {
  PayloadAttachment,
  PayloadTask,
} from '../../src/compute/ecs-agent/frames/payload-message.ts';

/**
 * Why the official agent (1.105.1) would refuse the attachments of a task, much in its own words; undefined where it takes
 * them. Its sources: `agent/taskresource/volume/dockervolume_ebs.go`, `dockervolume_s3files.go`, `agent/api/serviceconnect`.
 */
export function attachmentTrouble(task: PayloadTask): string | undefined {
  for (const attachment of task.attachments ?? []) {
    const trouble = troubleOf(attachment, task);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function troubleOf(attachment: PayloadAttachment, task: PayloadTask): string | undefined {
  const properties = propertiesOf(attachment);
  switch (attachment.attachmentType) {
    case 'amazonebs':
      return propertyTrouble(properties, requiredOfVolumes);
    case 's3files':
      return propertyTrouble(properties, ['volumeId', 'volumeName']);
    case 'serviceconnectdetail':
      return connectTrouble(properties, task);
    default:
      return undefined;
  }
}

export function propertiesOf({
  attachmentProperties = [],
}: PayloadAttachment): ReadonlyMap<string, string> {
  return new Map(attachmentProperties.map(({ name, value }) => [name, value]));
}

/** Of the task; the message before it must have the other two as well. */
const requiredOfVolumes = ['volumeId', 'volumeName', 'sourceVolumeHostPath'];
export const requiredOfAnnouncements = [...requiredOfVolumes, 'volumeSizeGib', 'deviceName'];

function propertyTrouble(
  properties: ReadonlyMap<string, string>,
  required: readonly string[],
): string | undefined {
  for (const [name, value] of properties) {
    if (value === '') return `encountered empty value for property: ${name}`;
  }
  const missing = required.find((name) => !properties.has(name));
  return missing && `missing ${missing} in the config`;
}

/** What the agent reads of a task's Service Connect. */
export interface ConnectConfig {
  readonly ingressConfig?: readonly IngressListener[];
  readonly egressConfig?: {
    readonly listenerName?: string;
    readonly vip?: { readonly ipv4Cidr?: string };
  };
  readonly dnsConfig?: readonly { readonly hostName?: string; readonly address?: string }[];
}

interface IngressListener {
  readonly listenerName?: string;
  readonly listenerPort?: number;
  readonly interceptPort?: number;
  readonly hostPort?: number;
}

/** The configuration in an attachment; throws where it is not JSON. */
export function connectConfigOf(attachment: PayloadAttachment): ConnectConfig {
  const config: ConnectConfig = JSON.parse(
    propertiesOf(attachment).get('ServiceConnectConfig') ?? '',
  );
  return config;
}

function connectTrouble(
  properties: ReadonlyMap<string, string>,
  { containers = [], networkMode = 'bridge' }: PayloadTask,
): string | undefined {
  const containerName = properties.get('ContainerName');
  const text = properties.get('ServiceConnectConfig');
  if (containerName === undefined || text === undefined) {
    return 'missing service connect config required key(s) in the attachment';
  }
  const found = containers.filter(({ name }) => name === containerName).length;
  if (found !== 1) return `found ${found} service connect container name=${containerName}`;
  const config: ConnectConfig = JSON.parse(text);
  return egressTrouble(config) ?? namesTrouble(config) ?? ingressTrouble(config, networkMode);
}

function egressTrouble({ egressConfig }: ConnectConfig): string | undefined {
  if (!egressConfig) return undefined;
  if (!egressConfig.listenerName) return 'missing listener name in the egress config';
  const { ipv4Cidr = '' } = egressConfig.vip ?? {};
  const [address = '', bits] = ipv4Cidr.split('/');
  const isRange = isIPv4(address) && Number(bits) <= 32;
  return isRange ? undefined : `CIDR=${ipv4Cidr} is not a valid IPv4 CIDR`;
}

function namesTrouble({ dnsConfig = [] }: ConnectConfig): string | undefined {
  for (const { hostName, address = '' } of dnsConfig) {
    if (!hostName) return 'missing hostname in the DNS config';
    if (!isIP(address)) return `address=${address} is not a valid IP address`;
  }
  return undefined;
}

function ingressTrouble(
  { ingressConfig = [] }: ConnectConfig,
  networkMode: string,
): string | undefined {
  if (ingressConfig.length > 0 && networkMode !== 'bridge' && networkMode !== 'awsvpc') {
    return `service connect does not support for ${networkMode} newtork mode`;
  }
  const nameless = ingressConfig.find((one) => one.interceptPort && !one.listenerName);
  if (nameless) return 'missing listener name in the ingress config';
  return portsTrouble(
    ingressConfig.flatMap(({ interceptPort, listenerPort }) =>
      networkMode === 'awsvpc' ? [interceptPort, listenerPort] : [listenerPort],
    ),
  );
}

function portsTrouble(ports: readonly (number | undefined)[]): string | undefined {
  const used = new Set<number>();
  for (const port of ports) {
    if (port === undefined) continue;
    if (port < 1 || port > 65_535) return `port=${port} is not a valid port`;
    if (used.has(port)) return `port collision detected in the ingress config with port=${port}`;
    used.add(port);
  }
  return undefined;
}
