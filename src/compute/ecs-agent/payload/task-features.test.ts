import { expect, test } from 'vitest';
import {
  aContainerDefinition,
  aTaskDefinition,
} from '../../../../test/fixtures/a-task-definition.ts';
import { aTask, aTaskArn } from '../../../../test/fixtures/a-task.ts';
import type { Task } from '../../../domain/task/task.ts';
import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import { payloadMessage } from '../frames/payload-message.ts';
import type { WireRoleCredentials } from '../frames/role-credentials.ts';
import { payloadOfTask, type TaskCredentials } from './payload-of-task.ts';

const arn = aTaskArn();

function payload(
  content: Parameters<typeof aTaskDefinition>[0],
  given: Partial<Task> = {},
  credentials: TaskCredentials = {},
) {
  const taskDefinition = aTaskDefinition({ networkMode: 'bridge', ...content });
  const task = aTask({ arn, launchType: 'EC2', ...given });
  const told = payloadOfTask({ task, taskDefinition }, credentials, 'http://longshore:4510');
  // Whatever it is, it must be something that can be sent.
  const address = { messageId: 'm', clusterArn: 'c', containerInstanceArn: 'i', generatedAt: 1 };
  payloadMessage.write({ ...address, tasks: [told] });
  return told;
}

function containerPayload(given: Partial<ContainerDefinition>, task: Partial<Task> = {}) {
  const [container] =
    payload({ containerDefinitions: [aContainerDefinition(given)] }, task).containers ?? [];
  const hostConfig: unknown = JSON.parse(container?.dockerConfig?.hostConfig ?? '{}');
  return { container, hostConfig };
}

test.each([
  [
    {
      name: 'v',
      efsVolumeConfiguration: {
        fileSystemId: 'fs-1',
        transitEncryption: 'ENABLED' as const,
        transitEncryptionPort: 20_049,
        authorizationConfig: { accessPointId: 'fsap-1', iam: 'ENABLED' as const },
      },
    },
    {
      name: 'v',
      type: 'efs',
      efsVolumeConfiguration: {
        fileSystemId: 'fs-1',
        transitEncryption: 'ENABLED',
        transitEncryptionPort: 20_049,
        authorizationConfig: { accessPointId: 'fsap-1', iam: 'ENABLED' },
      },
    },
  ],
  [
    {
      name: 'v',
      fsxWindowsFileServerVolumeConfiguration: {
        fileSystemId: 'fs-1',
        rootDirectory: 'share',
        authorizationConfig: { credentialsParameter: 'login', domain: 'corp' },
      },
    },
    {
      name: 'v',
      type: 'fsxWindowsFileServer',
      fsxWindowsFileServerVolumeConfiguration: {
        fileSystemId: 'fs-1',
        rootDirectory: 'share',
        authorizationConfig: { credentialsParameter: 'login', domain: 'corp' },
      },
    },
  ],
  [
    {
      name: 'v',
      dockerVolumeConfiguration: {
        scope: 'task' as const,
        driver: 'local',
        driverOpts: { type: 'tmpfs' },
        labels: { a: 'b' },
      },
    },
    {
      name: 'v',
      type: 'docker',
      dockerVolumeConfiguration: {
        scope: 'task',
        driver: 'local',
        driverOpts: { type: 'tmpfs' },
        labels: { a: 'b' },
      },
    },
  ],
])('a file system %j is told whole', (volume, told) => {
  expect(payload({ volumes: [volume] }).volumes).toEqual([told]);
});

test('a volume of S3 Files is an attachment, without what is not given', () => {
  const fileSystemArn = 'arn:aws:s3files:us-east-1:123456789012:file-system/fs-1';
  const accessPointArn = `${fileSystemArn}/access-point/fsap-1`;
  const told = payload({
    volumes: [
      { name: 'plain', s3filesVolumeConfiguration: { fileSystemArn } },
      {
        name: 'whole',
        s3filesVolumeConfiguration: {
          fileSystemArn,
          rootDirectory: '/d',
          transitEncryptionPort: 20_049,
          accessPointArn,
        },
      },
    ],
  });
  expect(told.volumes).toEqual([{ name: 'plain' }, { name: 'whole' }]);
  expect(told.attachments).toMatchObject([
    {
      attachmentType: 's3files',
      attachmentProperties: [
        { name: 'volumeId', value: 'fs-1' },
        { name: 'volumeName', value: 'plain' },
      ],
    },
    {
      attachmentProperties: [
        { name: 'volumeId', value: 'fs-1' },
        { name: 'volumeName', value: 'whole' },
        { name: 's3FilesRootDirectory', value: '/d' },
        { name: 's3FilesTransitEncryptionPort', value: '20049' },
        { name: 's3FilesAccessPointId', value: 'fsap-1' },
      ],
    },
  ]);
});

test('a proxy of App Mesh is told with its properties by name', () => {
  const proxyConfiguration = {
    type: 'APPMESH' as const,
    containerName: 'envoy',
    properties: [
      { name: 'ProxyIngressPort', value: '15000' },
      { name: 'AppPorts', value: '80,81' },
    ],
  };
  expect(payload({ networkMode: 'awsvpc', proxyConfiguration }).proxyConfiguration).toEqual({
    type: 'APPMESH',
    containerName: 'envoy',
    properties: { ProxyIngressPort: '15000', AppPorts: '80,81' },
  });
});

test('a task has the credentials of both its roles, each by its own id', () => {
  const credentials = (credentialsId: string): WireRoleCredentials => ({
    credentialsId,
    roleArn: 'arn:aws:iam::123456789012:role/a',
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    sessionToken: 'token',
    expiration: '2026-09-16T12:00:00Z',
  });
  const both = { task: credentials('1'), execution: credentials('2') };
  expect(payload({}, {}, both)).toMatchObject({
    roleCredentials: { credentialsId: '1' },
    executionRoleCredentials: { credentialsId: '2' },
  });
  expect(payload({})).not.toHaveProperty('roleCredentials');
});

test('faults can be injected where the definition allows it', () => {
  expect(payload({ enableFaultInjection: true }).enableFaultInjection).toBe(true);
});

test('ExecuteCommand is a managed agent of every container', () => {
  expect(containerPayload({}, { enableExecuteCommand: true }).container?.managedAgents).toEqual([
    { name: 'ExecuteCommandAgent' },
  ]);
  expect(containerPayload({}).container).not.toHaveProperty('managedAgents');
});

test('FireLens is told as a router, and as the log driver of those that it routes for', () => {
  const options = { 'config-file-type': 'file', 'config-file-value': '/extra.conf' };
  const router = { firelensConfiguration: { type: 'fluentbit' as const, options } };
  expect(containerPayload(router).container).toMatchObject(router);
  const routed = { Name: 'cloudwatch', 'log-driver-buffer-limit': '2048' };
  const logConfiguration = {
    logDriver: 'awsfirelens' as const,
    options: routed,
    secretOptions: [{ name: 'apikey', valueFrom: '/app/key' }],
  };
  const told = containerPayload({ logConfiguration });
  expect(told.hostConfig).toMatchObject({ LogConfig: { Type: 'awsfirelens', Config: routed } });
  expect(told.container?.secrets).toMatchObject([{ name: 'apikey', target: 'LOG_DRIVER' }]);
});

test('without an execution role awslogs writes with what the machine has', () => {
  const logConfiguration = { logDriver: 'awslogs' as const, options: { 'awslogs-group': 'g' } };
  const told = containerPayload({ logConfiguration });
  expect(told.container).not.toHaveProperty('logsAuthStrategy');
  expect(told.hostConfig).toMatchObject({
    LogConfig: { Config: { 'awslogs-group': 'g', 'awslogs-endpoint': 'http://longshore:4510' } },
  });
});

test('gMSA is told as it was registered', () => {
  const credentialSpecs = ['credentialspec:arn:aws:s3:::bucket/spec.json'];
  expect(containerPayload({ credentialSpecs }).container).toMatchObject({ credentialSpecs });
});

test('swap without swappiness is a bound of memory and swap together', () => {
  const told = containerPayload({ memory: 10, linuxParameters: { maxSwap: 5 } });
  expect(told.hostConfig).toEqual({ NetworkMode: 'bridge', MemorySwap: 15_728_640 });
});

test('a managed volume and Service Connect are attachments of one task', () => {
  const managedVolume = {
    volumeName: 'data',
    roleArn: 'arn:aws:iam::123456789012:role/ebs',
    sizeGiB: 20,
    filesystemType: 'xfs' as const,
    deletesOnTermination: true,
    attachmentId: 'a-1',
    volumeId: 'vol-01',
  };
  const serviceConnect = {
    attachmentId: 'a-2',
    setting: {
      configuration: { enabled: true },
      namespaceArn: 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1',
      endpoints: [],
      // Ports share the address of their name.
      reaches: [
        { dnsName: 'api', port: 80, discoveryArn: 'arn:a', protocol: 'tcp' as const },
        { dnsName: 'web', port: 80, discoveryArn: 'arn:b', protocol: 'tcp' as const },
        { dnsName: 'api', port: 81, discoveryArn: 'arn:c', protocol: 'tcp' as const },
      ],
      containerName: 'ecs-service-connect-abcde',
    },
  };
  const volumes = [{ name: 'data', configuredAtLaunch: true }];
  const told = payload({ volumes }, { managedVolume, serviceConnect });
  expect(told.volumes).toEqual([{ name: 'data' }]);
  expect(told.attachments).toMatchObject([
    { attachmentArn: expect.stringMatching(/:attachment\/default\/a-1$/) },
    { attachmentArn: expect.stringMatching(/:attachment\/default\/a-2$/) },
  ]);
  const [, config] = told.attachments?.[1]?.attachmentProperties ?? [];
  const read: unknown = JSON.parse(config?.value ?? '');
  expect(read).toMatchObject({
    dnsConfig: [
      { hostName: 'api', address: '127.255.0.1' },
      { hostName: 'web', address: '127.255.0.2' },
    ],
  });
});
