import { containerArn, lastPathElement, scopeOfArn, taskArn, type Scope } from '../arn.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { storageKeyOf } from '../cluster/parse-configuration.ts';
import {
  attributeValue,
  availabilityZoneAttribute,
  type ContainerInstance,
} from '../container-instance/container-instance.ts';
import { gpuCount, takesAllGpus } from '../placement/task-requirements.ts';
import type { Instant } from '../instant.ts';
import type { ContainerDefinition, TaskDefinition } from '../task-definition/task-definition.ts';
import { present } from '../present.ts';
import { proxyImage } from '../service-connect/service-connect.ts';
import { effectiveContainers } from './effective-containers.ts';
import { newManagedVolume } from './managed-volume.ts';
import type { RunTaskSpec } from './run-task-request.ts';
import type {
  Container,
  NamedContainerOverride,
  NetworkInterface,
  Task,
  TaskOverrides,
} from './task.ts';

export interface NewTask {
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  readonly spec: RunTaskSpec;
  /** The capacity provider that the task is counted to, where a strategy chose it. */
  readonly capacityProvider: string | undefined;
  /** Which of the subnets it goes to, counted on behind the last one: subnets take turns. */
  readonly turn: number;
  /** Where it is to run; absent on FARGATE. */
  readonly placement?: Placement;
  readonly now: Instant;
  /** 32 hexadecimal digits, ascending with time. */
  readonly newId: () => string;
  readonly newUuid: () => string;
}

export interface Placement {
  readonly instance: ContainerInstance;
  /** The GPUs of the instance that are its own. */
  readonly gpuIds: readonly string[];
}

/**
 * A task that has been accepted: wanted RUNNING, and PROVISIONING until its interface and its volume are there. One that
 * shares its host's network has no interface to wait for.
 */
export function newTask(args: NewTask): Task {
  const { cluster, definition, spec, turn, now, placement } = args;
  const scope = scopeOfArn(cluster.arn);
  const taskId = args.newId();
  const { launchType, platformVersion, platformFamily } = spec.launch;
  const subnetId = spec.network?.subnets?.[turn % (spec.network.subnets.length || 1)];
  return {
    arn: taskArn(scope, cluster.name, taskId),
    clusterArn: cluster.arn,
    taskDefinitionArn: definition.arn,
    family: definition.family,
    cpuArchitecture: cpuArchitecture(definition, placement),
    availabilityZone: availabilityZone(scope, subnetId, placement),
    group: spec.group,
    enableExecuteCommand: spec.enableExecuteCommand,
    overrides: spec.overrides,
    containers: [...newContainers(args, taskId), ...proxyContainers(args, taskId)],
    tags: spec.tags,
    lastStatus: placement && !isProvisioned(spec) ? 'PENDING' : 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    createdAt: now,
    launchType,
    ...present({
      capacityProviderName: args.capacityProvider,
      platformVersion,
      platformFamily,
      startedBy: spec.startedBy,
      referenceId: spec.referenceId,
      ...spec.size,
      ephemeralStorageKmsKeyId: launchType === 'FARGATE' ? storageKeyOf(cluster) : undefined,
      network: spec.network,
      networkInterface: newInterface(subnetId, args.newUuid()),
      managedVolume: spec.managedVolume && newManagedVolume(spec.managedVolume, args.newUuid),
      serviceConnect: spec.serviceConnect && {
        attachmentId: args.newUuid(),
        setting: spec.serviceConnect,
      },
      serviceRegistry: spec.serviceRegistry,
      credentialsIds: newCredentialsIds(args),
      ...(placement && placedMembers(placement, args)),
    }),
  };
}

function newCredentialsIds({
  definition: { content },
  spec: { overrides },
  newUuid,
}: NewTask): Task['credentialsIds'] {
  const roles = [
    overrides.taskRoleArn ?? content.taskRoleArn,
    overrides.executionRoleArn ?? content.executionRoleArn,
  ];
  return roles.some(Boolean) ? { task: newUuid(), execution: newUuid() } : undefined;
}

/** Whether something has to be made for the task before its host can take it over. */
function isProvisioned({ network, managedVolume }: RunTaskSpec): boolean {
  return network !== undefined || managedVolume !== undefined;
}

/** Where its agent has a connection, a task has one from the start. */
function placedMembers({ instance }: Placement, { spec }: NewTask): Partial<Task> {
  return {
    containerInstanceArn: instance.arn,
    ...(!isProvisioned(spec) && present({ connectivityAt: instance.connectedAt })),
  };
}

function availabilityZone(
  scope: Scope,
  subnetId: string | undefined,
  placement: Placement | undefined,
): string {
  const ofInstance = placement && attributeValue(placement.instance, availabilityZoneAttribute);
  return ofInstance ?? zoneOf(scope, subnetId ?? '');
}

function newInterface(
  subnetId: string | undefined,
  attachmentId: string,
): NetworkInterface | undefined {
  return subnetId === undefined ? undefined : { attachmentId, subnetId, status: 'PRECREATED' };
}

function cpuArchitecture(
  { content }: TaskDefinition,
  placement: Placement | undefined,
): Task['cpuArchitecture'] {
  const ofInstance = placement && attributeValue(placement.instance, 'ecs.cpu-architecture');
  if (ofInstance !== undefined) return ofInstance === 'arm64' ? 'arm64' : 'x86_64';
  return content.runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'x86_64';
}

function newContainers(
  { cluster, definition, spec, newUuid, placement }: NewTask,
  taskId: string,
): Container[] {
  const scope = scopeOfArn(cluster.arn);
  const { containerDefinitions } = definition.content;
  const gpusOf = gpuShares(effectiveContainers(definition.content, spec.overrides), placement);
  return containerDefinitions.map((container): Container => {
    const override = overrideOf(spec.overrides, container.name);
    const gpuIds = gpusOf.get(container.name) ?? [];
    return {
      arn: containerArn(scope, lastPathElement(cluster.arn), taskId, newUuid()),
      name: container.name,
      image: container.image,
      essential: container.essential,
      ...containerSize(container, override),
      lastStatus: 'PENDING',
      healthStatus: 'UNKNOWN',
      hasHealthCheck: hasHealthCheck(container),
      networkBindings: [],
      ...(gpuIds.length > 0 && { gpuIds }),
      ...(spec.enableExecuteCommand && { managedAgents: [executeCommandAgent] }),
    };
  });
}

/** The GPUs of each container by its name: one that asks for ALL gets what the others leave. */
function gpuShares(
  containers: readonly ContainerDefinition[],
  placement: Placement | undefined,
): ReadonlyMap<string, readonly string[]> {
  const free = [...(placement?.gpuIds ?? [])];
  const byNumber = containers.filter((container) => !takesAllGpus(container));
  const greedy = containers.filter(takesAllGpus);
  const shares = new Map<string, readonly string[]>();
  for (const container of byNumber) {
    shares.set(container.name, free.splice(0, gpuCount(container)));
  }
  for (const { name } of greedy) shares.set(name, free.splice(0));
  return shares;
}

/** The proxy of Service Connect is no container of the definition. */
function proxyContainers({ cluster, spec, newUuid }: NewTask, taskId: string): Container[] {
  if (!spec.serviceConnect) return [];
  return [
    {
      arn: containerArn(scopeOfArn(cluster.arn), lastPathElement(cluster.arn), taskId, newUuid()),
      name: spec.serviceConnect.containerName,
      image: proxyImage,
      essential: true,
      cpu: '0',
      lastStatus: 'PENDING',
      healthStatus: 'UNKNOWN',
      hasHealthCheck: true,
      networkBindings: [],
    },
  ];
}

const executeCommandAgent = { name: 'ExecuteCommandAgent', lastStatus: 'PENDING' } as const;

/** The override of a container; every container has one, if only with its name. */
function overrideOf(overrides: TaskOverrides, name: string): NamedContainerOverride {
  return overrides.containerOverrides.find((override) => override.name === name) ?? { name };
}

function containerSize(
  container: ContainerDefinition,
  override: NamedContainerOverride,
): Pick<Container, 'cpu' | 'memory' | 'memoryReservation'> {
  const memory = override.memory ?? container.memory;
  const memoryReservation = override.memoryReservation ?? container.memoryReservation;
  return {
    cpu: String(override.cpu ?? container.cpu),
    ...present({
      memory: memory?.toString(),
      memoryReservation: memoryReservation?.toString(),
    }),
  };
}

/** A first word of NONE switches the check off. */
export function hasHealthCheck({ healthCheck }: ContainerDefinition): boolean {
  const [kind] = healthCheck?.command ?? [];
  return kind !== undefined && kind !== 'NONE';
}

/** Longshore keeps no VPC: a subnet's zone follows from its name, always the same one. */
export function zoneOf({ region }: Scope, subnetId: string): string {
  let sum = 0;
  for (const character of subnetId) sum += character.codePointAt(0) ?? 0;
  return `${region}${'abc'.charAt(sum % 3)}`;
}
