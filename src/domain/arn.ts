import { clientError, invalidParameter } from './errors.ts';

/** Where a resource lives. All state is kept per account and region. */
export interface Scope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

declare const kind: unique symbol;
type Arn<Kind extends string> = string & { readonly [kind]: Kind };

export type ClusterArn = Arn<'cluster'>;
export type TaskDefinitionArn = Arn<'task-definition'>;
export type TaskArn = Arn<'task'>;
export type ContainerArn = Arn<'container'>;
export type CapacityProviderArn = Arn<'capacity-provider'>;
export type ServiceArn = Arn<'service'>;
export type ServiceRevisionArn = Arn<'service-revision'>;
export type ServiceDeploymentArn = Arn<'service-deployment'>;
export type TaskSetArn = Arn<'task-set'>;
export type ContainerInstanceArn = Arn<'container-instance'>;
export type DaemonArn = Arn<'daemon'>;
export type DaemonRevisionArn = Arn<'daemon-revision'>;
export type DaemonDeploymentArn = Arn<'daemon-deployment'>;

/** An ARN of this service, taken apart: `arn:PARTITION:ecs:REGION:ACCOUNT:TYPE/PATH`. */
export interface ParsedArn {
  readonly scope: Scope;
  readonly resourceType: string;
  /** What follows the resource type, split at each slash. */
  readonly path: readonly string[];
}

/** The partition that a region belongs to (AWS General Reference, "Amazon Resource Names"). */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-iso-')) return 'aws-iso';
  if (region.startsWith('us-isob-')) return 'aws-iso-b';
  return 'aws';
}

/** A scope as one string, the prefix of all its ARNs; used as a key. */
export function scopeKey(scope: Scope): string {
  return `arn:${scope.partition}:ecs:${scope.region}:${scope.accountId}`;
}

// The casts below are where plain strings become ARNs: each is built or checked here and nowhere else.

export function clusterArn(scope: Scope, clusterName: string): ClusterArn {
  return `${scopeKey(scope)}:cluster/${clusterName}` as ClusterArn;
}

export function taskDefinitionArn(
  scope: Scope,
  family: string,
  revision: number,
): TaskDefinitionArn {
  return `${scopeKey(scope)}:task-definition/${family}:${revision}` as TaskDefinitionArn;
}

/** A daemon task definition is what tasks are made from as well: only its families are others. */
export function daemonTaskDefinitionArn(
  scope: Scope,
  family: string,
  revision: number,
): TaskDefinitionArn {
  return `${scopeKey(scope)}:daemon-task-definition/${family}:${revision}` as TaskDefinitionArn;
}

export function taskArn(scope: Scope, clusterName: string, taskId: string): TaskArn {
  return `${scopeKey(scope)}:task/${clusterName}/${taskId}` as TaskArn;
}

export function containerArn(
  scope: Scope,
  clusterName: string,
  taskId: string,
  containerId: string,
): ContainerArn {
  return `${scopeKey(scope)}:container/${clusterName}/${taskId}/${containerId}` as ContainerArn;
}

export function capacityProviderArn(scope: Scope, name: string): CapacityProviderArn {
  return `${scopeKey(scope)}:capacity-provider/${name}` as CapacityProviderArn;
}

export function containerInstanceArn(
  scope: Scope,
  clusterName: string,
  instanceId: string,
): ContainerInstanceArn {
  return `${scopeKey(scope)}:container-instance/${clusterName}/${instanceId}` as ContainerInstanceArn;
}

export function serviceArn(scope: Scope, clusterName: string, serviceName: string): ServiceArn {
  return `${scopeKey(scope)}:service/${clusterName}/${serviceName}` as ServiceArn;
}

/** What belongs to a service has the path of its ARN, and an id behind it. */
export function serviceRevisionArn(service: ServiceArn, id: string): ServiceRevisionArn {
  return `${service.replace(':service/', ':service-revision/')}/${id}` as ServiceRevisionArn;
}

export function serviceDeploymentArn(service: ServiceArn, id: string): ServiceDeploymentArn {
  return `${service.replace(':service/', ':service-deployment/')}/${id}` as ServiceDeploymentArn;
}

/** @param id `ecs-svc/` and 19 digits */
export function taskSetArn(service: ServiceArn, id: string): TaskSetArn {
  return `${service.replace(':service/', ':task-set/')}/${id}` as TaskSetArn;
}

export function daemonArn(scope: Scope, clusterName: string, daemonName: string): DaemonArn {
  return `${scopeKey(scope)}:daemon/${clusterName}/${daemonName}` as DaemonArn;
}

/** @param id 19 digits */
export function daemonRevisionArn(daemon: DaemonArn, id: string): DaemonRevisionArn {
  return `${daemon.replace(':daemon/', ':daemon-revision/')}/${id}` as DaemonRevisionArn;
}

export function daemonDeploymentArn(daemon: DaemonArn, id: string): DaemonDeploymentArn {
  return `${daemon.replace(':daemon/', ':daemon-deployment/')}/${id}` as DaemonDeploymentArn;
}

/** The last path element of an ARN: a task's id, a cluster's name, `family:revision`. */
export function lastPathElement(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The scope that an ARN of ours names. */
export function scopeOfArn(arn: string): Scope {
  const [, partition = '', , region = '', accountId = ''] = arn.split(':', 5);
  return { partition, region, accountId };
}

export function isArn(text: string): boolean {
  return text.startsWith('arn:');
}

/** An ARN of any service: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`. */
export interface ArnParts extends Scope {
  readonly service: string;
  readonly resource: string;
}

/**
 * Splits an ARN of any service.
 * @throws EcsError ClientException in the words of the ARN library that ECS uses, where a colon is missing
 */
export function splitArn(text: string): ArnParts {
  const parts = text.split(':');
  const [, partition = '', service = '', region = '', accountId = ''] = parts;
  if (parts.length < 6) throw malformedArn(text, parts.length);
  return { partition, service, region, accountId, resource: parts.slice(5).join(':') };
}

/**
 * Takes an ARN of this service apart.
 * @throws EcsError
 */
export function parseArn(text: string): ParsedArn {
  const { partition, service, region, accountId, resource } = splitArn(text);
  if (service !== 'ecs') throw invalidParameter('Invalid identifier: Identifier is not an ECS ARN');
  const [resourceType = '', ...path] = resource.split('/');
  return { scope: { partition, region, accountId }, resourceType, path };
}

/**
 * Takes apart an ARN that must be of the caller's own account and region.
 * @throws EcsError InvalidParameterException for another region or account
 */
export function parseOwnArn(scope: Scope, text: string): ParsedArn {
  const parsed = parseArn(text);
  if (parsed.scope.region !== scope.region || parsed.scope.partition !== scope.partition) {
    throw invalidParameter('Invalid Region in ARN');
  }
  if (parsed.scope.accountId !== scope.accountId) throw accountMismatch();
  return parsed;
}

/** ECS has no operation on another account's resources. [inferred wording] */
function accountMismatch(): Error {
  return invalidParameter('Invalid Account in ARN');
}

const ordinals = ['First', 'Second', 'Third', 'Fourth', 'Fifth'];
const delimiters = [
  'arn prefix/partition',
  'partition/vendor',
  'vendor/region',
  'region/namespace',
  'namespace/relative-id',
];

function malformedArn(text: string, partCount: number): Error {
  const missing = partCount - 1;
  return clientError(
    `com.amazon.arn.ARNSyntaxException: ${ordinals[missing] ?? 'Fifth'} colon ` +
      `(${delimiters[missing] ?? 'namespace/relative-id'} delimiter) not found: ${text}`,
  );
}
