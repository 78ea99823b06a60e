import type { LogConfiguration, Secret, Volume } from '@aws-sdk/client-ecs';
import { isEcrImage } from './containers.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const agent = 'com.amazonaws.ecs.capability';
const mostCommonTaskCpuUnits = 10_240;

/**
 * Names of the attributes that a container instance must have to run a definition, as the agent
 * registers them. Their order means nothing to ECS; it is alphabetical here.
 */
export function requiresAttributesOf(content: TaskDefinitionContent): readonly string[] {
  const names = new Set<string>();
  addNames(names, taskRules, content);
  for (const container of content.containerDefinitions) {
    addNames(names, settingRules, container);
    addNames(names, dockerRules, container);
    addSecretNames(names, container);
    addFirelensNames(names, container);
    addLogNames(names, container.logConfiguration, content.executionRoleArn);
  }
  for (const volume of content.volumes) addVolumeNames(names, volume, content);
  return [...names].sort();
}

/** A name, and whether a definition or a part of it asks for it. */
type Rule<Subject> = readonly [name: string, isAskedFor: (subject: Subject) => unknown];

function addNames<Subject>(
  names: Set<string>,
  rules: readonly Rule<Subject>[],
  subject: Subject,
): void {
  for (const [name, isAskedFor] of rules) if (isAskedFor(subject)) names.add(name);
}

function dockerApi(minor: number): string {
  return `${agent}.docker-remote-api.1.${minor}`;
}

const taskRules: readonly Rule<TaskDefinitionContent>[] = [
  [`${agent}.ecr-auth`, pullsFromEcr],
  [
    'ecs.capability.execution-role-ecr-pull',
    (content) => content.executionRoleArn && pullsFromEcr(content),
  ],
  [
    `${agent}.task-iam-role`,
    ({ networkMode, taskRoleArn }) => taskRoleArn && networkMode !== 'host',
  ],
  [
    `${agent}.task-iam-role-network-host`,
    ({ networkMode, taskRoleArn }) => taskRoleArn && networkMode === 'host',
  ],
  ['ecs.capability.task-eni', ({ networkMode }) => networkMode === 'awsvpc'],
  [dockerApi(18), ({ networkMode }) => networkMode !== undefined && networkMode !== 'bridge'],
  // Fargate has its own sizes; elsewhere the agent must know how to limit a task.
  [
    'ecs.capability.task-cpu-mem-limit',
    ({ cpu, memory, requiresCompatibilities }) =>
      (cpu !== undefined || memory !== undefined) && !requiresCompatibilities?.includes('FARGATE'),
  ],
  [
    'ecs.capability.increased-task-cpu-limit',
    ({ cpu = 0 }) => Number(cpu) > mostCommonTaskCpuUnits,
  ],
  ['ecs.capability.pid-ipc-namespace-sharing', ({ pidMode, ipcMode }) => pidMode || ipcMode],
  ['ecs.capability.aws-appmesh', ({ proxyConfiguration }) => proxyConfiguration],
  ['ecs.capability.fault-injection', ({ enableFaultInjection }) => enableFaultInjection],
];

function pullsFromEcr({ containerDefinitions }: TaskDefinitionContent): boolean {
  return containerDefinitions.some(({ image }) => isEcrImage(image));
}

const settingRules: readonly Rule<ContainerDefinition>[] = [
  [`${agent}.privileged-container`, ({ privileged }) => privileged],
  [`${agent}.selinux`, ({ dockerSecurityOptions }) => hasPrefixed(dockerSecurityOptions, 'label:')],
  [
    `${agent}.apparmor`,
    ({ dockerSecurityOptions }) => hasPrefixed(dockerSecurityOptions, 'apparmor:'),
  ],
  ['ecs.capability.container-health-check', ({ healthCheck }) => healthCheck],
  [
    'ecs.capability.container-ordering',
    ({ startTimeout, stopTimeout, dependsOn }) =>
      startTimeout !== undefined || stopTimeout !== undefined || isGiven(dependsOn),
  ],
  ['ecs.capability.container-restart-policy', ({ restartPolicy }) => restartPolicy],
  ['ecs.capability.env-files.s3', ({ environmentFiles }) => isGiven(environmentFiles)],
  ['ecs.capability.gmsa', ({ credentialSpecs }) => hasPrefixed(credentialSpecs, 'credentialspec:')],
  [
    'ecs.capability.gmsa-domainless',
    ({ credentialSpecs }) => hasPrefixed(credentialSpecs, 'credentialspecdomainless:'),
  ],
  [
    'ecs.capability.network.container-port-range',
    ({ portMappings }) => portMappings.some((mapping) => mapping.containerPortRange),
  ],
  [
    'ecs.capability.private-registry-authentication.secretsmanager',
    ({ repositoryCredentials }) => repositoryCredentials,
  ],
];

function hasPrefixed(texts: readonly string[] = [], prefix: string): boolean {
  return texts.some((text) => text.startsWith(prefix));
}

/** The version of Docker's API that first had what a container asks for. */
const dockerRules: readonly Rule<ContainerDefinition>[] = [
  [
    dockerApi(17),
    ({ linuxParameters, readonlyRootFilesystem, extraHosts, dnsServers, hostname }) =>
      linuxParameters?.capabilities ||
      isGiven(linuxParameters?.devices) ||
      readonlyRootFilesystem ||
      isGiven(extraHosts) ||
      isGiven(dnsServers) ||
      hostname,
  ],
  [
    dockerApi(18),
    ({ logConfiguration, ulimits, dockerLabels }) =>
      logConfiguration || isGiven(ulimits) || dockerLabels,
  ],
  [dockerApi(21), ({ memoryReservation, image }) => memoryReservation || image.includes('@')],
  [
    dockerApi(22),
    ({ linuxParameters: { sharedMemorySize, tmpfs, devices } = {} }) =>
      sharedMemorySize || isGiven(tmpfs) || isGiven(devices),
  ],
  [dockerApi(24), ({ healthCheck }) => healthCheck],
  [dockerApi(25), ({ linuxParameters }) => linuxParameters?.initProcessEnabled],
];

function isGiven(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

function addSecretNames(
  names: Set<string>,
  { logConfiguration, secrets = [] }: ContainerDefinition,
): void {
  for (const secret of secrets) {
    names.add(`ecs.capability.secrets.${keeperOf(secret)}.environment-variables`);
  }
  for (const secret of logConfiguration?.secretOptions ?? []) {
    names.add(`ecs.capability.secrets.${keeperOf(secret)}.bootstrap.log-driver`);
  }
}

/** Secrets Manager is named by ARN only; everything else is a parameter of Systems Manager. */
function keeperOf({ valueFrom = '' }: Secret): 'asm' | 'ssm' {
  return /^arn:[^:]*:secretsmanager:/.test(valueFrom) ? 'asm' : 'ssm';
}

function addFirelensNames(
  names: Set<string>,
  { firelensConfiguration, user = '' }: ContainerDefinition,
): void {
  if (firelensConfiguration === undefined) return;
  const { type, options = {} } = firelensConfiguration;
  const fileType = options['config-file-type'];
  names.add(`ecs.capability.firelens.${type}`);
  if (fileType) names.add(`ecs.capability.firelens.options.config.${fileType}`);
  if (!isRoot(user)) names.add('ecs.capability.firelens.non-root-user');
}

function isRoot(user: string): boolean {
  const [name = ''] = user.split(':', 1);
  return name === '' || name === 'root' || name === '0';
}

type LogOptions = Readonly<Record<string, string>>;

const awslogsRules: readonly Rule<LogOptions>[] = [
  [dockerApi(19), () => true],
  [dockerApi(28), (options) => has(options, 'mode', 'max-buffer-size')],
  [
    dockerApi(29),
    (options) =>
      has(options, 'awslogs-create-group', 'awslogs-datetime-format', 'awslogs-multiline-pattern'),
  ],
];

function has(options: LogOptions, ...names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(options, name));
}

/** Of a log configuration that a container has, or the proxy of Service Connect. */
export function logAttributes(
  configuration: LogConfiguration | undefined,
  executionRoleArn: string | undefined,
): readonly string[] {
  const names = new Set<string>();
  addLogNames(names, configuration, executionRoleArn);
  return [...names];
}

function addLogNames(
  names: Set<string>,
  configuration: LogConfiguration | undefined,
  executionRoleArn: string | undefined,
): void {
  if (configuration === undefined) return;
  const { logDriver, options = {} } = configuration;
  names.add(`${agent}.logging-driver.${logDriver}`);
  if (logDriver === 'awslogs') {
    addNames(names, awslogsRules, options);
    if (executionRoleArn) names.add('ecs.capability.execution-role-awslogs');
  }
  if (logDriver === 'awsfirelens' && has(options, 'log-driver-buffer-limit')) {
    names.add('ecs.capability.logging-driver.awsfirelens.log-driver-buffer-limit');
  }
}

const volumeRules: readonly Rule<Volume>[] = [
  [
    dockerApi(25),
    ({ dockerVolumeConfiguration, efsVolumeConfiguration }) =>
      dockerVolumeConfiguration || efsVolumeConfiguration,
  ],
  ['ecs.capability.efs', ({ efsVolumeConfiguration }) => efsVolumeConfiguration],
  [
    'ecs.capability.efsAuth',
    ({ efsVolumeConfiguration: efs }) =>
      efs?.authorizationConfig || efs?.transitEncryption === 'ENABLED',
  ],
  [
    'ecs.capability.fsxWindowsFileServer',
    ({ fsxWindowsFileServerVolumeConfiguration }) => fsxWindowsFileServerVolumeConfiguration,
  ],
  ['ecs.capability.storage.ebs-task-volume-attach', ({ configuredAtLaunch }) => configuredAtLaunch],
  [
    'ecs.capability.storage.s3-files',
    ({ s3filesVolumeConfiguration }) => s3filesVolumeConfiguration,
  ],
];

function addVolumeNames(names: Set<string>, volume: Volume, content: TaskDefinitionContent): void {
  addNames(names, volumeRules, volume);
  const { dockerVolumeConfiguration: docker, configuredAtLaunch } = volume;
  if (docker) {
    names.add(`ecs.capability.docker-plugin.${docker.driver?.replaceAll(':', '.')}`);
  }
  if (configuredAtLaunch && isMountedByUser(volume, content)) {
    names.add('ecs.capability.storage.ebsta-non-root-user');
  }
}

function isMountedByUser({ name }: Volume, { containerDefinitions }: TaskDefinitionContent) {
  return containerDefinitions.some(
    ({ mountPoints, user }) => user && mountPoints.some((m) => m.sourceVolume === name),
  );
}
