import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import { scopeOfArn } from '../../domain/arn.ts';
import type { TaskOrder } from '../compute.ts';
import { fargateRuntimeId } from '../../domain/task/runtime-id.ts';
import { hasHealthCheck, taskIdOf, type ContainerSpec } from './container-spec.ts';
import type {
  ContainerBody,
  HealthcheckBody,
  HostConfigBody,
  MountBody,
  UlimitBody,
} from './engine-types.ts';
import { logConfigOf } from './log-config.ts';
import { labelKeys, volumeName } from './names.ts';

const bytesPerMiB = 1024 * 1024;
const nanosecondsPerSecond = 1e9;
const cpuPeriodMicroseconds = 100_000;
const unitsPerCpu = 1024;
/** The kernel's own bounds of a share. */
const cpuShares = { least: 2, most: 262_144 };
/** Fargate's default (Developer Guide, "Fargate task definition considerations"). */
export const fileLimit: UlimitBody = { Name: 'nofile', Soft: 65_535, Hard: 65_535 };

export interface ContainerSetting {
  readonly order: TaskOrder;
  readonly installationId: string;
  readonly pauseId: string;
  /** Whether the Engine can give Fargate's limit of open files. */
  readonly allowsFileLimit: boolean;
  /** Variables that the image sets. */
  readonly imageEnvironment: readonly string[];
}

/**
 * What the Engine is asked to create for a container of a task.
 *
 * A task's cpu and memory bound each of its containers, not their sum: the quota and (where a
 * container has no limit of its own) the hard limit are the task's. A cgroup of the task's own
 * would bound the sum, but can be made only where the Engine is local and its cgroups are writable,
 * and differently for each cgroup driver.
 */
export function containerBody(spec: ContainerSpec, setting: ContainerSetting): ContainerBody {
  const { definition } = spec;
  return {
    Image: definition.image,
    Env: environment(spec, setting),
    Labels: labels(spec, setting),
    Healthcheck: healthcheck(definition),
    Tty: definition.pseudoTerminal ?? false,
    OpenStdin: definition.interactive ?? false,
    ...(definition.entryPoint?.length ? { Entrypoint: definition.entryPoint } : {}),
    ...(definition.command?.length ? { Cmd: definition.command } : {}),
    ...(definition.workingDirectory ? { WorkingDir: definition.workingDirectory } : {}),
    ...(definition.user ? { User: definition.user } : {}),
    HostConfig: hostConfig(spec, setting),
  };
}

function hostConfig(spec: ContainerSpec, setting: ContainerSetting): HostConfigBody {
  const { definition } = spec;
  const joined = `container:${setting.pauseId}`;
  return {
    NetworkMode: joined,
    ...(setting.order.taskDefinition.content.pidMode === 'task' ? { PidMode: joined } : {}),
    LogConfig: logConfigOf(definition),
    ReadonlyRootfs: definition.readonlyRootFilesystem ?? false,
    Privileged: definition.privileged ?? false,
    Ulimits: ulimits(definition, setting.allowsFileLimit),
    Mounts: mounts(definition, taskIdOf(setting.order)),
    VolumesFrom: volumesFrom(definition, taskIdOf(setting.order)),
    Sysctls: sysctls(definition, (name) => !name.startsWith('net.')),
    ...resources(definition, setting.order),
    ...linuxParameters(definition),
  };
}

/**
 * A container that shares a network namespace cannot have a host name of its own, but its HOSTNAME
 * is the one that ECS gives it.
 */
function environment(spec: ContainerSpec, setting: ContainerSetting): readonly string[] {
  const given = new Map(
    (spec.definition.environment ?? []).map(({ name, value }) => [name ?? '', value ?? '']),
  );
  const { region } = scopeOfArn(setting.order.task.arn);
  const regions = ['AWS_REGION', 'AWS_DEFAULT_REGION'];
  // Both or neither: the task's author may have chosen another region.
  const chosen = regions.some(
    (name) => given.has(name) || setting.imageEnvironment.some((v) => v.startsWith(`${name}=`)),
  );
  const variables = new Map([
    ['AWS_EXECUTION_ENV', 'AWS_ECS_FARGATE'],
    ['HOSTNAME', spec.runtimeId],
    ...(chosen ? [] : regions.map((name): [string, string] => [name, region])),
    ...given,
  ]);
  return [...variables].map(([name, value]) => `${name}=${value}`);
}

/** ECS's labels take the place of the user's of the same name. */
function labels(spec: ContainerSpec, { order, installationId }: ContainerSetting) {
  const { task, taskDefinition } = order;
  return {
    ...spec.definition.dockerLabels,
    'com.amazonaws.ecs.cluster': task.clusterArn,
    'com.amazonaws.ecs.container-name': spec.name,
    'com.amazonaws.ecs.task-arn': task.arn,
    'com.amazonaws.ecs.task-definition-family': taskDefinition.family,
    'com.amazonaws.ecs.task-definition-version': String(taskDefinition.revision),
    [labelKeys.installation]: installationId,
    [labelKeys.role]: 'app',
    [labelKeys.taskArn]: task.arn,
    [labelKeys.container]: spec.name,
  };
}

/** An image's own HEALTHCHECK counts for nothing in ECS. */
function healthcheck(definition: ContainerDefinition): HealthcheckBody {
  const { healthCheck } = definition;
  if (!hasHealthCheck(definition) || !healthCheck) return { Test: ['NONE'] };
  return {
    Test: healthCheck.command ?? [],
    Interval: (healthCheck.interval ?? 30) * nanosecondsPerSecond,
    Timeout: (healthCheck.timeout ?? 5) * nanosecondsPerSecond,
    Retries: healthCheck.retries ?? 3,
    StartPeriod: (healthCheck.startPeriod ?? 0) * nanosecondsPerSecond,
  };
}

function resources(definition: ContainerDefinition, { task }: TaskOrder): Partial<HostConfigBody> {
  const memoryMiB = definition.memory ?? Number(task.memory ?? 0);
  const memory = memoryMiB * bytesPerMiB;
  const taskCpu = Number(task.cpu ?? 0);
  return {
    CpuShares: Math.min(Math.max(definition.cpu, cpuShares.least), cpuShares.most),
    // A limit of memory and swap that equals that of memory leaves no swap, as on Fargate.
    ...(memory > 0 ? { Memory: memory, MemorySwap: memory } : {}),
    ...(definition.memoryReservation
      ? { MemoryReservation: definition.memoryReservation * bytesPerMiB }
      : {}),
    ...(taskCpu > 0
      ? {
          CpuPeriod: cpuPeriodMicroseconds,
          CpuQuota: Math.round((taskCpu / unitsPerCpu) * cpuPeriodMicroseconds),
        }
      : {}),
  };
}

function ulimits(definition: ContainerDefinition, allowsFileLimit: boolean): readonly UlimitBody[] {
  const own = (definition.ulimits ?? []).map(({ name, softLimit, hardLimit }) => ({
    Name: name ?? '',
    Soft: softLimit ?? 0,
    Hard: hardLimit ?? 0,
  }));
  const isGiven = own.some(({ Name }) => Name === fileLimit.Name);
  return isGiven || !allowsFileLimit ? own : [fileLimit, ...own];
}

function mounts(definition: ContainerDefinition, taskId: string): readonly MountBody[] {
  return (definition.mountPoints ?? []).map(({ sourceVolume, containerPath, readOnly }) => ({
    Type: 'volume',
    Source: volumeName(taskId, sourceVolume ?? ''),
    Target: containerPath ?? '',
    ReadOnly: readOnly ?? false,
  }));
}

function volumesFrom(definition: ContainerDefinition, taskId: string): readonly string[] {
  return (definition.volumesFrom ?? []).map(
    ({ sourceContainer, readOnly }) =>
      `${fargateRuntimeId(taskId, sourceContainer ?? '')}${readOnly ? ':ro' : ''}`,
  );
}

function linuxParameters({ linuxParameters: given }: ContainerDefinition): Partial<HostConfigBody> {
  if (!given) return {};
  const tmpfs = (given.tmpfs ?? []).map(({ containerPath, size, mountOptions }) => [
    containerPath ?? '',
    [`size=${size}m`, ...(mountOptions ?? [])].join(','),
  ]);
  return {
    Init: given.initProcessEnabled ?? false,
    CapAdd: given.capabilities?.add ?? [],
    CapDrop: given.capabilities?.drop ?? [],
    Tmpfs: Object.fromEntries(tmpfs),
    Devices: (given.devices ?? []).map(({ hostPath, containerPath, permissions }) => ({
      PathOnHost: hostPath ?? '',
      PathInContainer: containerPath ?? hostPath ?? '',
      CgroupPermissions: devicePermissions(permissions),
    })),
    ...(given.sharedMemorySize ? { ShmSize: given.sharedMemorySize * bytesPerMiB } : {}),
  };
}

function devicePermissions(permissions: readonly string[] | undefined): string {
  if (!permissions?.length) return 'rwm';
  return permissions.map((permission) => permission.charAt(0)).join('');
}

/** Settings of the network belong to the pause container, which owns the namespace. */
export function networkSysctls(specs: readonly ContainerSpec[]): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...specs.map(({ definition }) => sysctls(definition, (name) => name.startsWith('net.'))),
  );
}

function sysctls(
  { systemControls }: ContainerDefinition,
  wanted: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const given = (systemControls ?? []).map(({ namespace, value }) => [
    namespace ?? '',
    value ?? '',
  ]);
  return Object.fromEntries(given.filter(([name]) => wanted(name ?? '')));
}
