import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import { scopeOfArn } from '../../domain/arn.ts';
import type { TaskOrder } from '../compute.ts';
import type { ContainerConfiguration } from '../task-configuration.ts';
import { hasHealthCheck, type ContainerSpec } from './container-spec.ts';
import { taskEndpointHost } from './endpoint-socket.ts';
import type { ContainerBody, HealthcheckBody, HostConfigBody, UlimitBody } from './engine-types.ts';
import type { RoutedBody } from './firelens/routed-body.ts';
import { layerBound } from './layer-bound.ts';
import { linuxSettings } from './linux-settings.ts';
import { logConfigOf } from './log-config.ts';
import { dockerName, labelKeys } from './names.ts';
import type { ChosenRanges } from './network/host-ranges.ts';
import { networkOf, type NetworkBody } from './network/task-network.ts';
import { bytesPerMiB, cpuShares, memoryLimit, swapOf, taskResources } from './task-bound.ts';
import { mountBodies, volumeSources, type Storage } from './volume-source.ts';

/** The only one to which SDKs add a relative path. */
const usualEndpointUrl = `http://${taskEndpointHost}`;
const nanosecondsPerSecond = 1e9;
/** Fargate's default (Developer Guide, "Fargate task definition considerations"). */
export const fileLimit: UlimitBody = { Name: 'nofile', Soft: 65_535, Hard: 65_535 };

export interface ContainerSetting {
  readonly order: TaskOrder;
  readonly installationId: string;
  readonly storage: Storage;
  readonly pauseId: string;
  /** Whether containers have NET_RAW by default, as on ECS. */
  readonly keepsRawSockets: boolean;
  readonly hostRanges: ChosenRanges;
  /** Whom containers ask for names that name nobody themselves; empty for whom the Engine chooses. */
  readonly nameServers: readonly string[];
  /** The cgroup that bounds the whole task, where there is one. */
  readonly cgroupParent: string | undefined;
  /** Whether the Engine can give Fargate's limit of open files. */
  readonly allowsFileLimit: boolean;
  /** Whether the Engine can bound what the container writes into its layer. */
  readonly boundsLayers: boolean;
  /** What the Engine knows the container's image by. */
  readonly image: string;
  /** Variables that the image sets. */
  readonly imageEnvironment: readonly string[];
  /** By what the container reaches what ECS tells a task; undefined where it cannot. */
  readonly endpointUrl: string | undefined;
  /** What the definition only points to. */
  readonly configuration?: ContainerConfiguration | undefined;
  /** What FireLens adds, in a task with a log router. */
  readonly routed?: RoutedBody | undefined;
}

/**
 * What the Engine is asked to create for a container of a task.
 *
 * A task's cpu and memory bound each of its containers (where it has no limit of its own), which is
 * also what programs go by that ask how much they have. Their sum is bounded by `cgroupParent`.
 */
export function containerBody(spec: ContainerSpec, setting: ContainerSetting): ContainerBody {
  const { definition } = spec;
  const { HostConfig: network, ...names } = networkOf(setting.order).bodyOf(spec, setting);
  return {
    ...names,
    Image: setting.image,
    Env: environment(spec, setting),
    Labels: labels(spec, setting),
    Healthcheck: healthcheck(definition),
    Tty: definition.pseudoTerminal ?? false,
    OpenStdin: definition.interactive ?? false,
    ...(definition.entryPoint?.length ? { Entrypoint: definition.entryPoint } : {}),
    ...(definition.command?.length ? { Cmd: definition.command } : {}),
    ...(definition.workingDirectory ? { WorkingDir: definition.workingDirectory } : {}),
    ...(definition.user ? { User: definition.user } : {}),
    HostConfig: { ...network, ...hostConfig(spec, setting) },
  };
}

function hostConfig(
  spec: ContainerSpec,
  setting: ContainerSetting,
): Omit<HostConfigBody, keyof NetworkBody['HostConfig']> {
  const { definition } = spec;
  const { order, storage } = setting;
  const isOnFargate = order.task.launchType === 'FARGATE';
  return {
    ...(setting.cgroupParent === undefined ? {} : { CgroupParent: setting.cgroupParent }),
    LogConfig:
      setting.routed?.logConfig ?? logConfigOf(definition, setting.configuration?.logOptions),
    ReadonlyRootfs: definition.readonlyRootFilesystem ?? false,
    Privileged: definition.privileged ?? false,
    Ulimits: ulimits(definition, isOnFargate && setting.allowsFileLimit),
    Mounts: [
      ...mountBodies(definition.mountPoints, volumeSources(order, storage)),
      ...(setting.routed?.mounts ?? []),
    ],
    VolumesFrom: volumesFrom(definition, order),
    ...layerBound(order, setting.boundsLayers),
    ...resources(definition, setting.order),
    ...linuxSettings(spec, setting),
  };
}

/**
 * A container that shares a network namespace cannot have a host name of its own, but its HOSTNAME
 * is the one that ECS gives it.
 */
function environment(spec: ContainerSpec, setting: ContainerSetting): readonly string[] {
  const { fileVariables = [], secrets = [] } = setting.configuration ?? {};
  const own = spec.definition.environment ?? [];
  const given = new Map([
    ...fileVariables,
    ...own.map(({ name, value }) => [name ?? '', value ?? ''] as const),
    ...secrets,
  ]);
  const { arn, launchType } = setting.order.task;
  const { region } = scopeOfArn(arn);
  const regions = ['AWS_REGION', 'AWS_DEFAULT_REGION'];
  // Both or neither: the task's author may have chosen another region.
  const chosen = regions.some(
    (name) => given.has(name) || setting.imageEnvironment.some((v) => v.startsWith(`${name}=`)),
  );
  const variables = new Map([
    ['AWS_EXECUTION_ENV', launchType === 'FARGATE' ? 'AWS_ECS_FARGATE' : 'AWS_ECS_EC2'],
    ...(spec.runtimeId === undefined ? [] : [['HOSTNAME', spec.runtimeId] as const]),
    ...(chosen ? [] : regions.map((name): [string, string] => [name, region])),
    ...given,
    ...(setting.routed?.variables ?? []),
    ...endpointVariables(spec, setting),
  ]);
  return [...variables].map(([name, value]) => `${name}=${value}`);
}

/** They are ECS's own: what the task's author gives of the same name is not heard. */
function endpointVariables(
  { endpointId }: ContainerSpec,
  { endpointUrl, order }: ContainerSetting,
): readonly [string, string][] {
  if (endpointUrl === undefined) return [];
  const { credentialsIds, overrides } = order.task;
  const hasRole = overrides.taskRoleArn ?? order.taskDefinition.content.taskRoleArn;
  const path = `/v2/credentials/${credentialsIds?.task}`;
  const credentials: [string, string] =
    endpointUrl === usualEndpointUrl
      ? ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', path]
      : ['AWS_CONTAINER_CREDENTIALS_FULL_URI', `${endpointUrl}${path}`];
  return [
    ['ECS_CONTAINER_METADATA_URI', `${endpointUrl}/v3/${endpointId}`],
    ['ECS_CONTAINER_METADATA_URI_V4', `${endpointUrl}/v4/${endpointId}`],
    ['ECS_AGENT_URI', `${endpointUrl}/api/${endpointId}`],
    ...(hasRole && credentialsIds ? [credentials] : []),
  ];
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

function resources(definition: ContainerDefinition, order: TaskOrder): Partial<HostConfigBody> {
  return {
    ...taskResources(order),
    ...(definition.memory ? memoryLimit(definition.memory) : {}),
    ...swapOf(definition, order),
    CpuShares: cpuShares(definition.cpu),
    ...(definition.memoryReservation
      ? { MemoryReservation: definition.memoryReservation * bytesPerMiB }
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

function volumesFrom(definition: ContainerDefinition, order: TaskOrder): readonly string[] {
  return (definition.volumesFrom ?? []).map(
    ({ sourceContainer, readOnly }) =>
      `${dockerName(order, sourceContainer ?? '')}${readOnly ? ':ro' : ''}`,
  );
}
