import type { LogConfiguration, Secret, Volume } from '@aws-sdk/client-ecs';
import { isEcrImage } from './containers.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const agent = 'com.amazonaws.ecs.capability';
const mostCommonTaskCpuUnits = 10_240;
const increasedCpu = 'ecs.capability.increased-task-cpu-limit';

/**
 * Names of the attributes that a container instance must have to run a definition, as the agent
 * registers them. Their order means nothing to ECS; it is alphabetical here.
 */
export function requiresAttributesOf(content: TaskDefinitionContent): readonly string[] {
  const names = [
    ...taskAttributes(content),
    ...content.containerDefinitions.flatMap((container) => containerAttributes(container, content)),
    ...content.volumes.flatMap((volume) => volumeAttributes(volume, content)),
  ];
  return [...new Set(names)].toSorted();
}

function dockerApi(minor: number): string {
  return `${agent}.docker-remote-api.1.${minor}`;
}

/** The names whose condition holds. */
function namesWhere(conditions: readonly (readonly [string, unknown])[]): readonly string[] {
  return conditions.filter(([, holds]) => holds).map(([name]) => name);
}

function taskAttributes(content: TaskDefinitionContent): readonly string[] {
  const { cpu, executionRoleArn, memory, networkMode, taskRoleArn } = content;
  const usesHostNetwork = networkMode === 'host';
  const hasSize = cpu !== undefined || memory !== undefined;
  const images = content.containerDefinitions.map(({ image }) => image);
  const pullsFromEcr = images.some(isEcrImage);
  return namesWhere([
    [`${agent}.ecr-auth`, pullsFromEcr],
    ['ecs.capability.execution-role-ecr-pull', pullsFromEcr && executionRoleArn],
    [`${agent}.task-iam-role`, taskRoleArn && !usesHostNetwork],
    [`${agent}.task-iam-role-network-host`, taskRoleArn && usesHostNetwork],
    ['ecs.capability.task-eni', networkMode === 'awsvpc'],
    [dockerApi(18), networkMode !== undefined && networkMode !== 'bridge'],
    // Fargate has its own sizes; elsewhere the agent must know how to limit a task.
    [
      'ecs.capability.task-cpu-mem-limit',
      hasSize && !content.requiresCompatibilities?.includes('FARGATE'),
    ],
    [increasedCpu, Number(cpu ?? 0) > mostCommonTaskCpuUnits],
    ['ecs.capability.pid-ipc-namespace-sharing', content.pidMode || content.ipcMode],
    ['ecs.capability.aws-appmesh', content.proxyConfiguration],
    ['ecs.capability.fault-injection', content.enableFaultInjection],
  ]);
}

function containerAttributes(
  container: ContainerDefinition,
  content: TaskDefinitionContent,
): readonly string[] {
  return [
    ...settingAttributes(container),
    ...dockerAttributes(container),
    ...secretAttributes(container),
    ...firelensAttributes(container),
    ...logAttributes(container.logConfiguration, content.executionRoleArn),
  ];
}

function settingAttributes(container: ContainerDefinition): readonly string[] {
  const { credentialSpecs = [], dockerSecurityOptions = [], portMappings } = container;
  const isOrdered =
    container.startTimeout !== undefined ||
    container.stopTimeout !== undefined ||
    isGiven(container.dependsOn);
  return namesWhere([
    [`${agent}.privileged-container`, container.privileged],
    [`${agent}.selinux`, dockerSecurityOptions.some((option) => option.startsWith('label:'))],
    [`${agent}.apparmor`, dockerSecurityOptions.some((option) => option.startsWith('apparmor:'))],
    ['ecs.capability.container-health-check', container.healthCheck],
    ['ecs.capability.container-ordering', isOrdered],
    ['ecs.capability.container-restart-policy', container.restartPolicy],
    ['ecs.capability.env-files.s3', isGiven(container.environmentFiles)],
    ['ecs.capability.gmsa', credentialSpecs.some((spec) => spec.startsWith('credentialspec:'))],
    [
      'ecs.capability.gmsa-domainless',
      credentialSpecs.some((spec) => spec.startsWith('credentialspecdomainless:')),
    ],
    [
      'ecs.capability.network.container-port-range',
      portMappings.some((mapping) => mapping.containerPortRange),
    ],
    [
      'ecs.capability.private-registry-authentication.secretsmanager',
      container.repositoryCredentials,
    ],
  ]);
}

/** The version of Docker's API that first had what a container asks for. */
function dockerAttributes(container: ContainerDefinition): readonly string[] {
  const { capabilities, devices, initProcessEnabled, sharedMemorySize, tmpfs } =
    container.linuxParameters ?? {};
  const changesNames =
    isGiven(container.extraHosts) || isGiven(container.dnsServers) || container.hostname;
  return namesWhere([
    [
      dockerApi(17),
      capabilities || isGiven(devices) || container.readonlyRootFilesystem || changesNames,
    ],
    [
      dockerApi(18),
      container.logConfiguration || isGiven(container.ulimits) || container.dockerLabels,
    ],
    [dockerApi(21), container.memoryReservation || container.image.includes('@')],
    [dockerApi(22), sharedMemorySize || isGiven(tmpfs) || isGiven(devices)],
    [dockerApi(24), container.healthCheck],
    [dockerApi(25), initProcessEnabled],
  ]);
}

function isGiven(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

function secretAttributes({ logConfiguration, secrets = [] }: ContainerDefinition) {
  const logSecrets = logConfiguration?.secretOptions ?? [];
  return [
    ...secrets.map((secret) => `ecs.capability.secrets.${keeperOf(secret)}.environment-variables`),
    ...logSecrets.map(
      (secret) => `ecs.capability.secrets.${keeperOf(secret)}.bootstrap.log-driver`,
    ),
  ];
}

/** Secrets Manager is named by ARN only; everything else is a parameter of Systems Manager. */
function keeperOf({ valueFrom = '' }: Secret): 'asm' | 'ssm' {
  return /^arn:[^:]*:secretsmanager:/.test(valueFrom) ? 'asm' : 'ssm';
}

function firelensAttributes({ firelensConfiguration, user = '' }: ContainerDefinition) {
  if (firelensConfiguration === undefined) return [];
  const { type, options = {} } = firelensConfiguration;
  const fileType = options['config-file-type'];
  return namesWhere([
    [`ecs.capability.firelens.${type}`, true],
    [`ecs.capability.firelens.options.config.${fileType}`, fileType],
    ['ecs.capability.firelens.non-root-user', !isRoot(user)],
  ]);
}

function isRoot(user: string): boolean {
  const [name = ''] = user.split(':', 1);
  return name === '' || name === 'root' || name === '0';
}

/** Of a log configuration that a container has, or the proxy of Service Connect. */
export function logAttributes(
  configuration: LogConfiguration | undefined,
  executionRoleArn: string | undefined,
): readonly string[] {
  if (configuration === undefined) return [];
  const { logDriver, options = {} } = configuration;
  const given = new Set(Object.keys(options));
  const has = (...names: readonly string[]) => names.some((name) => given.has(name));
  const isAwslogs = logDriver === 'awslogs';
  return namesWhere([
    [`${agent}.logging-driver.${logDriver}`, true],
    ['ecs.capability.execution-role-awslogs', isAwslogs && executionRoleArn],
    [dockerApi(19), isAwslogs],
    [dockerApi(28), isAwslogs && has('mode', 'max-buffer-size')],
    [
      dockerApi(29),
      isAwslogs &&
        has('awslogs-create-group', 'awslogs-datetime-format', 'awslogs-multiline-pattern'),
    ],
    [
      'ecs.capability.logging-driver.awsfirelens.log-driver-buffer-limit',
      logDriver === 'awsfirelens' && has('log-driver-buffer-limit'),
    ],
  ]);
}

function volumeAttributes(volume: Volume, content: TaskDefinitionContent): readonly string[] {
  const { dockerVolumeConfiguration: docker, efsVolumeConfiguration: efs } = volume;
  const driver = docker?.driver?.replaceAll(':', '.');
  const isMountedByUser = content.containerDefinitions.some(
    ({ mountPoints, user }) => user && mountPoints.some((m) => m.sourceVolume === volume.name),
  );
  return namesWhere([
    [dockerApi(25), docker || efs],
    [`ecs.capability.docker-plugin.${driver}`, docker],
    ['ecs.capability.efs', efs],
    ['ecs.capability.efsAuth', efs?.authorizationConfig || efs?.transitEncryption === 'ENABLED'],
    ['ecs.capability.fsxWindowsFileServer', volume.fsxWindowsFileServerVolumeConfiguration],
    ['ecs.capability.storage.ebs-task-volume-attach', volume.configuredAtLaunch],
    ['ecs.capability.storage.ebsta-non-root-user', volume.configuredAtLaunch && isMountedByUser],
    ['ecs.capability.storage.s3-files', volume.s3filesVolumeConfiguration],
  ]);
}
