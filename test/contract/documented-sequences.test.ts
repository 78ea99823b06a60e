import type { ECS } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { AgentDouble } from '../agent/agent-double.ts';
import { settledCluster, settledProvider } from './capacity-provider-requests.ts';
import { clientOf, startTestServer, test } from './server.ts';

/** The commands of the AWS CLI reference's examples, one after the other, and what is printed below them. */
const cluster = 'MyCluster';
const groupId = '57ffcb94-11f0-4d6d-bf60-3bac5d0b2f1a';

function integer(name: string, integerValue: number) {
  return { name, type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue };
}

function stringSet(name: string, stringSetValue: readonly string[]) {
  const zero = { doubleValue: 0, longValue: 0, integerValue: 0 };
  return { name, type: 'STRINGSET', ...zero, stringSetValue };
}

const ports = ['22', '2376', '2375', '51678', '51679'];

async function startAgent(url: string, accountId: string): Promise<AgentDouble> {
  const registration = {
    instanceIdentityDocument: JSON.stringify({
      instanceId: 'i-0123456789abcdef0',
      instanceType: 'c5.large',
      availabilityZone: 'us-east-1a',
      imageId: 'ami-00e0090ac21971297',
    }),
    attributes: [{ name: 'ecs.os-type', value: 'linux' }],
    totalResources: [
      { name: 'CPU', type: 'INTEGER', integerValue: 2048 },
      { name: 'MEMORY', type: 'INTEGER', integerValue: 3955 },
      { name: 'PORTS', type: 'STRINGSET', stringSetValue: ports },
      { name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: [] },
    ],
  };
  return AgentDouble.start({ url, accountId, cluster, registration });
}

async function connected(ecs: ECS, arn: string): Promise<void> {
  const described = () => ecs.describeContainerInstances({ cluster, containerInstances: [arn] });
  await expect
    .poll(async () => (await described()).containerInstances?.[0]?.agentConnected)
    .toBe(true);
}

test('container instances and their attributes go through the documented commands', async ({
  accountId,
}) => {
  const release = { version: '9.0.0', location: 'http://127.0.0.1/a', sha256: '0'.repeat(64) };
  const server = await startTestServer({ agentRelease: release });
  const ecs = clientOf(server.url, accountId);
  await ecs.createCluster({ clusterName: cluster });
  const agents = [await startAgent(server.url, accountId), await startAgent(server.url, accountId)];
  const [first = '', second = ''] = agents.map(({ instanceArn }) => instanceArn);
  await connected(ecs, first);
  const id = first.split('/').at(-1) ?? '';

  const listed = await ecs.listContainerInstances({ cluster });
  expect(listed.containerInstanceArns?.toSorted()).toEqual([first, second].toSorted());

  const resources = [
    integer('CPU', 2048),
    integer('MEMORY', 3955),
    stringSet('PORTS', ports),
    stringSet('PORTS_UDP', []),
  ];
  const described = await ecs.describeContainerInstances({ cluster, containerInstances: [id] });
  expect(described).toMatchObject({
    failures: [],
    containerInstances: [
      {
        status: 'ACTIVE',
        containerInstanceArn: first,
        ec2InstanceId: 'i-0123456789abcdef0',
        agentConnected: true,
        pendingTasksCount: 0,
        runningTasksCount: 0,
        registeredResources: resources,
        remainingResources: resources,
        versionInfo: { agentVersion: '1.105.1', dockerVersion: 'DockerVersion: 20.10.24' },
      },
    ],
  });

  const stack = { name: 'stack', value: 'production', targetId: first };
  const put = await ecs.putAttributes({ cluster, attributes: [stack] });
  expect(put.attributes).toEqual([stack]);
  const found = await ecs.listAttributes({
    targetType: 'container-instance',
    attributeName: 'stack',
    attributeValue: 'production',
    cluster,
  });
  expect(found.attributes).toMatchObject([stack]);
  const attributes = [{ name: 'stack', targetId: first }];
  expect((await ecs.deleteAttributes({ cluster, attributes })).attributes).toEqual([stack]);

  const updating = await ecs.updateContainerAgent({ cluster, containerInstance: id });
  expect(updating.containerInstance).toMatchObject({
    status: 'ACTIVE',
    agentUpdateStatus: 'PENDING',
    versionInfo: { agentVersion: '1.105.1' },
  });

  const draining = await ecs.updateContainerInstancesState({
    cluster,
    containerInstances: [id],
    status: 'DRAINING',
  });
  expect(draining).toMatchObject({
    failures: [],
    containerInstances: [
      {
        status: 'DRAINING',
        attributes: expect.arrayContaining([
          { name: 'ecs.ami-id', value: 'ami-00e0090ac21971297' },
          { name: 'ecs.instance-type', value: 'c5.large' },
          { name: 'ecs.os-type', value: 'linux' },
        ]),
        attachments: [],
        tags: [],
      },
    ],
  });

  const clusterArn = `arn:aws:ecs:us-east-1:${accountId}:cluster/${cluster}`;
  const gone = await ecs.deregisterContainerInstance({
    cluster: clusterArn,
    containerInstance: first,
    force: true,
  });
  expect(gone.containerInstance).toMatchObject({
    status: 'INACTIVE',
    containerInstanceArn: first,
    registeredResources: resources,
    attachments: [],
    tags: [],
  });
  expect((await ecs.listContainerInstances({ cluster })).containerInstanceArns).toEqual([second]);
  for (const agent of agents) await agent.close();
  ecs.destroy();
  await server.close();
});

test('capacity providers go through the documented commands', async ({ ecs, accountId }) => {
  const group = `arn:aws:autoscaling:us-east-1:${accountId}:autoScalingGroup:${groupId}:autoScalingGroupName/MyASG`;
  const created = await ecs.createCapacityProvider({
    name: 'MyCapacityProvider1',
    autoScalingGroupProvider: {
      autoScalingGroupArn: group,
      managedScaling: { status: 'ENABLED', targetCapacity: 100 },
      managedTerminationProtection: 'ENABLED',
    },
    tags: [{ key: 'environment', value: 'production' }],
  });
  const provider = {
    capacityProviderArn: `arn:aws:ecs:us-east-1:${accountId}:capacity-provider/MyCapacityProvider1`,
    name: 'MyCapacityProvider1',
    status: 'ACTIVE',
    autoScalingGroupProvider: {
      autoScalingGroupArn: group,
      managedScaling: {
        status: 'ENABLED',
        targetCapacity: 100,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: 10_000,
        instanceWarmupPeriod: 300,
      },
      managedTerminationProtection: 'ENABLED',
    },
  };
  expect(created.capacityProvider).toMatchObject(provider);
  const all = await ecs.describeCapacityProviders({});
  expect(all.capacityProviders?.map(({ name }) => name).toSorted()).toEqual([
    'FARGATE',
    'FARGATE_SPOT',
    'MyCapacityProvider1',
  ]);
  const one = await ecs.describeCapacityProviders({
    capacityProviders: ['MyCapacityProvider1'],
    include: ['TAGS'],
  });
  expect(one.capacityProviders).toMatchObject([
    { ...provider, tags: [{ key: 'environment', value: 'production' }] },
  ]);

  await ecs.createCapacityProvider({
    name: 'MyCapacityProvider2',
    autoScalingGroupProvider: { autoScalingGroupArn: group.replace('MyASG', 'Other') },
  });
  await ecs.createCluster({ clusterName: cluster });
  const put = async (...capacityProviders: string[]) => {
    await settledCluster(ecs, cluster);
    const answer = await ecs.putClusterCapacityProviders({
      cluster,
      capacityProviders,
      defaultCapacityProviderStrategy: capacityProviders.map((name) => ({
        capacityProvider: name,
        weight: 1,
      })),
    });
    return answer.cluster;
  };
  const item = (capacityProvider: string) => ({ capacityProvider, weight: 1, base: 0 });
  const [a, b] = ['MyCapacityProvider1', 'MyCapacityProvider2'] as const;
  expect(await put(a, b)).toMatchObject({
    status: 'ACTIVE',
    capacityProviders: [a, b],
    defaultCapacityProviderStrategy: [item(a), item(b)],
    attachments: expect.arrayContaining([expect.objectContaining({ type: 'as_policy' })]),
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
  });
  expect(await put(b)).toMatchObject({
    capacityProviders: [b],
    defaultCapacityProviderStrategy: [item(b)],
    attachments: expect.arrayContaining([expect.objectContaining({ status: 'DELETING' })]),
  });
  expect(await put()).toMatchObject({ capacityProviders: [], defaultCapacityProviderStrategy: [] });

  await settledCluster(ecs, cluster);
  const deleted = await ecs.deleteCapacityProvider({
    capacityProvider: provider.capacityProviderArn,
  });
  expect(deleted.capacityProvider).toMatchObject({
    ...provider,
    updateStatus: 'DELETE_IN_PROGRESS',
  });
  await settledProvider(ecs, a);
  const byName = await ecs.deleteCapacityProvider({ capacityProvider: b });
  expect(byName.capacityProvider).toMatchObject({ updateStatus: 'DELETE_IN_PROGRESS' });
});

test('account settings go through the documented commands', async ({ ecs, accountId }) => {
  const principalArn = `arn:aws:iam::${accountId}:root`;
  const user = `arn:aws:iam::${accountId}:user/MyUser`;
  const put = await ecs.putAccountSetting({ name: 'containerInsights', value: 'enhanced' });
  expect(put.setting).toEqual({
    name: 'containerInsights',
    value: 'enhanced',
    principalArn,
    type: 'user',
  });
  const long = { name: 'serviceLongArnFormat', value: 'enabled' } as const;
  const byDefault = await ecs.putAccountSettingDefault(long);
  expect(byDefault.setting).toMatchObject({ ...long, principalArn });
  const effective = await ecs.listAccountSettings({ effectiveSettings: true });
  expect(effective.settings).toContainEqual({ ...long, principalArn, type: 'user' });

  await ecs.putAccountSetting({ ...long, principalArn: user });
  const listed = await ecs.listAccountSettings({ principalArn: user });
  expect(listed.settings).toMatchObject([{ ...long, principalArn: user }]);
  const { name } = long;
  const deleted = await ecs.deleteAccountSetting({ name, principalArn: user });
  expect(deleted.setting).toMatchObject({ ...long, principalArn: user });
});
