import type { CreateCapacityProviderRequest, ECS } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { aGroupRequest, describeProvider, scaling } from './capacity-provider-requests.ts';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

test('a provider of an Auto Scaling group is ACTIVE at once, with its defaults', async ({
  ecs,
  accountId,
}) => {
  const { capacityProvider } = await ecs.createCapacityProvider(aGroupRequest('blue'));
  expect(capacityProvider).toEqual({
    capacityProviderArn: `arn:aws:ecs:us-east-1:${accountId}:capacity-provider/blue`,
    name: 'blue',
    status: 'ACTIVE',
    type: 'EC2_AUTOSCALING',
    autoScalingGroupProvider: {
      autoScalingGroupArn: 'blue-group',
      managedScaling: {
        status: 'DISABLED',
        targetCapacity: 100,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: 10_000,
        instanceWarmupPeriod: 300,
      },
      managedTerminationProtection: 'DISABLED',
      managedDraining: 'ENABLED',
    },
    tags: [],
  });
  expect(await describeProvider(ecs, 'blue')).toEqual(capacityProvider);
});

test('what is given of a provider is kept, and its tags are shown where they are included', async ({
  ecs,
  accountId,
}) => {
  const autoScalingGroupArn =
    `arn:aws:autoscaling:us-east-1:${accountId}:autoScalingGroup:` +
    '7aae1b5c-3f0e-4d39-8a4e-ffffffffffff:autoScalingGroupName/my group/1';
  const given = {
    autoScalingGroupArn,
    managedScaling: {
      status: 'ENABLED',
      targetCapacity: 90,
      minimumScalingStepSize: 2,
      maximumScalingStepSize: 2,
      instanceWarmupPeriod: 0,
    },
    managedTerminationProtection: 'ENABLED',
    managedDraining: 'DISABLED',
  } as const;
  const tags = [{ key: 'team', value: 'blue' }];
  const { capacityProvider } = await ecs.createCapacityProvider({
    name: 'blue',
    autoScalingGroupProvider: given,
    tags,
  });
  expect(capacityProvider).toMatchObject({ autoScalingGroupProvider: given, tags });
  expect((await describeProvider(ecs, 'blue'))?.tags).toEqual([]);
  const include = ['TAGS' as const];
  const { capacityProviders } = await ecs.describeCapacityProviders({
    capacityProviders: ['blue'],
    include,
  });
  expect(capacityProviders?.[0]?.tags).toEqual(tags);
});

const invalidName =
  'InvalidParameterException: The specified capacity provider name is invalid. Up to 255 characters ' +
  'are allowed, including letters (upper and lowercase), numbers, underscores, and hyphens. The name ' +
  'cannot be prefixed with "aws", "ecs", or "fargate". Specify a valid name and try again.';
const blankName = 'InvalidParameterException: CapacityProvider name must not be blank';
const invalidGroup =
  'ClientException: The specified Auto Scaling group ARN is invalid. Specify a valid Auto Scaling ' +
  'group ARN and try again.';
const oneKind =
  'InvalidParameterException: Specify either an Auto Scaling group provider or a Managed Instances provider.';

/** A request for the group `g` with these settings of managed scaling. */
function scaled(managedScaling: object): CreateCapacityProviderRequest {
  return aGroupRequest('g', { managedScaling });
}

test.for<readonly [string, Partial<CreateCapacityProviderRequest>, string]>([
  ['no name', { ...aGroupRequest('g'), name: undefined }, blankName],
  ['a blank name', aGroupRequest('  '), blankName],
  ['a reserved name', aGroupRequest('Ecs-x'), invalidName],
  ['a name like that of a built-in one', aGroupRequest('FARGATE_x'), invalidName],
  ['a name that begins with aws', aGroupRequest('AWSome'), invalidName],
  ['a name of 256 characters', aGroupRequest('n'.repeat(256)), invalidName],
  ['a name with a dot', aGroupRequest('a.b'), invalidName],
  ['no provider', { name: 'g' }, oneKind],
  [
    'both kinds of provider',
    {
      ...aGroupRequest('g'),
      managedInstancesProvider: {
        infrastructureRoleArn: undefined,
        instanceLaunchTemplate: undefined,
      },
    },
    oneKind,
  ],
  ['a blank group', aGroupRequest('g', { autoScalingGroupArn: '' }), invalidGroup],
  [
    'the ARN of a group elsewhere',
    aGroupRequest('g', {
      autoScalingGroupArn:
        'arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:7aae:autoScalingGroupName/g',
    }),
    invalidGroup,
  ],
  [
    'the ARN of something else',
    aGroupRequest('g', { autoScalingGroupArn: 'arn:aws:s3:::bucket' }),
    invalidGroup,
  ],
  [
    'termination protection without managed scaling',
    aGroupRequest('g', { managedTerminationProtection: 'ENABLED' }),
    'ClientException: The managed termination protection setting for the capacity provider is ' +
      'invalid. To enable managed termination protection for a capacity provider, managed scaling ' +
      'must be enabled.',
  ],
  [
    'a target of 0',
    scaled({ targetCapacity: 0 }),
    'InvalidParameterException: targetCapacity must be between 1 and 100',
  ],
  [
    'a target of 101',
    scaled({ targetCapacity: 101 }),
    'InvalidParameterException: targetCapacity must be between 1 and 100',
  ],
  [
    'a step of 0',
    scaled({ minimumScalingStepSize: 0 }),
    'InvalidParameterException: minimumScalingStepSize must be between 1 and 10000',
  ],
  [
    'a step of 10001',
    scaled({ maximumScalingStepSize: 10_001 }),
    'InvalidParameterException: maximumScalingStepSize must be between 1 and 10000',
  ],
  [
    'half a second of warm-up',
    scaled({ instanceWarmupPeriod: 0.5 }),
    'InvalidParameterException: instanceWarmupPeriod must be between 0 and 10000',
  ],
  [
    'steps that cross',
    scaled({ minimumScalingStepSize: 3, maximumScalingStepSize: 2 }),
    'InvalidParameterException: minimumScalingStepSize must be less than or equal to maximumScalingStepSize',
  ],
  [
    'an unknown status of scaling',
    scaled({ status: 'ON' }),
    'InvalidParameterException: managedScaling status should be one of [DISABLED,ENABLED]',
  ],
  [
    'tags with a reserved key',
    { ...aGroupRequest('g'), tags: [{ key: 'aws:x', value: 'y' }] },
    'InvalidParameterException: Tag key must not start with aws:',
  ],
  [
    'a cluster',
    { ...aGroupRequest('g'), cluster: 'nowhere' },
    'ClusterNotFoundException: Cluster not found.',
  ],
])('a provider with %s is not created', async ([, request, refusal], { ecs }) => {
  const sent = ecs.createCapacityProvider(request as CreateCapacityProviderRequest);
  expect(await refusalOf(sent)).toBe(refusal);
  expect(await describeProvider(ecs, 'g')).toBeUndefined();
});

test('creation is not idempotent: not even the same request is taken twice', async ({ ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  expect(await refusalOf(ecs.createCapacityProvider(aGroupRequest('blue')))).toBe(
    'ClientException: The specified capacity provider already exists. To change the configuration ' +
      'of an existing capacity provider, update the capacity provider.',
  );
});

test('an Auto Scaling group has one provider, be it by name or by ARN', async ({
  ecs,
  accountId,
}) => {
  await ecs.createCapacityProvider(aGroupRequest('blue', { autoScalingGroupArn: 'machines' }));
  const arn = `arn:aws:autoscaling:us-east-1:${accountId}:autoScalingGroup:7aae:autoScalingGroupName/machines`;
  for (const autoScalingGroupArn of ['machines', arn]) {
    const sent = ecs.createCapacityProvider(aGroupRequest('green', { autoScalingGroupArn }));
    expect(await refusalOf(sent)).toBe(
      'ClientException: The specified Auto Scaling group ARN is already being used by another ' +
        'capacity provider. Specify a unique Auto Scaling group ARN and try again.',
    );
  }
});

async function createGroups(ecs: ECS, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `g${index}`);
  await Promise.all(names.map((name) => ecs.createCapacityProvider(aGroupRequest(name))));
  return names.toSorted();
}

test('every account has FARGATE and FARGATE_SPOT, which show little', async ({
  ecs,
  accountId,
}) => {
  const { capacityProviders, failures } = await ecs.describeCapacityProviders();
  const arn = `arn:aws:ecs:us-east-1:${accountId}:capacity-provider`;
  const rest = { status: 'ACTIVE', tags: [] };
  expect(capacityProviders).toEqual([
    { capacityProviderArn: `${arn}/FARGATE`, name: 'FARGATE', type: 'FARGATE', ...rest },
    {
      capacityProviderArn: `${arn}/FARGATE_SPOT`,
      name: 'FARGATE_SPOT',
      type: 'FARGATE_SPOT',
      ...rest,
    },
  ]);
  expect(failures).toEqual([]);
});

test.for([1, 2, 3, 10])('pages of %i hold all providers once', async (maxResults, { ecs }) => {
  const created = await createGroups(ecs, 13);
  const names: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.describeCapacityProviders({ maxResults, nextToken });
    names.push(...(page.capacityProviders ?? []).map(({ name }) => name));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  expect(names).toEqual(['FARGATE', 'FARGATE_SPOT', ...created]);
});

test('a page has ten providers where none are asked for', async ({ ecs }) => {
  await createGroups(ecs, 9);
  const { capacityProviders, nextToken } = await ecs.describeCapacityProviders();
  expect(capacityProviders).toHaveLength(10);
  expect(nextToken).toBeDefined();
});

test('providers are described by name and by ARN, each once; the others are MISSING', async ({
  ecs,
  accountId,
}) => {
  await createGroups(ecs, 1);
  const arn = `arn:aws:ecs:us-east-1:${accountId}:capacity-provider`;
  const answer = await ecs.describeCapacityProviders({
    capacityProviders: ['g0', `${arn}/g0`, 'FARGATE', `${arn}/nope`, 'a/g0'],
  });
  expect(answer.capacityProviders?.map(({ name }) => name)).toEqual(['g0', 'FARGATE']);
  expect(answer.failures).toEqual([
    { arn: `${arn}/nope`, reason: 'MISSING' },
    { arn: `${arn}/a/g0`, reason: 'MISSING' },
  ]);
});

test('with a cluster only what is associated with it is described', async ({ ecs }) => {
  await createGroups(ecs, 2);
  await ecs.createCluster({ capacityProviders: ['FARGATE_SPOT', 'g1'] });
  const cluster = 'default';
  const all = await ecs.describeCapacityProviders({ cluster });
  expect(all.capacityProviders?.map(({ name }) => name)).toEqual(['FARGATE_SPOT', 'g1']);
  const named = await ecs.describeCapacityProviders({ cluster, capacityProviders: ['g0', 'g1'] });
  expect(named.capacityProviders?.map(({ name }) => name)).toEqual(['g1']);
  expect(named.failures).toMatchObject([{ reason: 'MISSING' }]);
});

test.for<readonly [string, object, string]>([
  [
    'an unknown include',
    { include: ['SETTINGS'] },
    'InvalidParameterException: include should be one of [TAGS]',
  ],
  ['an unknown cluster', { cluster: 'nowhere' }, 'ClusterNotFoundException: Cluster not found.'],
  [
    'more than 100 names',
    { capacityProviders: Array.from({ length: 101 }, (_, index) => `p${index}`) },
    'InvalidParameterException: capacityProviders can have at most 100 items.',
  ],
  [
    'names and a size of pages',
    { capacityProviders: ['FARGATE'], maxResults: 1 },
    'InvalidParameterException: maxResults and nextToken cannot be used when capacity providers are specified.',
  ],
  [
    'pages of 11',
    { maxResults: 11 },
    'InvalidParameterException: maxResults must be between 1 and 10',
  ],
  [
    'the ARN of another region',
    { capacityProviders: ['arn:aws:ecs:eu-west-1:123456789012:capacity-provider/x'] },
    'InvalidParameterException: Invalid Region in ARN',
  ],
  ['a token that is none', { nextToken: 'x' }, 'InvalidParameterException: Invalid token x'],
])('a description with %s is refused', async ([, request, refusal], { ecs }) => {
  expect(await refusalOf(ecs.describeCapacityProviders(request))).toBe(refusal);
});

test('the ARN of another resource is not that of a provider', async ({ ecs, accountId }) => {
  const arn = `arn:aws:ecs:us-east-1:${accountId}:cluster/default`;
  expect(await refusalOf(ecs.describeCapacityProviders({ capacityProviders: [arn] }))).toBe(
    'InvalidParameterException: Unsupported resource type: cluster',
  );
});

test('providers are tagged and untagged; FARGATE is not', async ({ ecs, accountId }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue', { managedScaling: scaling }));
  const arn = `arn:aws:ecs:us-east-1:${accountId}:capacity-provider`;
  const resourceArn = `${arn}/blue`;
  await ecs.tagResource({
    resourceArn,
    tags: [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ],
  });
  await ecs.untagResource({ resourceArn, tagKeys: ['a'] });
  expect((await ecs.listTagsForResource({ resourceArn })).tags).toEqual([{ key: 'b', value: '2' }]);
  const tags = [{ key: 'a', value: '1' }];
  expect(await refusalOf(ecs.tagResource({ resourceArn: `${arn}/FARGATE`, tags }))).toBe(
    'InvalidParameterException: The specified capacity provider is reserved and cannot be tagged.',
  );
  expect(await refusalOf(ecs.listTagsForResource({ resourceArn: `${arn}/nope` }))).toBe(
    'InvalidParameterException: The specified capacity provider does not exist.',
  );
});
