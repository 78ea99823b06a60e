import { expect, test } from 'vitest';
import {
  aContainerDefinition,
  aTaskDefinition,
} from '../../../../test/fixtures/a-task-definition.ts';
import { aTaskContainer, aTask, aTaskArn } from '../../../../test/fixtures/a-task.ts';
import type { Task } from '../../../domain/task/task.ts';
import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { TaskDefinition } from '../../../domain/task-definition/task-definition.ts';
import { payloadMessage } from '../frames/payload-message.ts';
import { payloadOfTask, stopOfTask } from './payload-of-task.ts';

const arn = aTaskArn();
const taskId = arn.slice(-32);

function definitionOf(given: Parameters<typeof aTaskDefinition>[0] = {}): TaskDefinition {
  const { content, ...definition } = aTaskDefinition({ networkMode: 'bridge', ...given });
  const { cpu: _, memory: __, ...sizeless } = content;
  return { ...definition, content: { ...sizeless, ...given } };
}

function payload(definition: TaskDefinition, given: Partial<Task> = {}) {
  const task = aTask({ arn, launchType: 'EC2', ...given });
  return payloadOfTask({ task, taskDefinition: definition }, {}, 'http://longshore:4510');
}

function containerPayload(
  given: Partial<ContainerDefinition>,
  more: Parameters<typeof aTaskDefinition>[0] = {},
) {
  const containerDefinitions = [aContainerDefinition(given)];
  const [container] = payload(definitionOf({ containerDefinitions, ...more })).containers ?? [];
  const { config = '{}', hostConfig = '{}' } = container?.dockerConfig ?? {};
  const docker: { config: unknown; hostConfig: unknown } = {
    config: JSON.parse(config),
    hostConfig: JSON.parse(hostConfig),
  };
  return { container, ...docker };
}

test('a task says who it is; cpu is in vCPU, memory in MiB', () => {
  const definition = definitionOf({ revision: 7, pidMode: 'host', ipcMode: 'none' });
  expect(payload(definition, { cpu: '512', memory: '1024', group: 'service:web' })).toMatchObject({
    arn,
    desiredStatus: 'RUNNING',
    family: 'web',
    version: '7',
    cpu: 0.5,
    memory: 1024,
    group: 'service:web',
    serviceName: 'web',
    networkMode: 'bridge',
    launchType: 'EC2',
    overrides: '{}',
    pidMode: 'host',
    ipcMode: 'none',
    taskDefinitionAccountId: '123456789012',
  });
});

test('a stop is nothing but the ARN', () => {
  expect(stopOfTask(aTask({ arn }))).toEqual({ arn, desiredStatus: 'STOPPED' });
});

test('what is overridden is merged into the plain members, so that only {} is left', () => {
  const containerDefinitions = [
    aContainerDefinition({
      command: ['a'],
      entryPoint: ['/sh'],
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    }),
  ];
  const overrides = {
    containerOverrides: [
      { name: 'app', command: ['b'], environment: [{ name: 'A', value: '9' }], memory: 64 },
    ],
  };
  expect(payload(definitionOf({ containerDefinitions }), { overrides }).containers).toMatchObject([
    {
      command: ['b'],
      entryPoint: ['/sh'],
      memory: 64,
      overrides: '{}',
      environment: { AWS_EXECUTION_ENV: 'AWS_ECS_EC2', A: '9', B: '2' },
    },
  ]);
});

test('ports are published in bridge mode, and never for a task with its own interface', () => {
  const portMappings = [
    { containerPort: 80, hostPort: 0, protocol: 'tcp' as const },
    { containerPortRange: '9000-9003', protocol: 'udp' as const },
  ];
  expect(containerPayload({ portMappings }).container?.portMappings).toEqual(portMappings);
  const awsvpc = containerPayload({ portMappings }, { networkMode: 'awsvpc' });
  expect(awsvpc.container).not.toHaveProperty('portMappings');
});

test.each([
  [{ user: 'web' }, { User: 'web' }, {}],
  [{ workingDirectory: '/srv' }, { WorkingDir: '/srv' }, {}],
  [{ hostname: 'web' }, { Hostname: 'web' }, {}],
  [{ pseudoTerminal: true, interactive: true }, { Tty: true, OpenStdin: true }, {}],
  [{ dockerLabels: { a: 'b' } }, { Labels: { a: 'b' } }, {}],
  [{ memoryReservation: 64 }, {}, { MemoryReservation: 67_108_864 }],
  [
    { privileged: true, readonlyRootFilesystem: true },
    {},
    { Privileged: true, ReadonlyRootfs: true },
  ],
  [
    { dnsServers: ['1.1.1.1'], dnsSearchDomains: ['a'] },
    {},
    { Dns: ['1.1.1.1'], DnsSearch: ['a'] },
  ],
  [
    { extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.9' }] },
    {},
    { ExtraHosts: ['db:10.0.0.9'] },
  ],
  [{ dockerSecurityOptions: ['label:x'] }, {}, { SecurityOpt: ['label:x'] }],
  [
    { ulimits: [{ name: 'nofile' as const, softLimit: 1, hardLimit: 2 }] },
    {},
    { Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }] },
  ],
  [
    { systemControls: [{ namespace: 'net.core.somaxconn', value: '9' }] },
    {},
    { Sysctls: { 'net.core.somaxconn': '9' } },
  ],
  [
    { linuxParameters: { capabilities: { add: ['NET_ADMIN'], drop: ['CHOWN'] } } },
    {},
    { CapAdd: ['NET_ADMIN'], CapDrop: ['CHOWN'] },
  ],
  [
    { linuxParameters: { initProcessEnabled: true, sharedMemorySize: 1 } },
    {},
    { Init: true, ShmSize: 1_048_576 },
  ],
  [
    { memory: 10, linuxParameters: { maxSwap: 5, swappiness: 0 } },
    {},
    { MemorySwap: 15_728_640, MemorySwappiness: 0 },
  ],
  [
    { linuxParameters: { tmpfs: [{ containerPath: '/run', size: 3, mountOptions: ['noexec'] }] } },
    {},
    { Tmpfs: { '/run': 'size=3m,noexec' } },
  ],
  [
    { linuxParameters: { devices: [{ hostPath: '/dev/a', permissions: ['read', 'write'] }] } },
    {},
    {
      Devices: [{ PathOnHost: '/dev/a', PathInContainer: '/dev/a', CgroupPermissions: 'rw' }],
    },
  ],
] satisfies [Partial<ContainerDefinition>, object, object][])(
  '%j goes to Docker as it is there',
  (given, config, hostConfig) => {
    const made = containerPayload(given);
    expect(made.config).toEqual(config);
    expect(made.hostConfig).toEqual({ NetworkMode: 'bridge', ...hostConfig });
  },
);

test('a health check is told in nanoseconds, and that it is Docker that checks', () => {
  const command = ['CMD-SHELL', 'true'];
  const made = containerPayload({ healthCheck: { command, interval: 5, startPeriod: 1 } });
  expect(made.container?.healthCheckType).toBe('docker');
  expect(made.config).toEqual({
    Healthcheck: {
      Test: command,
      Interval: 5e9,
      Timeout: 5e9,
      Retries: 3,
      StartPeriod: 1e9,
    },
  });
  expect(containerPayload({ healthCheck: { command: ['NONE'] } }).config).toEqual({});
});

test('awslogs gets the name of its stream, where our logs are, and the execution role to write it with', () => {
  const options = { 'awslogs-group': 'g', 'awslogs-stream-prefix': 'web' };
  const made = containerPayload(
    { logConfiguration: { logDriver: 'awslogs', options } },
    { executionRoleArn: 'arn:aws:iam::123456789012:role/exec' },
  );
  expect(made.hostConfig).toMatchObject({
    LogConfig: {
      Type: 'awslogs',
      Config: {
        'awslogs-group': 'g',
        'awslogs-stream': `web/app/${taskId}`,
        'awslogs-endpoint': 'http://longshore:4510',
      },
    },
  });
  expect(made.container?.logsAuthStrategy).toBe('ExecutionRole');
});

test('secrets name where they are; their values never pass through', () => {
  const made = containerPayload({
    secrets: [
      { name: 'A', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf' },
      { name: 'B', valueFrom: '/app/b' },
    ],
    logConfiguration: {
      logDriver: 'splunk',
      secretOptions: [
        { name: 'splunk-token', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/t' },
      ],
    },
  });
  expect(made.container?.secrets).toMatchObject([
    { name: 'A', provider: 'asm', region: 'eu-west-1', target: 'CONTAINER' },
    { name: 'B', provider: 'ssm', region: 'us-east-1', target: 'CONTAINER' },
    { name: 'splunk-token', provider: 'ssm', region: 'eu-west-1', target: 'LOG_DRIVER' },
  ]);
});

test.each([
  [
    { image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1' },
    {
      type: 'ecr',
      ecrAuthData: { registryId: '123456789012', region: 'eu-west-1', useExecutionRole: false },
    },
  ],
  [
    { repositoryCredentials: { credentialsParameter: 'login' } },
    { type: 'asm', asmAuthData: { credentialsParameter: 'login', region: 'us-east-1' } },
  ],
  [{ image: 'nginx' }, undefined],
])('an image of %j is pulled with %j', (given, authentication) => {
  expect(containerPayload(given).container?.registryAuthentication).toEqual(authentication);
});

test('containers keep what binds them to each other and to volumes', () => {
  const given = {
    links: ['db:database'],
    mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: true }],
    volumesFrom: [{ sourceContainer: 'db' }],
    dependsOn: [{ containerName: 'db', condition: 'HEALTHY' as const }],
    startTimeout: 9,
    stopTimeout: 8,
    restartPolicy: { enabled: true, ignoredExitCodes: [0], restartAttemptPeriod: 60 },
    firelensConfiguration: { type: 'fluentbit' as const, options: { a: 'b' } },
    environmentFiles: [{ type: 's3' as const, value: 'arn:aws:s3:::bucket/a.env' }],
  };
  expect(containerPayload(given).container).toMatchObject({
    ...given,
    volumesFrom: [{ sourceContainer: 'db', readOnly: false }],
  });
});

test.each([
  [{ name: 'v' }, { name: 'v', host: {} }],
  [
    { name: 'v', host: { sourcePath: '/srv' } },
    { name: 'v', host: { sourcePath: '/srv' } },
  ],
  [
    { name: 'v', dockerVolumeConfiguration: { scope: 'shared' as const, autoprovision: true } },
    {
      name: 'v',
      type: 'docker',
      dockerVolumeConfiguration: { scope: 'shared', autoprovision: true },
    },
  ],
  [
    { name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } },
    {
      name: 'v',
      type: 'efs',
      efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' },
    },
  ],
  [{ name: 'v', configuredAtLaunch: true }, { name: 'v' }],
])('a volume %j is told as %j', (volume, told) => {
  expect(payload(definitionOf({ volumes: [volume] })).volumes).toEqual([told]);
});

test('GPUs are told by their ids, each with its container', () => {
  const containers = [aTaskContainer({ gpuIds: ['GPU-1', 'GPU-2'] })];
  expect(payload(definitionOf(), { containers }).associations).toMatchObject([
    { name: 'GPU-1', type: 'gpu', containers: ['app'] },
    { name: 'GPU-2', type: 'gpu', containers: ['app'] },
  ]);
});

test('an interface is told with its address and its router, and the whole can be sent', () => {
  const networkInterface = {
    attachmentId: '5f0c3a1e-0000-4000-8000-000000000000',
    subnetId: 'subnet-1',
    status: 'CREATED' as const,
    address: {
      networkInterfaceId: 'eni-1',
      macAddress: '0a:00:00:00:00:01',
      privateIpv4Address: '10.7.3.9',
    },
  };
  const told = payload(definitionOf({ networkMode: 'awsvpc' }), { networkInterface });
  expect(told.elasticNetworkInterfaces).toEqual([
    {
      attachmentArn:
        'arn:aws:ecs:us-east-1:123456789012:attachment/default/5f0c3a1e-0000-4000-8000-000000000000',
      ec2Id: 'eni-1',
      macAddress: '0a:00:00:00:00:01',
      ipv4Addresses: [{ privateAddress: '10.7.3.9', primary: true }],
      subnetGatewayIpv4Address: '10.7.0.1/16',
    },
  ]);
  const address = { messageId: 'm', clusterArn: 'c', containerInstanceArn: 'i', generatedAt: 1 };
  const sent: unknown = JSON.parse(payloadMessage.write({ ...address, tasks: [told] }));
  expect(sent).toEqual({ type: 'PayloadMessage', message: { ...address, tasks: [told] } });
});

test.each([
  ['registry:5000/shop/web:v1', 'registry:5000/shop/web'],
  ['web', 'web'],
])('the image %s that a service has pinned goes by its digest', (image, repository) => {
  const pinnedDigest = `sha256:${'a'.repeat(64)}`;
  const containerDefinitions = [aContainerDefinition({ image })];
  const containers = [aTaskContainer({ image, pinnedDigest })];
  const told = payload(definitionOf({ containerDefinitions }), { containers });
  expect(told.containers).toMatchObject([{ image: `${repository}@${pinnedDigest}` }]);
});
