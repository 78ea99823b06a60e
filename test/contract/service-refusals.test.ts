import type { CreateServiceRequest, ECS, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import { test } from './server.ts';
import { aServiceRequest, register, serviceTasks } from './service-requests.ts';

async function prepare(ecs: ECS): Promise<void> {
  await ecs.createCluster();
  await register(ecs);
}

const invalid = (message: string): string => `InvalidParameterException: ${message}`;
const strategy = [{ capacityProvider: 'FARGATE', weight: 1 }];
const breaker = (type: 'COUNT' | 'BOUNDED_PERCENT', value: number) => ({
  deploymentCircuitBreaker: {
    enable: true,
    rollback: false,
    thresholdConfiguration: { type, value },
  },
});

const refusedCreations: readonly [Partial<CreateServiceRequest>, string][] = [
  [{ cluster: 'nowhere' }, 'ClusterNotFoundException: Cluster not found.'],
  [{ taskDefinition: 'nothing' }, 'ClientException: TaskDefinition not found.'],
  [{ taskDefinition: undefined }, invalid('TaskDefinition can not be blank.')],
  [{ serviceName: 'a b' }, invalid('Invalid service name.')],
  [{ clientToken: 'x'.repeat(37) }, invalid('idempotency token longer than 36.')],
  [{ clientToken: '' }, invalid('clientToken length should be in [1,36]')],
  [{ clientToken: 'a b' }, invalid('clientToken contains invalid characters.')],
  [{ serviceName: undefined, cluster: 'nowhere' }, invalid('Invalid service name.')],
  [
    { volumeConfigurations: [{ name: 'data' }] },
    invalid(
      "The volume name 'data' in your request does not have a matching volume in your Task Definition that is " +
        'configurable at launch.',
    ),
  ],
  [{ desiredCount: undefined }, invalid('DesiredCount is missing')],
  [{ desiredCount: -1 }, invalid('DesiredCount can not be lesser than 0')],
  [{ desiredCount: 5001 }, invalid('Task count can not be greater than 5000')],
  [
    { capacityProviderStrategy: strategy },
    invalid(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    ),
  ],
  [
    { networkConfiguration: undefined },
    invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified."),
  ],
  [
    { launchType: 'EC2', platformVersion: '1.4.0' },
    invalid('The platform version must be null when specifying an EC2 launch type.'),
  ],
  [
    { platformVersion: '9.9.9' },
    'PlatformUnknownException: The specified platform does not exist.',
  ],
  [
    { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
    invalid(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    ),
  ],
  [
    { deploymentConfiguration: { minimumHealthyPercent: 101 } },
    invalid('minimumHealthyPercent must be at most 100'),
  ],
  [
    { deploymentConfiguration: { maximumPercent: 99 } },
    invalid('maximumPercent must be at least 100'),
  ],
  [
    { deploymentConfiguration: breaker('COUNT', 0) },
    invalid('Invalid deployment circuit breaker threshold value.'),
  ],
  [
    { deploymentConfiguration: breaker('BOUNDED_PERCENT', 101) },
    invalid('Invalid deployment circuit breaker threshold value.'),
  ],
  [
    {
      availabilityZoneRebalancing: 'ENABLED',
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
    },
    invalid(
      "The service couldn't be created because Availability Zone Rebalancing does not support maximumPercent " +
        '<= 100 % as deployment configuration. Update deployment configuration and try again.',
    ),
  ],
  [
    { schedulingStrategy: 'DAEMON' },
    invalid(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired ' +
        'count value and try again',
    ),
  ],
  [
    { schedulingStrategy: 'DAEMON', desiredCount: undefined },
    invalid(
      'The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and try again',
    ),
  ],
  [
    { enableExecuteCommand: true },
    invalid(
      "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task " +
        'role in your task definition and try again.',
    ),
  ],
  [
    { deploymentController: { type: 'CODE_DEPLOY' } },
    invalid(
      'For the CODE_DEPLOY deployment controller, the service requires an Application Load Balancer or ' +
        'Network Load Balancer',
    ),
  ],
  [
    { role: 'ecsServiceRole' },
    invalid('IAM roles are only valid for services configured to use load balancers'),
  ],
  [
    { placementStrategy: [{ type: 'random' }] },
    invalid('Placement strategies are not supported with FARGATE launch type.'),
  ],
];

test.for(refusedCreations)('CreateService refuses %j', async ([given, refusal], { ecs }) => {
  await prepare(ecs);
  expect(await refusalOf(ecs.createService(aServiceRequest(given)))).toBe(refusal);
});

const unsupported: readonly Partial<CreateServiceRequest>[] = [
  { loadBalancers: [{ targetGroupArn: 'arn', containerName: 'app', containerPort: 80 }] },
  { vpcLatticeConfigurations: [{ roleArn: 'r', targetGroupArn: 't', portName: 'p' }] },
];

test.for(unsupported)('CreateService says that it does not have %j', async (given, { ecs }) => {
  await prepare(ecs);
  expect(await refusalOf(ecs.createService(aServiceRequest(given)))).toMatch(
    /^UnsupportedFeatureException: This release of Longshore does not have /,
  );
  expect((await ecs.listServices()).serviceArns).toEqual([]);
});

test('a name in use is a clash, except for a repeat with the client token', async ({ ecs }) => {
  await prepare(ecs);
  const clash = invalid('Creation of service was not idempotent.');
  const first = await ecs.createService(aServiceRequest({ clientToken: 'token' }));
  const tags = [{ key: 'team', value: 'blue' }];
  const again = await ecs.createService(aServiceRequest({ clientToken: 'token', tags }));
  expect(again.service?.deployments?.[0]?.id).toBe(first.service?.deployments?.[0]?.id);
  expect(again.service).not.toHaveProperty('tags');
  for (const other of [
    aServiceRequest(),
    aServiceRequest({ clientToken: 'other' }),
    aServiceRequest({ clientToken: 'token', desiredCount: 3 }),
  ]) {
    expect(await refusalOf(ecs.createService(other))).toBe(clash);
  }
  const { service } = await ecs.createService(
    aServiceRequest({ serviceName: 'other', clientToken: 'token' }),
  );
  expect(service?.serviceName).toBe('other');
});

const refusedUpdates: readonly [Partial<UpdateServiceRequest>, string][] = [
  [{ service: 'none' }, 'ServiceNotFoundException: Service not found.'],
  [{ service: 'arn:aws:ecs' }, invalid('Invalid identifier: arn:aws:ecs')],
  [{ service: '', cluster: 'nowhere' }, invalid('Service can not be blank.')],
  [{ desiredCount: -1 }, invalid('Task count can not be lesser than 0')],
  [{ desiredCount: 5001 }, invalid('Task count can not be greater than 5000')],
  [{ taskDefinition: 'nothing' }, 'ClientException: TaskDefinition not found.'],
  [
    { deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 } },
    invalid(
      "The service couldn't be updated because Availability Zone Rebalancing does not support maximumPercent " +
        '<= 100 % as deployment configuration. Update deployment configuration and try again.',
    ),
  ],
  [
    { capacityProviderStrategy: strategy },
    invalid(
      'When switching from launch type to capacity provider strategy on an existing service, or making a ' +
        'change to a capacity provider strategy on a service that is already using one, you must force a new ' +
        'deployment.',
    ),
  ],
];

test.for(refusedUpdates)('UpdateService refuses %j', async ([given, refusal], { ecs }) => {
  await prepare(ecs);
  await ecs.putClusterCapacityProviders({
    cluster: 'default',
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  });
  await ecs.createService(aServiceRequest());
  expect(await refusalOf(ecs.updateService({ service: 'shop', ...given }))).toBe(refusal);
});

test('a service on Fargate does not go from Linux to Windows', async ({ ecs }) => {
  await prepare(ecs);
  await ecs.createService(aServiceRequest({ desiredCount: 0 }));
  const runtimePlatform = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' as const };
  const size = { cpu: '1024', memory: '2048' };
  await ecs.registerTaskDefinition(aDefinition({ runtimePlatform, ...size }));
  expect(await refusalOf(ecs.updateService({ service: 'shop', taskDefinition: 'web' }))).toBe(
    invalid(
      'The platform family of a service cannot be changed from Linux to Windows_Server_2022_Core.',
    ),
  );
});

test('a service that is scaled above 0 is deleted by force only', async ({ ecs }) => {
  await prepare(ecs);
  await ecs.createService(aServiceRequest());
  expect(await refusalOf(ecs.deleteService({ service: 'shop' }))).toBe(
    invalid('The service cannot be stopped while it is scaled above 0.'),
  );
  expect(await refusalOf(ecs.deleteService({ service: 'none' }))).toMatch(
    /^ServiceNotFoundException: /,
  );
  await ecs.deleteService({ service: 'shop', force: true });
  expect(await refusalOf(ecs.updateService({ service: 'shop', desiredCount: 1 }))).toBe(
    'ServiceNotActiveException: Service was not ACTIVE.',
  );
});

test('a cluster with a service is not deleted', async ({ ecs }) => {
  await prepare(ecs);
  await ecs.createService(aServiceRequest({ desiredCount: 0 }));
  expect(await refusalOf(ecs.deleteCluster({ cluster: 'default' }))).toBe(
    'ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.',
  );
  const { clusters } = await ecs.describeClusters();
  expect(clusters).toMatchObject([{ activeServicesCount: 1 }]);
});

test('services are listed by tens, and filtered', async ({ ecs }) => {
  await prepare(ecs);
  for (let number = 0; number < 12; number += 1) {
    await ecs.createService(aServiceRequest({ serviceName: `s${number}`, desiredCount: 0 }));
  }
  const first = await ecs.listServices();
  expect(first.serviceArns).toHaveLength(10);
  const second = await ecs.listServices({ nextToken: first.nextToken });
  expect(second.serviceArns).toHaveLength(2);
  expect(second).not.toHaveProperty('nextToken');
  expect(await ecs.listServices({ launchType: 'EC2' })).toMatchObject({ serviceArns: [] });
  expect(await ecs.listServices({ schedulingStrategy: 'DAEMON' })).toMatchObject({
    serviceArns: [],
  });
  expect(await refusalOf(ecs.listServices({ maxResults: 101 }))).toBe(
    invalid('Max results can not be greater than 100'),
  );
});

test('DescribeServices takes names and ARNs, and tells what is missing', async ({ ecs }) => {
  await prepare(ecs);
  const tags = [{ key: 'team', value: 'blue' }];
  const { service } = await ecs.createService(aServiceRequest({ tags, desiredCount: 0 }));
  expect(service?.tags).toEqual(tags);
  const arn = service?.serviceArn ?? '';
  const { services, failures } = await ecs.describeServices({ services: ['shop', arn, 'none'] });
  expect(services).toHaveLength(1);
  expect(services?.[0]).not.toHaveProperty('tags');
  expect(failures).toEqual([{ arn: arn.replace(/shop$/, 'none'), reason: 'MISSING' }]);
  expect(await refusalOf(ecs.describeServices({ services: [] }))).toBe(
    invalid('Services cannot be empty.'),
  );
  expect(await refusalOf(ecs.describeServices({ services: Array<string>(11).fill('shop') }))).toBe(
    invalid('services can have at most 10 items.'),
  );
  await ecs.tagResource({ resourceArn: arn, tags: [{ key: 'env', value: 'test' }] });
  expect((await ecs.listTagsForResource({ resourceArn: arn })).tags).toHaveLength(2);
  const included = await ecs.describeServices({ services: ['shop'], include: ['TAGS'] });
  expect(included.services?.[0]?.tags).toHaveLength(2);
});

test('tasks take the tags of their service, and shares of a strategy', async ({ ecs }) => {
  await ecs.createCluster({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  await ecs.registerTaskDefinition(aDefinition());
  const { launchType: _, ...request } = aServiceRequest({
    desiredCount: 4,
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE', weight: 1, base: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 2 },
    ],
    tags: [{ key: 'team', value: 'blue' }],
    propagateTags: 'SERVICE',
    enableECSManagedTags: true,
  });
  const { service } = await ecs.createService(request);
  expect(service).not.toHaveProperty('launchType');
  expect(service?.capacityProviderStrategy).toEqual([
    { capacityProvider: 'FARGATE', weight: 1, base: 1 },
    { capacityProvider: 'FARGATE_SPOT', weight: 2, base: 0 },
  ]);
  await expect.poll(() => serviceTasks(ecs)).toHaveLength(4);
  const { tasks = [] } = await ecs.describeTasks({
    tasks: await serviceTasks(ecs),
    include: ['TAGS'],
  });
  const spot = tasks.filter(({ capacityProviderName }) => capacityProviderName === 'FARGATE_SPOT');
  expect(spot).toHaveLength(2);
  expect(tasks[0]?.tags).toEqual([
    { key: 'aws:ecs:clusterName', value: 'default' },
    { key: 'aws:ecs:serviceName', value: 'shop' },
    { key: 'team', value: 'blue' },
  ]);
});
