import type { ECS, RegisterContainerInstanceRequest, Resource } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { RawClient } from './raw-client.ts';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

const missing = 'f'.repeat(32);

function integer(name: string, integerValue: number): Resource {
  return { name, type: 'INTEGER', integerValue };
}

async function register(
  ecs: ECS,
  given: Partial<RegisterContainerInstanceRequest> = {},
): Promise<string> {
  const { containerInstance } = await ecs.registerContainerInstance({
    totalResources: [integer('CPU', 2048), integer('MEMORY', 4096)],
    ...given,
  });
  return containerInstance?.containerInstanceArn ?? '';
}

async function describe(ecs: ECS, arn: string) {
  const containerInstances = [arn];
  return (await ecs.describeContainerInstances({ containerInstances })).containerInstances?.[0];
}

test('an instance registers with what it has, and is described with all members', async ({
  ecs,
  accountId,
}) => {
  await ecs.createCluster({});
  const arn = await register(ecs, {
    attributes: [{ name: 'ecs.capability.external' }, { name: 'rack', value: 'r1' }],
    totalResources: [
      integer('CPU', 2048),
      integer('MEMORY', 4096),
      { name: 'PORTS', type: 'STRINGSET', stringSetValue: ['22'] },
    ],
    tags: [{ key: 'team', value: 'blue' }],
  });
  expect(arn).toMatch(
    new RegExp(`^arn:aws:ecs:us-east-1:${accountId}:container-instance/default/[0-9a-f]{32}$`),
  );
  const cpu = { doubleValue: 0, longValue: 0, integerValue: 2048 };
  const memory = { ...cpu, integerValue: 4096 };
  const set = { doubleValue: 0, longValue: 0, integerValue: 0 };
  const resources = [
    { name: 'CPU', type: 'INTEGER', ...cpu },
    { name: 'MEMORY', type: 'INTEGER', ...memory },
    { name: 'PORTS', type: 'STRINGSET', ...set, stringSetValue: ['22'] },
    { name: 'PORTS_UDP', type: 'STRINGSET', ...set, stringSetValue: [] },
  ];
  expect(await describe(ecs, arn)).toEqual({
    containerInstanceArn: arn,
    ec2InstanceId: expect.stringMatching(/^mi-[0-9a-f]{17}$/),
    status: 'ACTIVE',
    agentConnected: false,
    attachments: [],
    attributes: [
      { name: 'ecs.capability.external' },
      { name: 'rack', value: 'r1' },
      { name: 'ecs.availability-zone', value: 'us-east-1a' },
    ],
    pendingTasksCount: 0,
    runningTasksCount: 0,
    registeredAt: expect.any(Date),
    registeredResources: resources,
    remainingResources: resources,
    tags: [],
    version: 1,
    versionInfo: {},
  });
  const withTags = await ecs.describeContainerInstances({
    containerInstances: [arn],
    include: ['TAGS'],
  });
  expect(withTags.containerInstances?.[0]?.tags).toEqual([{ key: 'team', value: 'blue' }]);
});

test('a registration that is repeated with the same token gives the same instance', async ({
  ecs,
  server,
  accountId,
}) => {
  await ecs.createCluster({});
  expect(await register(ecs)).not.toBe(await register(ecs));
  const raw = new RawClient(server.url, accountId);
  // No SDK knows the member that agents send.
  const body = JSON.stringify({ clientToken: 'a' });
  const first = await raw.send({ operation: 'RegisterContainerInstance', body });
  const again = await raw.send({ operation: 'RegisterContainerInstance', body });
  raw.close();
  expect(again).toMatchObject({ status: 200, body: first.body });
  expect((await ecs.listContainerInstances({})).containerInstanceArns).toHaveLength(3);
});

test.for([
  ['DescribeContainerInstances', 'InvalidParameterException: Container instance cannot be empty.'],
  [
    'UpdateContainerInstancesState',
    'InvalidParameterException: Container instance cannot be empty.',
  ],
  ['StartTask', 'InvalidParameterException: Container instances cannot be empty.'],
] as const)('%s without instances is refused', async ([operation, message], { ecs }) => {
  await ecs.createCluster({});
  await ecs.registerTaskDefinition({
    family: 'web',
    containerDefinitions: [{ name: 'app', image: 'nginx', memory: 8 }],
  });
  const containerInstances: string[] = [];
  const calls = {
    DescribeContainerInstances: () => ecs.describeContainerInstances({ containerInstances }),
    UpdateContainerInstancesState: () =>
      ecs.updateContainerInstancesState({ containerInstances, status: 'ACTIVE' }),
    StartTask: () => ecs.startTask({ containerInstances, taskDefinition: 'web' }),
  };
  expect(await refusalOf(calls[operation]())).toBe(message);
});

test('what is not there is a failure, and what is no instance of the cluster a refusal', async ({
  ecs,
  accountId,
}) => {
  await ecs.createCluster({});
  const scope = `arn:aws:ecs:us-east-1:${accountId}:container-instance`;
  const { failures } = await ecs.describeContainerInstances({ containerInstances: [missing] });
  expect(failures).toEqual([{ arn: `${scope}/default/${missing}`, reason: 'MISSING' }]);
  const other = ecs.describeContainerInstances({
    containerInstances: [`${scope}/blue/${missing}`],
  });
  expect(await refusalOf(other)).toBe(
    'InvalidParameterException: Invalid identifier: Identifier is for cluster blue. Your cluster is default',
  );
  const many = Array<string>(101).fill(missing);
  expect(await refusalOf(ecs.describeContainerInstances({ containerInstances: many }))).toBe(
    'InvalidParameterException: instanceIds can have at most 100 items.',
  );
  expect(await refusalOf(ecs.deregisterContainerInstance({ containerInstance: missing }))).toBe(
    `ClientException: Referenced container instance ${missing} not found.`,
  );
  expect(
    await refusalOf(register(ecs, { containerInstanceArn: `${scope}/default/${missing}` })),
  ).toBe(`ClientException: Referenced container instance ${missing} not registered.`);
  expect(await refusalOf(register(ecs, { cluster: 'nowhere' }))).toBe(
    'ClusterNotFoundException: Cluster not found.',
  );
});

test('an instance drains and comes back; a status that it has already changes nothing', async ({
  ecs,
}) => {
  await ecs.createCluster({});
  const arn = await register(ecs);
  const set = (status: string, ids = [arn]) =>
    ecs.updateContainerInstancesState({ containerInstances: ids, status: status as 'ACTIVE' });
  expect((await set('DRAINING')).containerInstances?.[0]).toMatchObject({
    status: 'DRAINING',
    version: 2,
  });
  expect((await set('DRAINING')).containerInstances?.[0]?.version).toBe(2);
  const { containerInstances, failures } = await set('ACTIVE', [arn, missing]);
  expect(containerInstances).toMatchObject([{ status: 'ACTIVE', version: 3 }]);
  expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  expect(await refusalOf(set('INACTIVE'))).toBe(
    'InvalidParameterException: Container instances status should be one of [ACTIVE,DRAINING]',
  );
  expect(await refusalOf(set('ACTIVE', Array<string>(11).fill(arn)))).toBe(
    'InvalidParameterException: instanceIds can have at most 10 items.',
  );
});

test('a deregistered instance is INACTIVE: described still, listed and counted no more', async ({
  ecs,
}) => {
  await ecs.createCluster({});
  const arn = await register(ecs);
  const counted = async () => (await ecs.describeClusters({})).clusters?.[0];
  expect((await counted())?.registeredContainerInstancesCount).toBe(1);
  expect(await refusalOf(ecs.deleteCluster({ cluster: 'default' }))).toBe(
    'ClusterContainsContainerInstancesException: The Cluster cannot be deleted while Container ' +
      'Instances are active or draining.',
  );
  const gone = await ecs.deregisterContainerInstance({ containerInstance: arn });
  expect(gone.containerInstance?.status).toBe('INACTIVE');
  expect(await describe(ecs, arn)).toMatchObject({ status: 'INACTIVE' });
  expect((await ecs.listContainerInstances({})).containerInstanceArns).toEqual([]);
  expect((await counted())?.registeredContainerInstancesCount).toBe(0);
  const { failures } = await ecs.updateContainerInstancesState({
    containerInstances: [arn],
    status: 'DRAINING',
  });
  expect(failures).toEqual([{ arn, reason: 'INACTIVE' }]);
  await ecs.deleteCluster({ cluster: 'default' });
});

test('instances are listed by status, by the cluster query language, and in pages', async ({
  ecs,
}) => {
  await ecs.createCluster({});
  const arns: string[] = [];
  for (const rack of ['r1', 'r1', 'r2']) {
    arns.push(await register(ecs, { attributes: [{ name: 'rack', value: rack }] }));
  }
  await ecs.updateContainerInstancesState({
    containerInstances: arns.slice(0, 1),
    status: 'DRAINING',
  });
  const list = async (given: Parameters<ECS['listContainerInstances']>[0]) =>
    (await ecs.listContainerInstances(given)).containerInstanceArns;
  expect(await list({})).toEqual(arns);
  expect(await list({ status: 'DRAINING' })).toEqual(arns.slice(0, 1));
  expect(await list({ filter: 'attribute:rack == r1' })).toEqual(arns.slice(0, 2));
  expect(await list({ filter: 'attribute:rack == r1', status: 'ACTIVE' })).toEqual(
    arns.slice(1, 2),
  );
  const first = await ecs.listContainerInstances({ maxResults: 2 });
  expect(first.containerInstanceArns).toEqual(arns.slice(0, 2));
  expect(await list({ maxResults: 2, nextToken: first.nextToken })).toEqual(arns.slice(2));
  expect(await refusalOf(list({ filter: 'rack is r1' }))).toMatch(/^InvalidParameterException: /);
  expect(await refusalOf(list({ status: 'INACTIVE' as 'ACTIVE' }))).toBe(
    'InvalidParameterException: Container instances status should be one of ' +
      '[ACTIVE,DEREGISTERING,DRAINING,REGISTERING,REGISTRATION_FAILED]',
  );
});

test('custom attributes are put, listed, and deleted; those of ECS are not', async ({ ecs }) => {
  await ecs.createCluster({});
  const targetId = await register(ecs);
  const target = { targetId, targetType: 'container-instance' as const };
  const put = await ecs.putAttributes({
    attributes: [
      { name: 'stack', value: 'production', targetId },
      { name: 'gold', ...target },
    ],
  });
  expect(put.attributes).toEqual([
    { name: 'stack', value: 'production', targetId },
    { name: 'gold', targetId },
  ]);
  const list = async (attributeName?: string, attributeValue?: string) => {
    const query = { targetType: target.targetType, attributeName, attributeValue };
    return (await ecs.listAttributes(query)).attributes;
  };
  expect((await list())?.map(({ name }) => name)).toEqual([
    'ecs.availability-zone',
    'gold',
    'stack',
  ]);
  expect(await list('stack', 'production')).toEqual([
    { name: 'stack', value: 'production', targetId },
  ]);
  expect(await list('stack', 'other')).toEqual([]);
  const gone = await ecs.deleteAttributes({
    attributes: [
      { name: 'stack', ...target },
      { name: 'never-there', ...target },
    ],
  });
  expect(gone.attributes).toEqual([{ name: 'stack', value: 'production', targetId }]);
  const reserved = ecs.putAttributes({ attributes: [{ name: 'ecs.os-type', ...target }] });
  expect(await refusalOf(reserved)).toMatch(/^InvalidParameterException: /);
  const unknown = { name: 'a', targetId: missing, targetType: target.targetType };
  expect(await refusalOf(ecs.putAttributes({ attributes: [unknown] }))).toBe(
    'TargetNotFoundException: Unable to resolve target.',
  );
});

test('an eleventh custom attribute is refused, and none of its call is put', async ({ ecs }) => {
  await ecs.createCluster({});
  const targetId = await register(ecs);
  const names = Array.from({ length: 9 }, (_, index) => `a${index}`);
  const attributesOf = (given: string[]) => ({
    attributes: given.map((name) => ({ name, targetId })),
  });
  await ecs.putAttributes(attributesOf(names));
  const refused = await refusalOf(ecs.putAttributes(attributesOf(['b', 'c'])));
  expect(refused).toMatch(/^AttributeLimitExceededException: /);
  const listed = await ecs.listAttributes({
    targetType: 'container-instance',
    attributeName: 'b',
  });
  expect(listed.attributes).toEqual([]);
});

test('an instance takes tags, and an agent asks for them', async ({ ecs }) => {
  await ecs.createCluster({});
  const resourceArn = await register(ecs);
  await ecs.tagResource({ resourceArn, tags: [{ key: 'team', value: 'blue' }] });
  expect((await ecs.listTagsForResource({ resourceArn })).tags).toEqual([
    { key: 'team', value: 'blue' },
  ]);
  await ecs.untagResource({ resourceArn, tagKeys: ['team'] });
  expect((await ecs.listTagsForResource({ resourceArn })).tags).toEqual([]);
});

test('an agent is told to come where it came from, and there is no other agent for it', async ({
  ecs,
  server,
}) => {
  await ecs.createCluster({});
  expect(await ecs.discoverPollEndpoint({})).toMatchObject({
    endpoint: `${server.url}/ecs-agent/acs/`,
    telemetryEndpoint: `${server.url}/ecs-agent/tcs/`,
  });
  const versionInfo = { agentVersion: '1.105.1' };
  const update = async (given: Partial<RegisterContainerInstanceRequest>) =>
    ecs.updateContainerAgent({ containerInstance: await register(ecs, given) });
  expect(await refusalOf(update({ versionInfo }))).toBe(
    'NoUpdateAvailableException: There is no update available for your container agent.',
  );
  expect(await refusalOf(update({}))).toMatch(/^MissingVersionException: /);
});

test('a task goes where it fits: what is refused says why, for each instance', async ({ ecs }) => {
  await ecs.createCluster({});
  await ecs.registerTaskDefinition({
    family: 'web',
    containerDefinitions: [{ name: 'app', image: 'nginx', memory: 8 }],
  });
  expect(await refusalOf(ecs.runTask({ taskDefinition: 'web' }))).toBe(
    'InvalidParameterException: No Container Instances were found in your cluster.',
  );
  const arn = await register(ecs);
  const { failures } = await ecs.runTask({ taskDefinition: 'web' });
  expect(failures).toEqual([{ arn, reason: 'AGENT' }]);
  const started = await ecs.startTask({
    taskDefinition: 'web',
    containerInstances: [arn, missing],
  });
  expect(started.tasks).toEqual([]);
  expect(started.failures).toMatchObject([{ reason: 'AGENT' }, { reason: 'MISSING' }]);
  await ecs.updateContainerInstancesState({ containerInstances: [arn], status: 'DRAINING' });
  expect((await ecs.runTask({ taskDefinition: 'web' })).failures).toEqual([
    { reason: 'NO ACTIVE INSTANCES' },
  ]);
});
