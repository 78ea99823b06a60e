import {
  flag,
  frame,
  integer,
  listOf,
  mapOf,
  named,
  number,
  object,
  oneOf,
  optional,
  text,
  type Shape,
} from './frame.ts';
import { addressed, generated } from './addressed.ts';
import { attachment } from './attachment.ts';
import { elasticNetworkInterface } from './elastic-network-interface.ts';
import { payloadContainer } from './payload-container.ts';
import { payloadVolume } from './payload-volume.ts';
import { roleCredentials } from './role-credentials.ts';

/** Something of the host that a container gets, such as a GPU by its id. */
const association = object({
  name: named,
  type: oneOf('gpu', 'elastic-inference'),
  content: object({ encoding: oneOf('identity', 'base64'), value: text }),
  containers: listOf(text),
});

/** A task to run, or with its ARN and STOPPED alone one to stop. */
const payloadTask = object({
  arn: named,
  desiredStatus: oneOf('RUNNING', 'STOPPED'),
  family: optional(text),
  /** The revision, as a string. */
  version: optional(text),
  taskClusterArn: optional(text),
  taskDefinitionAccountId: optional(text),
  serviceName: optional(text),
  group: optional(text),
  launchType: optional(text),
  networkMode: optional(oneOf('bridge', 'host', 'awsvpc', 'none')),
  /** vCPU: 0.5 is 512 units. */
  cpu: optional(number),
  /** MiB. */
  memory: optional(integer),
  overrides: optional(text),
  pidMode: optional(oneOf('host', 'task')),
  ipcMode: optional(oneOf('host', 'task', 'none')),
  enableFaultInjection: optional(flag),
  containers: optional(listOf(payloadContainer)),
  volumes: optional(listOf(payloadVolume)),
  roleCredentials: optional(roleCredentials),
  executionRoleCredentials: optional(roleCredentials),
  elasticNetworkInterfaces: optional(listOf(elasticNetworkInterface)),
  attachments: optional(listOf(attachment)),
  associations: optional(listOf(association)),
  proxyConfiguration: optional(
    object({ type: oneOf('APPMESH'), containerName: named, properties: optional(mapOf(text)) }),
  ),
});

export type PayloadTask = typeof payloadTask extends Shape<infer T> ? T : never;
export type PayloadContainer = typeof payloadContainer extends Shape<infer T> ? T : never;
export type PayloadVolume = typeof payloadVolume extends Shape<infer T> ? T : never;
export type PayloadAttachment = typeof attachment extends Shape<infer T> ? T : never;
export type PayloadAssociation = typeof association extends Shape<infer T> ? T : never;
export type PayloadNetworkInterface =
  typeof elasticNetworkInterface extends Shape<infer T> ? T : never;

/**
 * Tasks to start or stop; always one, because a payload with any invalid task is not acked. Sent again, it changes
 * nothing.
 */
export const payloadMessage = frame(
  'PayloadMessage',
  object({
    ...addressed,
    ...generated,
    seqNum: optional(integer),
    tasks: listOf(payloadTask),
  }),
);
