import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import { lastPathElement } from '../../../domain/arn.ts';
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
export function dockerConfigOf(container: ContainerDefinition, order: TaskOrder): DockerConfig {
  return {
    config: JSON.stringify(configOf(container, order)),
    hostConfig: JSON.stringify(hostConfigOf(container, order)),
    version: dockerApiVersion,
  };
}

function configOf(container: ContainerDefinition, { taskDefinition }: TaskOrder): object {
  const { dockerLabels, user, workingDirectory, hostname, pseudoTerminal, interactive } = container;
  const ownsHostname = taskDefinition.content.networkMode !== 'awsvpc';
  return {
    ...(dockerLabels && { Labels: dockerLabels }),
    ...(user && { User: user }),
    ...(workingDirectory && { WorkingDir: workingDirectory }),
    ...(hostname && ownsHostname && { Hostname: hostname }),
    ...(pseudoTerminal && { Tty: true }),
    ...(interactive && { OpenStdin: true }),
    ...(hasHealthCheck(container) && { Healthcheck: healthcheckOf(container) }),
  };
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

function hostConfigOf(container: ContainerDefinition, order: TaskOrder): object {
  const { privileged, readonlyRootFilesystem, memoryReservation, dnsServers } = container;
  const { dnsSearchDomains, extraHosts, dockerSecurityOptions, ulimits, systemControls } =
    container;
  return {
    // The task has it too, but without it here the agent makes no container of host mode.
    NetworkMode: order.taskDefinition.content.networkMode ?? 'bridge',
    ...logConfigOf(container, order),
    ...(memoryReservation && { MemoryReservation: memoryReservation * bytesPerMiB }),
    ...(privileged && { Privileged: true }),
    ...(readonlyRootFilesystem && { ReadonlyRootfs: true }),
    ...(dnsServers?.length && { Dns: dnsServers }),
    ...(dnsSearchDomains?.length && { DnsSearch: dnsSearchDomains }),
    ...(extraHosts?.length && {
      ExtraHosts: extraHosts.map(({ hostname, ipAddress }) => `${hostname}:${ipAddress}`),
    }),
    ...(dockerSecurityOptions?.length && { SecurityOpt: dockerSecurityOptions }),
    ...(ulimits?.length && {
      Ulimits: ulimits.map(({ name, softLimit, hardLimit }) => ({
        Name: name,
        Soft: softLimit,
        Hard: hardLimit,
      })),
    }),
    ...(systemControls.length > 0 && {
      Sysctls: Object.fromEntries(systemControls.map((s) => [s.namespace ?? '', s.value ?? ''])),
    }),
    ...linuxParametersOf(container),
  };
}

/** Docker knows nothing of a stream's prefix: ECS makes the stream's name of it. */
function logConfigOf({ name, logConfiguration }: ContainerDefinition, { task }: TaskOrder): object {
  if (!logConfiguration?.logDriver) return {};
  const { logDriver, options = {} } = logConfiguration;
  const { 'awslogs-stream-prefix': prefix, ...others } = options;
  const config =
    logDriver === 'awslogs' && prefix !== undefined
      ? { ...others, 'awslogs-stream': `${prefix}/${name}/${lastPathElement(task.arn)}` }
      : options;
  return { LogConfig: { Type: logDriver, Config: config } };
}

function linuxParametersOf({ linuxParameters, memory = 0 }: ContainerDefinition): object {
  if (!linuxParameters) return {};
  const { capabilities, devices, initProcessEnabled, sharedMemorySize, tmpfs } = linuxParameters;
  const { maxSwap, swappiness } = linuxParameters;
  return {
    ...(capabilities?.add?.length && { CapAdd: capabilities.add }),
    ...(capabilities?.drop?.length && { CapDrop: capabilities.drop }),
    ...(initProcessEnabled && { Init: true }),
    ...(sharedMemorySize && { ShmSize: sharedMemorySize * bytesPerMiB }),
    ...(devices?.length && {
      Devices: devices.map(({ hostPath, containerPath, permissions }) => ({
        PathOnHost: hostPath,
        PathInContainer: containerPath || hostPath,
        CgroupPermissions: permissions?.length
          ? permissions.map((p) => p.charAt(0)).join('')
          : 'rwm',
      })),
    }),
    ...(tmpfs?.length && {
      Tmpfs: Object.fromEntries(
        tmpfs.map(({ containerPath = '', size, mountOptions = [] }) => [
          containerPath,
          [`size=${size}m`, ...mountOptions].join(','),
        ]),
      ),
    }),
    // Docker counts memory and swap together; swappiness means nothing without a bound of swap.
    ...(maxSwap !== undefined && { MemorySwap: (memory + maxSwap) * bytesPerMiB }),
    ...(maxSwap !== undefined && swappiness !== undefined && { MemorySwappiness: swappiness }),
  };
}
