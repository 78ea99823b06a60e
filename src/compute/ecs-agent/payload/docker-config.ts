import type { Tmpfs } from '@aws-sdk/client-ecs';
import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import { lastPathElement } from '../../../domain/arn.ts';
import { present } from '../../../domain/present.ts';
import type { TaskOrder } from '../../compute.ts';

const bytesPerMiB = 1024 * 1024;
const nanosecondsPerSecond = 1e9;

/** The Docker API that the two fragments are written for; the agent takes the nearest that its Engine has. */
const dockerApiVersion = '1.29';

/** `config` and `hostConfig` as the Docker API has them, each as JSON in a string. */
export interface DockerConfig {
  readonly config: string;
  readonly hostConfig: string;
  readonly version: string;
}

/**
 * What the agent lays over its own settings of a container. Image, command, environment, ports, binds, links and the hard
 * memory limit are not in it: those the agent works out itself.
 */
export function dockerConfigOf(
  container: ContainerDefinition,
  order: TaskOrder,
  logsEndpoint: string | undefined,
): DockerConfig {
  return {
    config: JSON.stringify(configOf(container, order)),
    hostConfig: JSON.stringify(hostConfigOf(container, order, logsEndpoint)),
    version: dockerApiVersion,
  };
}

function configOf(container: ContainerDefinition, { taskDefinition }: TaskOrder): object {
  const ownsHostname = taskDefinition.content.networkMode !== 'awsvpc';
  return given({
    Labels: container.dockerLabels,
    User: container.user,
    WorkingDir: container.workingDirectory,
    Hostname: ownsHostname ? container.hostname : undefined,
    Tty: container.pseudoTerminal,
    OpenStdin: container.interactive,
    Healthcheck: hasHealthCheck(container) ? healthcheckOf(container) : undefined,
  });
}

/** The members that say something: the others are left to Docker and to the image. */
function given(members: Readonly<Record<string, unknown>>): object {
  const isEmpty = (value: unknown) => !value || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value)));
}

export function hasHealthCheck({ healthCheck }: ContainerDefinition): boolean {
  const [kind] = healthCheck?.command ?? [];
  return kind !== undefined && kind !== 'NONE';
}

function healthcheckOf({ healthCheck }: ContainerDefinition): object {
  const { command = [], interval = 30, timeout = 5, retries = 3 } = healthCheck ?? {};
  return {
    Test: command,
    Interval: interval * nanosecondsPerSecond,
    Timeout: timeout * nanosecondsPerSecond,
    Retries: retries,
    StartPeriod: (healthCheck?.startPeriod ?? 0) * nanosecondsPerSecond,
  };
}

function hostConfigOf(
  container: ContainerDefinition,
  order: TaskOrder,
  logsEndpoint: string | undefined,
): object {
  const { extraHosts = [], memoryReservation = 0, systemControls, ulimits = [] } = container;
  const sysctls = systemControls.map((s) => [s.namespace ?? '', s.value ?? '']);
  return {
    ...given({
      // The task has it too, but without it here the agent makes no container of host mode.
      NetworkMode: order.taskDefinition.content.networkMode ?? 'bridge',
      LogConfig: logConfigOf(container, order, logsEndpoint),
      MemoryReservation: memoryReservation * bytesPerMiB,
      Privileged: container.privileged,
      ReadonlyRootfs: container.readonlyRootFilesystem,
      Dns: container.dnsServers,
      DnsSearch: container.dnsSearchDomains,
      ExtraHosts: extraHosts.map(({ hostname, ipAddress }) => `${hostname}:${ipAddress}`),
      SecurityOpt: container.dockerSecurityOptions,
      Ulimits: ulimits.map(({ name, softLimit, hardLimit }) => ({
        Name: name,
        Soft: softLimit,
        Hard: hardLimit,
      })),
      Sysctls: sysctls.length > 0 ? Object.fromEntries(sysctls) : undefined,
    }),
    ...linuxParametersOf(container),
  };
}

/**
 * Docker knows nothing of a stream's prefix: ECS makes the stream's name of it. And it knows only AWS's own
 * CloudWatch Logs, where the credentials of our roles are worth nothing: so it is told where ours is.
 */
function logConfigOf(
  { name, logConfiguration }: ContainerDefinition,
  { task }: TaskOrder,
  logsEndpoint: string | undefined,
): object | undefined {
  if (!logConfiguration?.logDriver) return undefined;
  const { logDriver, options = {} } = logConfiguration;
  if (logDriver !== 'awslogs') return { Type: logDriver, Config: options };
  const { 'awslogs-stream-prefix': prefix, ...others } = options;
  const stream = prefix && `${prefix}/${name}/${lastPathElement(task.arn)}`;
  const config = {
    ...others,
    ...present({ 'awslogs-stream': stream, 'awslogs-endpoint': logsEndpoint }),
  };
  return { Type: logDriver, Config: config };
}

function linuxParametersOf({ linuxParameters, memory = 0 }: ContainerDefinition): object {
  if (!linuxParameters) return {};
  const { capabilities, devices = [], maxSwap, swappiness, tmpfs = [] } = linuxParameters;
  return {
    ...given({
      CapAdd: capabilities?.add,
      CapDrop: capabilities?.drop,
      Init: linuxParameters.initProcessEnabled,
      ShmSize: (linuxParameters.sharedMemorySize ?? 0) * bytesPerMiB,
      Devices: devices.map(({ hostPath, containerPath, permissions = [] }) => ({
        PathOnHost: hostPath,
        PathInContainer: containerPath || hostPath,
        CgroupPermissions: permissions.map((one) => one.charAt(0)).join('') || 'rwm',
      })),
      Tmpfs: tmpfs.length > 0 ? Object.fromEntries(tmpfs.map(mountOf)) : undefined,
    }),
    // Docker counts memory and swap together; swappiness means nothing without a bound of swap.
    ...(maxSwap !== undefined && {
      MemorySwap: (memory + maxSwap) * bytesPerMiB,
      ...(swappiness !== undefined && { MemorySwappiness: swappiness }),
    }),
  };
}

function mountOf({ containerPath = '', size, mountOptions = [] }: Tmpfs): [string, string] {
  return [containerPath, [`size=${size}m`, ...mountOptions].join(',')];
}
