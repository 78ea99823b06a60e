import { present } from '../present.ts';
import { capacityProviderAttribute, type Attribute } from './container-instance.ts';
import type { Registration } from './registration.ts';
import { manyInterfaces } from './resources.ts';

/** A machine that Longshore runs tasks on by itself, without an agent, as it is while it can be reached. */
export interface Machine {
  /** Names it for as long as it is the same machine. */
  readonly id: string;
  /** Where others reach its ports, as far as that can be known. */
  readonly privateIpv4Address?: string;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly cpuArchitecture: 'x86_64' | 'arm64';
  readonly dockerVersion: string;
  readonly logDrivers: readonly string[];
  readonly volumeDrivers: readonly string[];
  readonly securityModules: readonly ('apparmor' | 'selinux')[];
  /** Whether it can have managed EBS volumes made and attached. */
  readonly attachesVolumes: boolean;
  /** Whether containers find the credentials of their task's role. */
  readonly servesRoles: boolean;
}

export interface MachineRegistration {
  readonly machine: Machine;
  /** Longshore's own version: it plays the agent's part. */
  readonly version: string;
  /** Ports of the machine that Longshore itself has. */
  readonly ownPorts: readonly number[];
  readonly capacityProvider?: string | undefined;
}

/** SSH, Docker, and the official agent's own: a definition that fits here then fits elsewhere. */
const reservedPorts = [22, 2375, 2376, 51_678, 51_679];

/** What an agent on the machine would register. */
export function registrationOfMachine(given: MachineRegistration): Registration {
  const { machine, version, ownPorts, capacityProvider } = given;
  const { cpuUnits, memoryMiB, cpuArchitecture, dockerVersion } = machine;
  return {
    attributes: [
      ...capabilitiesOf(machine).map((name) => ({ name })),
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.os-family', value: 'LINUX' },
      { name: 'ecs.os-type-detailed', value: 'LINUX' },
      { name: 'ecs.cpu-architecture', value: cpuArchitecture },
      ...(capacityProvider === undefined
        ? []
        : [{ name: capacityProviderAttribute, value: capacityProvider }]),
    ],
    resources: {
      cpuUnits,
      memoryMiB,
      reservedPorts: [...new Set([...reservedPorts, ...ownPorts])],
      reservedUdpPorts: [],
      gpuIds: [],
      networkInterfaces: manyInterfaces,
    },
    identity: present({ privateIp: machine.privateIpv4Address }),
    versionInfo: { agentVersion: version, dockerVersion: `DockerVersion: ${dockerVersion}` },
    tags: [],
    token: undefined,
  };
}

function capabilitiesOf(machine: Machine): readonly Attribute['name'][] {
  const { attachesVolumes, logDrivers, securityModules, servesRoles, volumeDrivers } = machine;
  return [
    ...capabilities,
    ...ecsLogDrivers
      .filter((driver) => logDrivers.includes(driver))
      .map((driver) => `com.amazonaws.ecs.capability.logging-driver.${driver}`),
    ...(logDrivers.includes('fluentd') ? firelensCapabilities : []),
    ...volumeDrivers.map((driver) => `ecs.capability.docker-plugin.${driver}`),
    ...securityModules.map((module) => `com.amazonaws.ecs.capability.${module}`),
    ...(attachesVolumes ? ['ecs.capability.storage.ebs-task-volume-attach'] : []),
    ...(servesRoles ? roleCapabilities : []),
  ];
}

/** The versions of Docker's API that the official agent names on Linux. */
const dockerApiMinors = [17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 32];

/**
 * What tasks can ask for here, by the names that the official agent gives it. What is left out cannot be had yet: a task
 * that asks for it is refused with ATTRIBUTE.
 */
const capabilities: readonly Attribute['name'][] = [
  ...dockerApiMinors.map((minor) => `com.amazonaws.ecs.capability.docker-remote-api.1.${minor}`),
  'com.amazonaws.ecs.capability.ecr-auth',
  'com.amazonaws.ecs.capability.logging-driver.awslogs',
  'com.amazonaws.ecs.capability.logging-driver.json-file',
  'com.amazonaws.ecs.capability.logging-driver.none',
  'com.amazonaws.ecs.capability.privileged-container',
  'ecs.capability.container-health-check',
  'ecs.capability.container-ordering',
  'ecs.capability.container-restart-policy',
  'ecs.capability.efs',
  'ecs.capability.efsAuth',
  'ecs.capability.env-files.s3',
  'ecs.capability.execute-command',
  'ecs.capability.execution-role-awslogs',
  'ecs.capability.execution-role-ecr-pull',
  'ecs.capability.increased-task-cpu-limit',
  'ecs.capability.network.container-port-range',
  'ecs.capability.pid-ipc-namespace-sharing',
  'ecs.capability.private-registry-authentication.secretsmanager',
  'ecs.capability.secrets.asm.bootstrap.log-driver',
  'ecs.capability.secrets.asm.environment-variables',
  'ecs.capability.secrets.ssm.bootstrap.log-driver',
  'ecs.capability.secrets.ssm.environment-variables',
  'ecs.capability.task-cpu-mem-limit',
  'ecs.capability.task-eni',
];

/** Those of Docker that ECS has beside its own. */
const ecsLogDrivers = ['fluentd', 'gelf', 'journald', 'splunk', 'syslog'];

/** FireLens sends lines with Docker's driver for Fluentd. */
const firelensCapabilities: readonly Attribute['name'][] = [
  'com.amazonaws.ecs.capability.logging-driver.awsfirelens',
  'ecs.capability.firelens.fluentbit',
  'ecs.capability.firelens.fluentd',
  'ecs.capability.firelens.non-root-user',
  'ecs.capability.firelens.options.config.file',
  'ecs.capability.firelens.options.config.s3',
  'ecs.capability.logging-driver.awsfirelens.log-driver-buffer-limit',
];

const roleCapabilities: readonly Attribute['name'][] = [
  'com.amazonaws.ecs.capability.task-iam-role',
  'com.amazonaws.ecs.capability.task-iam-role-network-host',
];
