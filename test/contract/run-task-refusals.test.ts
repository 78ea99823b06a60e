import type { ECS, RunTaskRequest } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import { test as base } from './server.ts';

const role = 'arn:aws:iam::123456789012:role/task';

const test = base.extend('ecs', async ({ server, accountId }, { onCleanup }) => {
  const ecs = server.client(accountId);
  onCleanup(() => ecs.destroy());
  await ecs.createCluster({
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }],
  });
  await ecs.createCluster({ clusterName: 'gone' });
  await ecs.deleteCluster({ cluster: 'gone' });
  await registerAll(ecs);
  return ecs;
});

async function registerAll(ecs: ECS): Promise<void> {
  await ecs.registerTaskDefinition(aDefinition());
  const app = { name: 'app', image: 'nginx', memory: 128 };
  await ecs.registerTaskDefinition({ family: 'bridge', containerDefinitions: [app] });
  const efsVolumeConfiguration = { fileSystemId: 'fs-0123456789abcdef0' };
  await ecs.registerTaskDefinition(
    aDefinition({ family: 'efs', volumes: [{ name: 'data', efsVolumeConfiguration }] }),
  );
  const secrets = [{ name: 'PASSWORD', valueFrom: 'arn:aws:ssm:us-east-1:1:parameter/p' }];
  await ecs.registerTaskDefinition(
    aDefinition({
      family: 'secret',
      executionRoleArn: role,
      containerDefinitions: [{ ...app, secrets }],
    }),
  );
}

const tooNew =
  'PlatformTaskDefinitionIncompatibilityException: ' +
  'One or more of the requested capabilities are not supported.';
const network = (awsvpcConfiguration: object): Partial<RunTaskRequest> => ({
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], ...awsvpcConfiguration } },
});
const app = (override: object): Partial<RunTaskRequest> => ({
  overrides: { containerOverrides: [{ name: 'app', ...override }] },
});
const strategy = (...items: object[]): Partial<RunTaskRequest> => ({
  launchType: undefined,
  capacityProviderStrategy: items.map((item) => ({ capacityProvider: 'FARGATE', ...item })),
});
const many = (count: number, item: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => item(index));
const notSupported = (what: string): string =>
  `Placement ${what} are not supported with FARGATE launch type.`;
const fifty = many(51, (index) => `key-${index}`).map((key) => ({ key, value: '' }));

/** What is wrong, what is given for it, and how it is refused: InvalidParameterException, unless it says more. */
type Case = readonly [what: string, given: Partial<RunTaskRequest>, refusal: string];

const cases: readonly Case[] = [
  ['an unknown cluster', { cluster: 'nope' }, 'ClusterNotFoundException: Cluster not found.'],
  [
    'an INACTIVE cluster',
    { cluster: 'gone' },
    'ClusterNotFoundException: The referenced cluster was inactive.',
  ],
  ['no definition', { taskDefinition: '' }, 'TaskDefinition can not be blank.'],
  ['an unknown family', { taskDefinition: 'nope' }, 'ClientException: TaskDefinition not found.'],
  [
    'an unknown revision',
    { taskDefinition: 'web:9' },
    'ClientException: TaskDefinition not found.',
  ],
  [
    'an unknown definition, found before the cluster',
    { taskDefinition: 'nope', cluster: 'nope' },
    'ClientException: TaskDefinition not found.',
  ],
  [
    'a revision that is no number',
    { taskDefinition: 'web:latest' },
    'Invalid revision number. Number: latest',
  ],
  ['no tasks', { count: 0 }, 'Count should be between 1 and 10.'],
  ['eleven tasks', { count: 11 }, 'Count should be between 1 and 10.'],
  ['half a task', { count: 0.5 }, 'Count should be between 1 and 10.'],
  [
    'a strategy beside a launch type',
    { ...strategy({}), launchType: 'FARGATE' },
    'You may choose a capacity provider or a launch type but not both.',
  ],
  [
    'a launch type that the definition cannot',
    { taskDefinition: 'bridge' },
    'Task definition does not support launch_type FARGATE.',
  ],
  [
    'MANAGED_INSTANCES as a launch type',
    { launchType: 'MANAGED_INSTANCES' },
    'MANAGED_INSTANCES tasks are launched with a capacity provider strategy, not with a launch type.',
  ],
  [
    'an unknown launch type',
    { launchType: 'LAMBDA' as 'EC2' },
    'launch type should be one of [EC2,FARGATE,EXTERNAL,FMI,MANAGED_INSTANCES]',
  ],
  [
    'EC2 without container instances',
    { launchType: 'EC2' },
    'No Container Instances were found in your cluster.',
  ],
  [
    'a provider that is not associated',
    strategy({ capacityProvider: 'FARGATE_SPOT', weight: 1 }),
    'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.',
  ],
  [
    'an unknown provider',
    strategy({ capacityProvider: 'mine', weight: 1 }),
    "The specified capacity provider 'mine' was not found. Specify a valid name or ARN and try again.",
  ],
  [
    'weights that are all zero',
    strategy({ weight: 0 }),
    'There are no capacity providers in the capacity provider strategy with a weight value greater than zero',
  ],
  [
    'a default strategy whose weights are all zero',
    { launchType: undefined },
    "There are no capacity providers with a weight value greater than zero defined in the default capacity provider strategy. At least one capacity provider must have a weight value greater than zero specified. Update the cluster's default capacity provider strategy or specify a valid capacity provider strategy and try again.",
  ],
  [
    'two bases',
    strategy({ base: 1, weight: 1 }, { base: 1 }),
    'There are multiple capacity providers in the specified capacity provider strategy with a base ' +
      'value defined',
  ],
  [
    'no network',
    { networkConfiguration: undefined },
    "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
  ],
  [
    'a network without need',
    { taskDefinition: 'bridge', launchType: 'EC2' },
    'Network Configuration is not valid for the given networkMode of this task definition.',
  ],
  ['no subnets', network({ subnets: [] }), 'subnets can not be empty.'],
  [
    'too many subnets',
    network({ subnets: many(17, (index) => `subnet-${index}`) }),
    'subnets can have at most 16 items.',
  ],
  [
    'a subnet that cannot be',
    network({ subnets: ['vpc-1'] }),
    "Error retrieving subnet information for [vpc-1]: The subnet ID 'vpc-1' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
  ],
  [
    'too many security groups',
    network({ securityGroups: many(6, (index) => `sg-${index}`) }),
    'securityGroups can have at most 5 items.',
  ],
  [
    'a security group that cannot be',
    network({ securityGroups: ['web'] }),
    "Error retrieving security group information for [web]: The security group 'web' does not exist (ErrorCode: InvalidGroup.NotFound)",
  ],
  [
    'a public address on EC2',
    { ...network({ assignPublicIp: 'ENABLED' }), launchType: 'EC2' },
    'Assign public IP is not supported for this launch type.',
  ],
  [
    'a platform version on EC2',
    { launchType: 'EC2', platformVersion: '1.4.0' },
    'The platform version must be null when specifying an EC2 launch type.',
  ],
  [
    'an unknown platform version',
    { platformVersion: '1.4' },
    'PlatformUnknownException: The specified platform does not exist.',
  ],
  [
    'storage that came with a later platform version',
    { platformVersion: '1.3.0', overrides: { ephemeralStorage: { sizeInGiB: 30 } } },
    tooNew,
  ],
  ['EFS before its platform version', { platformVersion: '1.3.0', taskDefinition: 'efs' }, tooNew],
  [
    'placement constraints on FARGATE',
    { placementConstraints: [{ type: 'distinctInstance' }] },
    notSupported('constraints'),
  ],
  [
    'placement strategies on FARGATE',
    { placementStrategy: [{ type: 'random' }] },
    notSupported('strategies'),
  ],
  [
    'too many strategies',
    {
      launchType: 'EC2',
      placementStrategy: many(6, () => 'random').map(() => ({ type: 'random' })),
    },
    'Maximum number of strategies is 5.',
  ],
  [
    'too many constraints',
    {
      launchType: 'EC2',
      placementConstraints: many(11, () => '').map(() => ({ type: 'distinctInstance' })),
    },
    'Maximum number of constraints is 10.',
  ],
  [
    'a field for random',
    { launchType: 'EC2', placementStrategy: [{ type: 'random', field: 'cpu' }] },
    'random field should not be specified.',
  ],
  [
    'a binpack field that cannot be',
    { launchType: 'EC2', placementStrategy: [{ type: 'binpack', field: 'instanceId' }] },
    "binpack field 'instanceId' is invalid.",
  ],
  [
    'an expression for distinctInstance',
    { launchType: 'EC2', placementConstraints: [{ type: 'distinctInstance', expression: '' }] },
    'distinctInstance expression should not be specified.',
  ],
  [
    'a group of a service',
    { group: 'service:web' },
    'Invalid namespace for group. Groups cannot start with family: or service:.',
  ],
  ['a group that is too long', { group: 'g'.repeat(256) }, 'group longer than 255.'],
  ['a startedBy that is too long', { startedBy: 's'.repeat(129) }, 'startedBy longer than 128.'],
  [
    'the id of a deployment for startedBy',
    { startedBy: `ecs-svc/${'1'.repeat(19)}` },
    'Invalid namespace for startedBy. It cannot start with ecs-svc/.',
  ],
  [
    'a referenceId that is too long',
    { referenceId: 'r'.repeat(1025) },
    'referenceId longer than 1024.',
  ],
  [
    'tags of a service',
    { propagateTags: 'SERVICE' },
    'Propagate tags should be one of [NONE,TASK_DEFINITION]',
  ],
  ['too many tags', { tags: fifty }, 'The maximum number of tags per resource is 50.'],
  [
    'an override for an unknown container',
    { overrides: { containerOverrides: [{ name: 'nope' }] } },
    'Override for container named nope is not a container in the TaskDefinition.',
  ],
  [
    'overrides that are too long',
    app({ command: ['x'.repeat(8192)] }),
    'Container Overrides length must be at most 8192',
  ],
  [
    'a size that Fargate does not have',
    { overrides: { cpu: '256', memory: '8192' } },
    'ClientException: No Fargate configuration exists for given values: 256 CPU, 8192 memory. See the Amazon ECS documentation for the valid values.',
  ],
  [
    'a container greater than the task',
    app({ memory: 1024 }),
    "ClientException: The 'memory' setting for container 'app' is greater than for the task",
  ],
  [
    'a container that needs more CPU than the task has',
    app({ cpu: 257 }),
    "ClientException: The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
  ],
  [
    'a container of less than no memory',
    app({ memory: -1 }),
    "ClientException: Invalid 'memory' setting for container 'app'.",
  ],
  [
    'GPUs that Fargate does not have',
    app({ resourceRequirements: [{ type: 'GPU', value: '1' }] }),
    'ClientException: Tasks using the Fargate launch type do not support GPU resource requirements.',
  ],
  [
    'a variable without a value',
    app({ environment: [{ name: 'A' }] }),
    'Override argument cannot be null',
  ],
  [
    'an environment file that is none',
    app({ environmentFiles: [{ type: 's3', value: 'a.env' }] }),
    'ClientException: Invalid arn syntax.',
  ],
  [
    'storage that is too small',
    { overrides: { ephemeralStorage: { sizeInGiB: 20 } } },
    'ClientException: EphemeralStorage size should be at least 21',
  ],
  [
    'a variable with the name of a secret',
    { taskDefinition: 'secret', ...app({ environment: [{ name: 'PASSWORD', value: 'x' }] }) },
    "ClientException: The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'PASSWORD'.",
  ],
  [
    'a role that is none',
    { overrides: { executionRoleArn: 'no role' } },
    "ClientException: ECS was unable to assume the role 'no role' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.",
  ],
  [
    'memory below nothing',
    app({ memory: -5 }),
    "ClientException: Invalid 'memory' setting for container 'app'.",
  ],
  [
    'commands without a role',
    { enableExecuteCommand: true },
    'The execute command failed because a valid task role is not being used. Specify a valid task role in your task definition or as a task override and try again.',
  ],
  [
    'commands with an empty role',
    { enableExecuteCommand: true, overrides: { taskRoleArn: '' } },
    'The execute command failed because a valid task role is not being used. Specify a valid task role in your task definition or as a task override and try again.',
  ],
  [
    'an unknown volume',
    { volumeConfigurations: [{ name: 'nope' }] },
    "ClientException: The volume name 'nope' in your request does not have a matching volume in your Task Definition that is configurable at launch.",
  ],
  ['a token that is too long', { clientToken: 't'.repeat(65) }, 'clientToken longer than 64.'],
  ['a token with a blank', { clientToken: 'a b' }, 'clientToken contains invalid characters.'],
];

test.for(cases)('RunTask refuses %s and starts nothing', async ([, given, refusal], { ecs }) => {
  expect(await refusalOf(ecs.runTask(aRun(given)))).toBe(
    /^\w+Exception: /.test(refusal) ? refusal : `InvalidParameterException: ${refusal}`,
  );
  expect((await ecs.listTasks({})).taskArns).toEqual([]);
});
