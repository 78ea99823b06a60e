import { expect } from 'vitest';
import {
  aContainer,
  aRequest,
  executionRole,
  onFargate,
  untyped,
  withContainer,
  withUntypedContainer,
  withVolume,
  type Given,
} from '../fixtures/task-definition-requests.ts';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

const fargate = (container: object, given: Given = {}): Given =>
  onFargate({ ...withUntypedContainer(container), ...given });
const inMode = (networkMode: 'awsvpc' | 'host' | 'none', container: object): Given => ({
  networkMode,
  ...withUntypedContainer(container),
});
const linux = (linuxParameters: object): Given => fargate({ linuxParameters });
const unlike = (feature: string): string =>
  `Fargate compatible task definitions do not support ${feature}`;
const logs = (options: object, logDriver = 'awslogs') => ({
  logConfiguration: { logDriver, options },
});
const group = { 'awslogs-region': 'us-east-1', 'awslogs-group': 'web' };
const efs = (configuration: object): Given =>
  withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1', ...configuration } });
const proxied = (containerName: string): Given => ({
  networkMode: 'awsvpc',
  proxyConfiguration: { type: 'APPMESH', containerName },
});
const s3Router = {
  firelensConfiguration: {
    type: 'fluentbit',
    options: { 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::bucket/a.conf' },
  },
};

/** ClientException, unless it says more. */
test.for<readonly [refusal: string, given: Given]>([
  ['Family should not be null or empty.', { family: '' }],
  ['Family contains invalid characters.', { family: 'a b' }],
  ['Family must be less than or equal to 255 characters.', { family: 'f'.repeat(256) }],
  [
    "Unsupported field 'inferenceAccelerators'.",
    { inferenceAccelerators: [{ deviceName: 'a', deviceType: 'eia2.medium' }] },
  ],
  ["InvalidParameterException: Invalid 'cpu' setting for task.", { cpu: '' }],
  [
    "Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
    { cpu: '127' },
  ],
  ['Role is not valid', { taskRoleArn: 'not a role' }],
  ['Role is not valid', { executionRoleArn: 'arn:aws:iam::123456789012:user/ann' }],
  [
    "The 'memory' setting for container 'app' is greater than for the task",
    { memory: '512', ...withContainer({ memory: 513 }) },
  ],
  [
    "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    { cpu: '256', ...withContainer({ cpu: 257 }) },
  ],
  ["Fargate requires that 'cpu' be defined at the task level.", fargate({}, { cpu: undefined })],
  [
    "Fargate requires that 'memory' be defined at the task level.",
    fargate({}, { memory: undefined }),
  ],
  [
    'No Fargate configuration exists for given values: 512 CPU, 512 memory. See the Amazon ECS documentation for the valid values.',
    fargate({}, { cpu: '512' }),
  ],
  ['Fargate only supports network mode ‘awsvpc’.', fargate({}, { networkMode: 'bridge' })],
  [
    'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    inMode('awsvpc', { portMappings: [{ containerPort: 80, hostPort: 81 }] }),
  ],
  [
    'When networkMode=host, the host ports and container ports in port mappings must match.',
    inMode('host', { portMappings: [{ containerPort: 80, hostPort: 81 }] }),
  ],
  [
    'Port mappings are not supported when networkMode=none.',
    inMode('none', { portMappings: [{ containerPort: 80 }] }),
  ],
  [
    'Links are not supported when networkMode=awsvpc.',
    {
      networkMode: 'awsvpc',
      containerDefinitions: [aContainer({ links: ['log'] }), aContainer({ name: 'log' })],
    },
  ],
  [
    'hostname is not supported on container when networkMode=awsvpc.',
    inMode('awsvpc', { hostname: 'web' }),
  ],
  [
    'Extra hosts are not supported on container when networkMode=awsvpc.',
    inMode('awsvpc', { extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.1' }] }),
  ],
  [
    'DNS servers are not supported on container when networkMode=awsvpc.',
    inMode('awsvpc', { dnsServers: ['10.0.0.2'] }),
  ],
  [
    'Disable Networking is not supported on container when networkMode=awsvpc.',
    inMode('awsvpc', { disableNetworking: true }),
  ],
  [
    "TCP container port '80' is used multiple times in task when networkMode=awsvpc.",
    inMode('awsvpc', { portMappings: [{ containerPort: 80 }, { containerPort: 80 }] }),
  ],
  [
    'When networkMode=awsvpc, port mapping name is already used',
    inMode('awsvpc', {
      portMappings: [
        { containerPort: 80, name: 'web' },
        { containerPort: 81, name: 'web' },
      ],
    }),
  ],
  [
    'APPMESH proxy configuration is only supported in networkMode=awsvpc',
    { ...proxied('app'), networkMode: 'bridge' },
  ],
  ['Proxy container [envoy] does not exist.', proxied('envoy')],
  ['Ingress port not found', proxied('app')],
  [
    'Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.',
    fargate({ stopTimeout: 121 }),
  ],
  [
    'json-file is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]',
    fargate(logs({}, 'json-file')),
  ],
  [
    'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.',
    fargate(logs(group), { executionRoleArn: executionRole }),
  ],
  [
    'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    fargate(logs({ ...group, 'awslogs-stream-prefix': 'web' })),
  ],
  [
    'Fargate requires task definition to have execution role ARN to support ECR images.',
    fargate({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web' }),
  ],
  [
    'Volumes [data] are not referenced by any of the containers',
    { volumes: [{ name: 'data', configuredAtLaunch: true }] },
  ],
  [
    'When the volume parameter is specified, only one volume configuration type should be used.',
    { ...efs({}), volumes: [{ name: 'data', host: {}, dockerVolumeConfiguration: {} }] },
  ],
  [
    'When using an EFS access point, the root directory must either be set to "/" or be omitted.',
    efs({ rootDirectory: '/a', authorizationConfig: { accessPointId: 'fsap-1' } }),
  ],
  [
    'EFS IAM authorization requires TransitEncryption to be enabled.',
    efs({ authorizationConfig: { iam: 'ENABLED' } }),
  ],
  [
    'TransitEncryptionPort requires that TransitEncryption is enabled.',
    efs({ transitEncryptionPort: 2049 }),
  ],
  ['EFSVolumeConfiguration.fileSystemId should not be null or empty.', efs({ fileSystemId: '' })],
  [unlike('dockerVolumeConfiguration'), onFargate(withVolume({ dockerVolumeConfiguration: {} }))],
  [unlike('sourcePath'), onFargate(withVolume({ host: { sourcePath: '/srv' } }))],
  [unlike('devices'), linux({ devices: [{ hostPath: '/dev/fuse' }] })],
  [unlike('dockerSecurityOptions'), fargate({ dockerSecurityOptions: ['no-new-privileges'] })],
  [unlike('ipcMode'), fargate({}, { ipcMode: 'task' })],
  [unlike('maxSwap'), linux({ maxSwap: 1 })],
  [unlike('sharedMemorySize'), linux({ sharedMemorySize: 1 })],
  [
    unlike('constraints'),
    fargate({}, { placementConstraints: [{ type: 'memberOf', expression: 'attribute:a exists' }] }),
  ],
  [
    'Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.',
    fargate({ privileged: true }),
  ],
  ['NET_ADMIN is not allowed on Fargate.', linux({ capabilities: { add: ['NET_ADMIN'] } })],
  [
    "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
    fargate({}, { pidMode: 'host' }),
  ],
  [
    'Tasks using the Fargate launch type do not support GPU resource requirements.',
    fargate({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
  ],
  [
    "Fargate launch type does not support FirelensConfiguration config file from 's3'",
    fargate(s3Router),
  ],
  [
    'EphemeralStorage size should be at least 21',
    fargate({}, { ephemeralStorage: { sizeInGiB: 20 } }),
  ],
  [
    'EphemeralStorage size should be at most 200',
    fargate({}, { ephemeralStorage: { sizeInGiB: 201 } }),
  ],
  [
    'Tasks using the EC2 launch type do not support EphemeralStorage.',
    { requiresCompatibilities: ['EC2'], ephemeralStorage: { sizeInGiB: 21 } },
  ],
  [
    "constraint.type 'distinctInstance' is not supported.",
    untyped({ placementConstraints: [{ type: 'distinctInstance' }] }),
  ],
  [
    'InvalidParameterException: Tag key must not start with aws:',
    { tags: [{ key: 'aws:a', value: '' }] },
  ],
])('RegisterTaskDefinition refuses: %s', async ([refusal, given], { ecs }) => {
  expect(await refusalOf(ecs.registerTaskDefinition(aRequest(given)))).toBe(
    /^\w+Exception: /.test(refusal) ? refusal : `ClientException: ${refusal}`,
  );
  expect((await ecs.listTaskDefinitionFamilies()).families).toEqual([]);
});

test('RegisterTaskDefinition refuses a definition of more than 64 KiB', async ({ ecs }) => {
  const environment = [{ name: 'A', value: 'a'.repeat(65_536) }];
  const refusal = await refusalOf(
    ecs.registerTaskDefinition(aRequest(withContainer({ environment }))),
  );
  expect(refusal).toMatch(
    /^ClientException: Actual length: '65\d{3}'\. Max allowed length is '65536' bytes\.$/,
  );
});
