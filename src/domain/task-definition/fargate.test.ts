import type { ContainerDefinition, LinuxParameters } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import type {
  AcceptedCase,
  Given,
  RefusedCase,
} from '../../../test/fixtures/task-definition-requests.ts';
import {
  contentFor,
  executionRole,
  onFargate,
  registrationRefusal,
  withContainer,
  withVolume,
} from '../../../test/fixtures/task-definition-requests.ts';
import { compatibilitiesOf } from './compatibilities.ts';

const windows = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' as const };
const awslogs = { 'awslogs-group': 'web', 'awslogs-region': 'us-east-1' };

const refusals: RefusedCase[] = [
  {
    what: 'bridge mode',
    given: { networkMode: 'bridge' },
    message: 'Fargate only supports network mode ‘awsvpc’.',
  },
  {
    what: 'no network mode',
    given: { networkMode: undefined },
    message: 'Fargate only supports network mode ‘awsvpc’.',
  },
  {
    what: 'no CPU of the task',
    given: { cpu: undefined },
    message: "Fargate requires that 'cpu' be defined at the task level.",
  },
  {
    what: 'no memory of the task',
    given: { memory: undefined },
    message: "Fargate requires that 'memory' be defined at the task level.",
  },
  { what: 'half a vCPU with half a GiB', given: { cpu: '512' }, message: noSize(512, 512) },
  {
    what: 'a quarter of a vCPU on Windows',
    given: { runtimePlatform: windows },
    message: noSize(256, 512),
  },
  {
    what: 'eight vCPU on Windows',
    given: { runtimePlatform: windows, cpu: '8 vCPU', memory: '16 GB' },
    message: noSize(8192, 16_384),
  },
  {
    what: 'an IPC namespace',
    given: { ipcMode: 'task' },
    message: 'Fargate compatible task definitions do not support ipcMode',
  },
  {
    what: "the host's process namespace",
    given: { pidMode: 'host' },
    message:
      "Tasks using the Fargate launch type do not support pidMode 'host'. " +
      "The supported value for pidMode is 'task'.",
  },
  {
    what: 'placement constraints',
    given: { placementConstraints: [{ type: 'memberOf', expression: 'attribute:a == b' }] },
    message: 'Fargate compatible task definitions do not support constraints',
  },
  {
    what: 'a Docker volume',
    given: withVolume({ dockerVolumeConfiguration: {} }),
    message: 'Fargate compatible task definitions do not support dockerVolumeConfiguration',
  },
  {
    what: 'a path of the host',
    given: withVolume({ host: { sourcePath: '/srv' } }),
    message: 'Fargate compatible task definitions do not support sourcePath',
  },
  {
    what: 'FSx for Windows',
    given: withVolume({
      fsxWindowsFileServerVolumeConfiguration: {
        fileSystemId: 'fs-1',
        rootDirectory: '/',
        authorizationConfig: { credentialsParameter: 'arn:aws:x', domain: 'example.com' },
      },
    }),
    message:
      'Fargate compatible task definitions do not support fsxWindowsFileServerVolumeConfiguration',
  },
  {
    what: 'a privileged container',
    given: withContainer({ privileged: true }),
    message: 'Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.',
  },
  {
    what: 'security options of Docker',
    given: withContainer({ dockerSecurityOptions: ['no-new-privileges'] }),
    message: 'Fargate compatible task definitions do not support dockerSecurityOptions',
  },
  {
    what: 'devices',
    given: linux({ devices: [{ hostPath: '/dev/fuse' }] }),
    message: 'Fargate compatible task definitions do not support devices',
  },
  {
    what: 'swap',
    given: linux({ maxSwap: 0, swappiness: 10 }),
    message: 'Fargate compatible task definitions do not support maxSwap',
  },
  {
    what: 'swappiness',
    given: linux({ swappiness: 10 }),
    message: 'Fargate compatible task definitions do not support swappiness',
  },
  {
    what: 'shared memory',
    given: linux({ sharedMemorySize: 64 }),
    message: 'Fargate compatible task definitions do not support sharedMemorySize',
  },
  {
    what: 'a capability but SYS_PTRACE',
    given: linux({ capabilities: { add: ['SYS_PTRACE', 'NET_ADMIN'] } }),
    message: 'NET_ADMIN is not allowed on Fargate.',
  },
  {
    what: 'GPUs',
    given: withContainer({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    message: 'Tasks using the Fargate launch type do not support GPU resource requirements.',
  },
  {
    what: 'a stop time-out of 121 seconds',
    given: withContainer({ stopTimeout: 121 }),
    message:
      'Tasks using the Fargate launch type must have a container stop timeout ' +
      'of less than 120 seconds.',
  },
  {
    what: 'a configuration of FireLens in S3',
    given: withContainer({
      firelensConfiguration: {
        type: 'fluentbit',
        options: { 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::b/f' },
      },
    }),
    message: "Fargate launch type does not support FirelensConfiguration config file from 's3'",
  },
  {
    what: 'a log driver of instances',
    given: withContainer({ logConfiguration: { logDriver: 'json-file' } }),
    message: 'json-file is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]',
  },
  {
    what: 'awslogs without a prefix',
    given: { executionRoleArn: executionRole, ...logged(awslogs) },
    message:
      'Fargate requires log configuration options to include awslogs-stream-prefix ' +
      'to support log driver awslogs.',
  },
  {
    what: 'awslogs without an execution role',
    given: logged({ ...awslogs, 'awslogs-stream-prefix': 'web' }),
    message:
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
  },
  {
    what: 'an ECR image without an execution role',
    given: withContainer({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web' }),
    message: 'Fargate requires task definition to have execution role ARN to support ECR images.',
  },
];

describe('where FARGATE is required', () => {
  test.each(refusals)('RegisterTaskDefinition refuses $what', ({ given, message }) => {
    expect(registrationRefusal(onFargate(given))).toBe(`ClientException: ${message}`);
  });

  test.each<AcceptedCase>([
    { what: 'the smallest task', given: {} },
    { what: 'a stop time-out of 120 seconds', given: withContainer({ stopTimeout: 120 }) },
    { what: 'SYS_PTRACE', given: linux({ capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] } }) },
    { what: 'a tmpfs', given: linux({ tmpfs: [{ containerPath: '/tmp', size: 64 }] }) },
    { what: 'an init process', given: linux({ initProcessEnabled: true }) },
    { what: 'a process namespace of the task', given: { pidMode: 'task' } },
    { what: 'a bind mount', given: withVolume({}) },
    { what: 'EFS', given: withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1' } }) },
    { what: 'a volume configured at launch', given: withVolume({ configuredAtLaunch: true }) },
    { what: 'storage', given: { ephemeralStorage: { sizeInGiB: 21 } } },
    { what: 'privileged false', given: withContainer({ privileged: false }) },
    {
      what: 'awslogs with a prefix and a role',
      given: {
        executionRoleArn: executionRole,
        ...logged({ ...awslogs, 'awslogs-stream-prefix': 'web' }),
      },
    },
    {
      what: 'one vCPU on Windows',
      given: { runtimePlatform: windows, cpu: '1 vCPU', memory: '2 GB' },
    },
  ])('RegisterTaskDefinition accepts $what', ({ given }) => {
    expect(registrationRefusal(onFargate(given))).toBeUndefined();
  });
});

describe('where FARGATE is not required', () => {
  test.each(refusals)('$what is accepted, and does not run on Fargate', ({ given }) => {
    const content = contentFor(onFargate({ ...given, requiresCompatibilities: undefined }));
    expect(compatibilitiesOf(content)).not.toContain('FARGATE');
  });
});

function noSize(cpuUnits: number, memoryMiB: number): string {
  return (
    `No Fargate configuration exists for given values: ${cpuUnits} CPU, ${memoryMiB} memory. ` +
    'See the Amazon ECS documentation for the valid values.'
  );
}

function linux(linuxParameters: LinuxParameters): Given {
  return withContainer({ linuxParameters });
}

function logged(options: Record<string, string>): Given {
  const logConfiguration: ContainerDefinition['logConfiguration'] = {
    logDriver: 'awslogs',
    options,
  };
  return withContainer({ logConfiguration });
}
