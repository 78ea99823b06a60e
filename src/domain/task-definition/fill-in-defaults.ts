import type {
  ContainerDefinition as WireContainerDefinition,
  HealthCheck,
  PortMapping,
  RegisterTaskDefinitionRequest,
  Volume,
} from '@aws-sdk/client-ecs';
import { present } from '../present.ts';
import { parseTaskCpu, parseTaskMemory } from './cpu-and-memory.ts';
import { plainCopy } from './plain-copy.ts';
import { isWindows } from './runtime-platform.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';
import { volumeTypesOf } from './volumes.ts';

type MemorySettings = Pick<WireContainerDefinition, 'memory' | 'memoryReservation'>;

/** The members of a request that make up the content of the definition. */
export type ContentRequest = Omit<
  RegisterTaskDefinitionRequest,
  'family' | 'tags' | 'inferenceAccelerators'
>;

/**
 * Brings a request into the form in which ECS shows it ever after: defaults filled in, sizes as
 * plain numbers. What comes out has yet to be checked, save for the task's size.
 * @throws EcsError InvalidParameterException for a malformed size
 */
export function fillInDefaults(request: ContentRequest): TaskDefinitionContent {
  const {
    containerDefinitions = [],
    volumes = [],
    placementConstraints = [],
    networkMode: givenNetworkMode,
    cpu,
    memory,
    taskRoleArn,
    executionRoleArn,
    ...settings
  } = plainCopy(request);
  const networkMode = isWindowsDefault(request) ? undefined : givenNetworkMode;
  return {
    ...settings,
    containerDefinitions: containerDefinitions.map((container) =>
      withContainerDefaults(container, networkMode),
    ),
    volumes: volumes.map(withVolumeDefaults),
    placementConstraints,
    ...present({
      networkMode,
      cpu: cpu === undefined ? undefined : String(parseTaskCpu(cpu)),
      memory: memory === undefined ? undefined : String(parseTaskMemory(memory)),
      // An empty role counts as none.
      taskRoleArn: taskRoleArn || undefined,
      executionRoleArn: executionRoleArn || undefined,
    }),
  };
}

/** `default` is the NAT of Windows, which a definition without a mode has anyway. */
function isWindowsDefault(request: ContentRequest): boolean {
  const mode: string | undefined = request.networkMode;
  return mode === 'default' && isWindows(request);
}

function withContainerDefaults(
  container: WireContainerDefinition,
  networkMode: string | undefined,
): ContainerDefinition {
  const { memory, memoryReservation, portMappings, ...given } = container;
  return {
    ...given,
    name: given.name ?? '',
    image: given.image ?? '',
    cpu: given.cpu ?? 0,
    ...withoutZeros({ memory, memoryReservation }),
    portMappings: (portMappings ?? []).map((mapping) => withPortDefaults(mapping, networkMode)),
    essential: given.essential ?? true,
    environment: given.environment ?? [],
    mountPoints: given.mountPoints ?? [],
    volumesFrom: given.volumesFrom ?? [],
    systemControls: given.systemControls ?? [],
    ...(given.healthCheck && { healthCheck: withHealthCheckDefaults(given.healthCheck) }),
  };
}

/** Memory of zero counts as not given. */
function withoutZeros({ memory, memoryReservation }: MemorySettings) {
  return present({
    memory: memory || undefined,
    memoryReservation: memoryReservation || undefined,
  });
}

function withPortDefaults(mapping: PortMapping, networkMode: string | undefined): PortMapping {
  const { containerPort, containerPortRange } = mapping;
  const sharesPorts = networkMode === 'awsvpc' || networkMode === 'host';
  const hostPort = sharesPorts ? containerPort : 0;
  const isSinglePort = containerPort !== undefined && containerPortRange === undefined;
  return {
    ...(isSinglePort ? { hostPort } : {}),
    ...mapping,
    // ECS takes any other value for tcp.
    protocol: mapping.protocol === 'udp' ? 'udp' : 'tcp',
  };
}

function withHealthCheckDefaults(healthCheck: HealthCheck): HealthCheck {
  return { interval: 30, timeout: 5, retries: 3, ...healthCheck };
}

function withVolumeDefaults(volume: Volume): Volume {
  const { efsVolumeConfiguration, dockerVolumeConfiguration } = volume;
  if (volumeTypesOf(volume).length === 0) return { ...volume, host: {} };
  return {
    ...volume,
    ...(efsVolumeConfiguration && {
      efsVolumeConfiguration: { rootDirectory: '/', ...efsVolumeConfiguration },
    }),
    ...(dockerVolumeConfiguration && {
      dockerVolumeConfiguration: { scope: 'task', driver: 'local', ...dockerVolumeConfiguration },
    }),
  };
}
