import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import {
  aContainer,
  aRequest,
  executionRole,
  type Given,
} from '../fixtures/task-definition-requests.ts';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

/** One container, or several of which the first is `app`. */
function containers(...given: readonly object[]): Given {
  const definitions: ContainerDefinition[] = given.map((container) => aContainer(container));
  return { containerDefinitions: definitions };
}

const sidecar = { name: 'log' };
const ports = (...portMappings: object[]): Given => containers({ portMappings });
const dependsOn = (containerName: string, condition = 'START') => ({
  dependsOn: [{ containerName, condition }],
});
const checked = (healthCheck: object): Given =>
  containers({ healthCheck: { command: ['CMD', 'true'], ...healthCheck } });
const logs = (options: object, logDriver = 'awslogs'): Given =>
  containers({ logConfiguration: { logDriver, options } });
const group = { 'awslogs-region': 'us-east-1', 'awslogs-group': 'web' };
const secret = (name: string) => ({ name, valueFrom: 'parameter' });
const withRole = (given: Given): Given => ({ ...given, executionRoleArn: executionRole });
const file = { type: 's3', value: 'arn:aws:s3:::bucket/a.env' };
const mounted = { mountPoints: [{ sourceVolume: 'nope', containerPath: '/data' }] };
const many = (count: number, of: (index: number) => object): object[] =>
  Array.from({ length: count }, (_, index) => of(index));

test.for<readonly [refusal: string, given: Given]>([
  ['Container list cannot be empty.', containers()],
  ['Too many containers.', containers(...many(11, (index) => ({ name: `c${index}` })))],
  ['Container.name should not be null or empty.', containers({ name: undefined })],
  ['Container.name contains invalid characters.', containers({ name: 'a b' })],
  ['Container names must be unique within a task definition', containers({}, {})],
  ['Container.image should not be null or empty.', containers({ image: undefined })],
  ['Container.image contains invalid characters.', containers({ image: 'a b' })],
  ["Task definition doesn't have any essential container.", containers({ essential: false })],
  [
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
    containers({ memory: undefined }),
  ],
  [
    "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
    containers({ memory: 128, memoryReservation: 256 }),
  ],
  ["Invalid 'containerPort' setting for container 'app'.", ports({ containerPort: 65_536 })],
  ["Invalid 'containerPort' setting for container 'app'.", ports({})],
  ["Invalid 'hostPort' setting for container 'app'.", ports({ containerPort: 1, hostPort: -1 })],
  [
    "Invalid 'containerPortRange' setting for container 'app'.",
    ports({ containerPortRange: '9-8' }),
  ],
  [
    "Invalid port mapping for container 'app', cannot specify both single port and port range.",
    ports({ containerPort: 80, containerPortRange: '80-90' }),
  ],
  [
    "TCP host port '80' is mapped multiple times in task.",
    ports(...many(2, () => ({ containerPort: 80, hostPort: 80 }))),
  ],
  ["Cannot depend on container + 'nope' because it does not exist", containers(dependsOn('nope'))],
  ['Container dependsOn contains a cycle', containers(dependsOn('app'))],
  [
    'Container links should not have a cycle',
    containers({ links: ['log'] }, { ...sidecar, links: ['app'] }),
  ],
  ["Invalid 'links' setting. Unknown container: 'nope'.", containers({ links: ['nope'] })],
  [
    'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container',
    containers(dependsOn('log', 'COMPLETE'), sidecar),
  ],
  [
    'A dependency container with HEALTHY condition must have health check configured',
    containers(dependsOn('log', 'HEALTHY'), sidecar),
  ],
  [
    "Granular start timeout on container 'app' must be at least 2 seconds.",
    containers({ startTimeout: 1 }),
  ],
  [
    "Granular stop timeout on container 'app' must be at least 2 seconds.",
    containers({ stopTimeout: 1 }),
  ],
  [
    "Health check interval must be less than or equal to the maximum allowed value 300 for container 'app'",
    checked({ interval: 301 }),
  ],
  [
    "Health check timeout must be less than or equal to the maximum allowed value 60 for container 'app'",
    checked({ timeout: 61 }),
  ],
  [
    "Health check retries must be less than or equal to the maximum allowed value 10 for container 'app'",
    checked({ retries: 11 }),
  ],
  [
    "Health check startPeriod must be less than or equal to the maximum allowed value 300 for container 'app'",
    checked({ startPeriod: 301 }),
  ],
  [
    "Health check interval must be greater than or equal to the minimum allowed value 5 for container 'app'",
    checked({ interval: 4 }),
  ],
  ['Log driver awslogs requires options: awslogs-region, awslogs-group', logs({})],
  ['Log driver awslogs requires options: awslogs-group', logs({ 'awslogs-region': 'us-east-1' })],
  [
    'Log driver awslogs disallows options: awslogs-endpoint',
    logs({ ...group, 'awslogs-endpoint': 'http://localhost' }),
  ],
  [
    "Log driver awslogs option 'awslogs-group' contains invalid characters.",
    logs({ ...group, 'awslogs-group': 'a b' }),
  ],
  ['Log driver splunk requires options: splunk-url, splunk-token', logs({}, 'splunk')],
  [
    'When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.',
    logs({}, 'awsfirelens'),
  ],
  [
    'Only one container in a task definition can have firelensConfiguration.',
    containers(
      { firelensConfiguration: { type: 'fluentbit' } },
      { ...sidecar, firelensConfiguration: { type: 'fluentd' } },
    ),
  ],
  [
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    containers({ secrets: [secret('TOKEN')] }),
  ],
  [
    "The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'TOKEN'.",
    withRole(
      containers({ secrets: [secret('TOKEN')], environment: [{ name: 'TOKEN', value: '' }] }),
    ),
  ],
  [
    'Duplicate secret names found: TOKEN. Each secret name must be unique.',
    withRole(containers({ secrets: [secret('TOKEN'), secret('TOKEN')] })),
  ],
  [
    'The maximum number of environment files was exceeded. Specify ten or less and try again.',
    containers({ environmentFiles: many(11, () => file) }),
  ],
  ['Invalid arn syntax.', containers({ environmentFiles: [{ ...file, value: 'a.env' }] })],
  ["Unknown volume 'nope'.", containers(mounted)],
  [
    "Invalid 'volumesFrom' setting. Unknown container: 'nope'.",
    containers({ volumesFrom: [{ sourceContainer: 'nope' }] }),
  ],
  [
    'Unrecognized ulimit name memory',
    containers({ ulimits: [{ name: 'memory', softLimit: 1, hardLimit: 1 }] }),
  ],
  [
    "The 'restartAttemptPeriod' setting for container 'app' must be between 60 and 1800.",
    containers({ restartPolicy: { enabled: true, restartAttemptPeriod: 59 } }),
  ],
  [
    'EnvironmentFile.type should not be null or empty.',
    containers({ environmentFiles: [{ value: file.value }] }),
  ],
])('RegisterTaskDefinition refuses: %s', async ([refusal, given], { ecs }) => {
  expect(await refusalOf(ecs.registerTaskDefinition(aRequest(given)))).toBe(
    `ClientException: ${refusal}`,
  );
  expect((await ecs.listTaskDefinitionFamilies()).families).toEqual([]);
});
