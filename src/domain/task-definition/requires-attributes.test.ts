import { expect, test } from 'vitest';
import type { Given } from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  contentFor,
  executionRole,
  onFargate,
  withContainer,
  withPorts,
  withUntypedContainer,
  withVolume,
} from '../../../test/fixtures/task-definition-requests.ts';
import { requiresAttributesOf } from './requires-attributes.ts';

const agent = 'com.amazonaws.ecs.capability';
const awslogs = { 'awslogs-group': 'web', 'awslogs-region': 'us-east-1' };
const ecrImage = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web';
const smSecret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:a';
const ssmSecret = 'arn:aws:ssm:us-east-1:123456789012:parameter/a';

interface Case {
  readonly what: string;
  readonly given: Given;
  readonly expected: readonly string[];
}

test.each<Case>([
  { what: 'nothing special', given: {}, expected: [] },
  { what: 'an explicit bridge', given: { networkMode: 'bridge' }, expected: [] },
  { what: 'host mode', given: { networkMode: 'host' }, expected: [docker(18)] },
  {
    what: 'awsvpc mode',
    given: { networkMode: 'awsvpc' },
    expected: [docker(18), 'ecs.capability.task-eni'],
  },
  {
    what: 'awslogs',
    given: logged('awslogs', awslogs),
    expected: [docker(18), docker(19), `${agent}.logging-driver.awslogs`],
  },
  {
    what: 'awslogs with an execution role',
    given: { executionRoleArn: executionRole, ...logged('awslogs', awslogs) },
    expected: [
      docker(18),
      docker(19),
      `${agent}.logging-driver.awslogs`,
      'ecs.capability.execution-role-awslogs',
    ],
  },
  {
    what: 'awslogs with a mode and a group to be made',
    given: logged('awslogs', { ...awslogs, mode: 'blocking', 'awslogs-create-group': 'true' }),
    expected: [docker(18), docker(19), docker(28), docker(29), `${agent}.logging-driver.awslogs`],
  },
  {
    what: 'another log driver',
    given: logged('none'),
    expected: [docker(18), `${agent}.logging-driver.none`],
  },
  {
    what: 'an image by digest',
    given: withContainer({ image: `nginx@sha256:${'a'.repeat(64)}` }),
    expected: [docker(21)],
  },
  {
    what: 'a reservation',
    given: withContainer({ memoryReservation: 64 }),
    expected: [docker(21)],
  },
  { what: 'labels', given: withContainer({ dockerLabels: { a: 'b' } }), expected: [docker(18)] },
  {
    what: 'ulimits',
    given: withContainer({ ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 1 }] }),
    expected: [docker(18)],
  },
  {
    what: 'a read-only root',
    given: withContainer({ readonlyRootFilesystem: true }),
    expected: [docker(17)],
  },
  {
    what: 'capabilities',
    given: withContainer({ linuxParameters: { capabilities: { drop: ['ALL'] } } }),
    expected: [docker(17)],
  },
  {
    what: 'devices',
    given: withContainer({ linuxParameters: { devices: [{ hostPath: '/dev/fuse' }] } }),
    expected: [docker(17), docker(22)],
  },
  {
    what: 'shared memory',
    given: withContainer({ linuxParameters: { sharedMemorySize: 64 } }),
    expected: [docker(22)],
  },
  {
    what: 'an init process',
    given: withContainer({ linuxParameters: { initProcessEnabled: true } }),
    expected: [docker(25)],
  },
  {
    what: 'a health check',
    given: withContainer({ healthCheck: { command: ['CMD', 'true'] } }),
    expected: [docker(24), 'ecs.capability.container-health-check'],
  },
  {
    what: 'an ECR image',
    given: withContainer({ image: ecrImage }),
    expected: [`${agent}.ecr-auth`],
  },
  {
    what: 'an ECR image with an execution role',
    given: { executionRoleArn: executionRole, ...withContainer({ image: ecrImage }) },
    expected: [`${agent}.ecr-auth`, 'ecs.capability.execution-role-ecr-pull'],
  },
  {
    what: 'a task role',
    given: { taskRoleArn: 'web' },
    expected: [`${agent}.task-iam-role`],
  },
  {
    what: 'a task role in host mode',
    given: { taskRoleArn: 'web', networkMode: 'host' },
    expected: [docker(18), `${agent}.task-iam-role-network-host`],
  },
  {
    what: 'privileges and security options',
    given: withContainer({ privileged: true, dockerSecurityOptions: ['label:a', 'apparmor:b'] }),
    expected: [`${agent}.apparmor`, `${agent}.privileged-container`, `${agent}.selinux`],
  },
  {
    what: 'a size of the task',
    given: { cpu: '11 vCPU', memory: '512' },
    expected: ['ecs.capability.increased-task-cpu-limit', 'ecs.capability.task-cpu-mem-limit'],
  },
  {
    what: 'a size on Fargate',
    given: onFargate(),
    expected: [docker(18), 'ecs.capability.task-eni'],
  },
  {
    what: 'secrets',
    given: {
      executionRoleArn: executionRole,
      ...withContainer({
        secrets: [
          { name: 'A', valueFrom: smSecret },
          { name: 'B', valueFrom: ssmSecret },
          { name: 'C', valueFrom: 'parameter' },
        ],
      }),
    },
    expected: [
      'ecs.capability.secrets.asm.environment-variables',
      'ecs.capability.secrets.ssm.environment-variables',
    ],
  },
  {
    what: 'secrets of a log driver',
    given: {
      executionRoleArn: executionRole,
      ...withContainer({
        logConfiguration: {
          logDriver: 'gelf',
          secretOptions: [
            { name: 'a', valueFrom: smSecret },
            { name: 'b', valueFrom: ssmSecret },
          ],
        },
      }),
    },
    expected: [
      docker(18),
      `${agent}.logging-driver.gelf`,
      'ecs.capability.secrets.asm.bootstrap.log-driver',
      'ecs.capability.secrets.ssm.bootstrap.log-driver',
    ],
  },
  {
    what: 'credentials of a registry',
    given: {
      executionRoleArn: executionRole,
      ...withContainer({ repositoryCredentials: { credentialsParameter: smSecret } }),
    },
    expected: ['ecs.capability.private-registry-authentication.secretsmanager'],
  },
  {
    what: 'a start time-out',
    given: withContainer({ startTimeout: 30 }),
    expected: ['ecs.capability.container-ordering'],
  },
  {
    what: 'a stop time-out',
    given: withContainer({ stopTimeout: 30 }),
    expected: ['ecs.capability.container-ordering'],
  },
  {
    what: 'dependencies',
    given: {
      containerDefinitions: [
        aContainer({ dependsOn: [{ containerName: 'init', condition: 'START' }] }),
        aContainer({ name: 'init' }),
      ],
    },
    expected: ['ecs.capability.container-ordering'],
  },
  {
    what: 'environment files',
    given: withContainer({ environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::b/e.env' }] }),
    expected: ['ecs.capability.env-files.s3'],
  },
  {
    what: 'a log router of its own user',
    given: withContainer({
      user: '1000:1000',
      firelensConfiguration: {
        type: 'fluentbit',
        options: { 'config-file-type': 'file', 'config-file-value': '/fluent.conf' },
      },
    }),
    expected: [
      'ecs.capability.firelens.fluentbit',
      'ecs.capability.firelens.non-root-user',
      'ecs.capability.firelens.options.config.file',
    ],
  },
  {
    what: 'FireLens with a limit of its buffer',
    given: {
      containerDefinitions: [
        aContainer({
          logConfiguration: {
            logDriver: 'awsfirelens',
            options: { 'log-driver-buffer-limit': '1024' },
          },
        }),
        aContainer({ name: 'router', user: 'root', firelensConfiguration: { type: 'fluentd' } }),
      ],
    },
    expected: [
      docker(18),
      `${agent}.logging-driver.awsfirelens`,
      'ecs.capability.firelens.fluentd',
      'ecs.capability.logging-driver.awsfirelens.log-driver-buffer-limit',
    ],
  },
  {
    what: 'namespaces',
    given: { pidMode: 'task', ipcMode: 'task' },
    expected: ['ecs.capability.pid-ipc-namespace-sharing'],
  },
  {
    what: 'a Docker volume',
    given: withVolume({ dockerVolumeConfiguration: { driver: 'rexray/ebs:latest' } }),
    expected: [docker(25), 'ecs.capability.docker-plugin.rexray/ebs.latest'],
  },
  {
    what: 'EFS',
    given: withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1' } }),
    expected: [docker(25), 'ecs.capability.efs'],
  },
  {
    what: 'EFS with encryption',
    given: withVolume({
      efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' },
    }),
    expected: [docker(25), 'ecs.capability.efs', 'ecs.capability.efsAuth'],
  },
  {
    what: 'S3 Files',
    given: withVolume({ s3filesVolumeConfiguration: { fileSystemArn: 'arn:aws:x' } }),
    expected: ['ecs.capability.storage.s3-files'],
  },
  {
    what: 'a volume configured at launch',
    given: withVolume({ configuredAtLaunch: true }),
    expected: ['ecs.capability.storage.ebs-task-volume-attach'],
  },
  {
    what: 'credential specs',
    given: {
      containerDefinitions: [
        aContainer({ credentialSpecs: ['credentialspec:arn:a'] }),
        aContainer({ name: 'other', credentialSpecs: ['credentialspecdomainless:arn:a'] }),
      ],
    },
    expected: ['ecs.capability.gmsa', 'ecs.capability.gmsa-domainless'],
  },
  {
    what: 'a port range',
    given: withPorts({ containerPortRange: '8000-8010' }),
    expected: ['ecs.capability.network.container-port-range'],
  },
  {
    what: 'a restart policy',
    given: withContainer({ restartPolicy: { enabled: true } }),
    expected: ['ecs.capability.container-restart-policy'],
  },
  {
    what: 'fault injection',
    given: { enableFaultInjection: true },
    expected: ['ecs.capability.fault-injection'],
  },
  { what: 'no fault injection', given: { enableFaultInjection: false }, expected: [] },
  {
    what: 'GPUs',
    given: withContainer({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    expected: [],
  },
])('a definition with $what requires $expected', ({ given, expected }) => {
  expect(requiresAttributesOf(contentFor(given))).toEqual(expected);
});

test('a volume configured at launch that a user mounts requires that the agent can hand it over', () => {
  const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
  const given: Given = {
    volumes: [{ name: 'data', configuredAtLaunch: true }],
    ...withContainer({ user: '1000', mountPoints }),
  };
  expect(requiresAttributesOf(contentFor(given))).toEqual([
    'ecs.capability.storage.ebs-task-volume-attach',
    'ecs.capability.storage.ebsta-non-root-user',
  ]);
});

function docker(minor: number): string {
  return `${agent}.docker-remote-api.1.${minor}`;
}

function logged(logDriver: string, options: object = {}): Given {
  return withUntypedContainer({ logConfiguration: { logDriver, options } });
}
