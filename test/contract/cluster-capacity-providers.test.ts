import type { ECS, PutClusterCapacityProvidersRequest } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { aGroupRequest, scaling, settledCluster } from './capacity-provider-requests.ts';
import { startHeldServer } from './held-server.ts';
import { startManualServer } from './manual-server.ts';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import { test } from './server.ts';

/** A request to replace the providers of the default cluster. */
function aPut(
  capacityProviders: string[],
  defaultCapacityProviderStrategy: PutClusterCapacityProvidersRequest['defaultCapacityProviderStrategy'] = [],
): PutClusterCapacityProvidersRequest {
  return { cluster: 'default', capacityProviders, defaultCapacityProviderStrategy };
}

const notFound =
  'InvalidParameterException: The specified capacity provider was not found. Specify a valid ' +
  'capacity provider and try again.';
const notAssociated =
  'InvalidParameterException: The specified capacity provider strategy cannot contain a capacity ' +
  'provider that is not associated with the cluster. Associate the capacity provider with the cluster ' +
  'or specify a valid capacity provider and try again.';
const mixed =
  'InvalidParameterException: A capacity provider strategy cannot contain a mix of capacity providers ' +
  'using Auto Scaling groups and Fargate providers. Specify one or the other and try again.';
const tooMany =
  'InvalidParameterException: The maximum number of capacity providers per cluster has been exceeded.';

test('the Fargate providers are associated without an attachment', async ({ ecs }) => {
  await ecs.createCluster({ tags: [{ key: 'team', value: 'blue' }] });
  const strategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
  const { cluster } = await ecs.putClusterCapacityProviders(
    aPut(['FARGATE', 'FARGATE_SPOT'], strategy),
  );
  expect(cluster).toMatchObject({
    status: 'ACTIVE',
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }],
    attachments: [],
    settings: [{ name: 'containerInsights', value: 'disabled' }],
    tags: [],
  });
  expect(cluster).not.toHaveProperty('attachmentsStatus');
});

test('an Auto Scaling group is attached with a scaling policy and a lifecycle hook', async ({
  ecs,
}) => {
  await ecs.createCluster();
  await ecs.createCapacityProvider(aGroupRequest('blue', { managedScaling: scaling }));
  const { cluster } = await ecs.putClusterCapacityProviders(aPut(['blue']));
  const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  expect(cluster).toMatchObject({
    status: 'ACTIVE',
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
    attachments: [
      {
        id: expect.stringMatching(uuid),
        type: 'as_policy',
        status: 'PRECREATED',
        details: [
          { name: 'capacityProviderName', value: 'blue' },
          {
            name: 'scalingPolicyName',
            value: expect.stringMatching(/^ECSManagedAutoScalingPolicy-[0-9a-f-]{36}$/),
          },
        ],
      },
      {
        id: expect.stringMatching(uuid),
        type: 'managed_draining',
        status: 'PRECREATED',
        details: [
          { name: 'capacityProviderName', value: 'blue' },
          { name: 'autoScalingLifecycleHookName', value: 'ecs-managed-draining-termination-hook' },
        ],
      },
    ],
  });
  expect(await settledCluster(ecs)).toMatchObject({
    attachmentsStatus: 'UPDATE_COMPLETE',
    attachments: cluster?.attachments?.map((attachment) => ({ ...attachment, status: 'CREATED' })),
  });
});

test('what is not named any more is detached, and its attachments are DELETED', async ({ ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue', { managedScaling: scaling }));
  await ecs.createCluster({ capacityProviders: ['FARGATE', 'blue'] });
  await settledCluster(ecs);
  const { cluster } = await ecs.putClusterCapacityProviders(aPut(['FARGATE']));
  expect(cluster).toMatchObject({
    capacityProviders: ['FARGATE'],
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
    attachments: [{ status: 'DELETING' }, { status: 'DELETING' }],
  });
  expect(await settledCluster(ecs)).toMatchObject({
    status: 'ACTIVE',
    attachments: [{ status: 'DELETED' }, { status: 'DELETED' }],
  });
});

test('CreateCluster with an Auto Scaling group is PROVISIONING until all is attached', async ({
  ecs,
}) => {
  await ecs.createCapacityProvider(aGroupRequest('blue', { managedScaling: scaling }));
  const { cluster } = await ecs.createCluster({
    capacityProviders: ['blue'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'blue', weight: 1 }],
  });
  expect(cluster).toMatchObject({
    status: 'PROVISIONING',
    capacityProviders: ['blue'],
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
  });
  expect(await settledCluster(ecs)).toMatchObject({ status: 'ACTIVE' });
});

test('providers are named by ARN as well, and each once', async ({ ecs, accountId }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  await ecs.createCluster();
  const arn = `arn:aws:ecs:us-east-1:${accountId}:capacity-provider`;
  const { cluster } = await ecs.putClusterCapacityProviders(
    aPut([`${arn}/blue`, 'blue', `${arn}/FARGATE`], [{ capacityProvider: `${arn}/blue` }]),
  );
  expect(cluster).toMatchObject({
    capacityProviders: ['blue', 'FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'blue', weight: 0, base: 0 }],
  });
});

test('a replay of CreateCluster does not look for the providers again', async ({ ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue', { managedDraining: 'DISABLED' }));
  const request = { capacityProviders: ['blue'] };
  await ecs.createCluster(request);
  await ecs.putClusterCapacityProviders(aPut([]));
  await ecs.deleteCapacityProvider({ capacityProvider: 'blue' });
  expect((await ecs.createCluster(request)).cluster?.capacityProviders).toEqual([]);
});

test.for<readonly [string, PutClusterCapacityProvidersRequest, string]>([
  [
    'a cluster that is not there',
    { ...aPut(['nope']), cluster: 'nowhere' },
    'ClusterNotFoundException: Cluster not found.',
  ],
  [
    'no providers',
    { ...aPut([]), capacityProviders: undefined },
    'InvalidParameterException: capacityProviders can not be null.',
  ],
  [
    'no strategy',
    { ...aPut([]), defaultCapacityProviderStrategy: undefined },
    'InvalidParameterException: defaultCapacityProviderStrategy can not be null.',
  ],
  ['a provider that is not there', aPut(['nope']), notFound],
  [
    'the ARN of an Auto Scaling group',
    aPut([
      'arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:7aae:autoScalingGroupName/g',
    ]),
    notFound,
  ],
  [
    "another account's provider",
    aPut(['arn:aws:ecs:us-east-1:999999999999:capacity-provider/FARGATE']),
    notFound,
  ],
  ['21 providers', aPut(Array.from({ length: 21 }, (_, index) => `p${index}`)), tooMany],
  [
    'a strategy of what is not associated',
    aPut(['FARGATE'], [{ capacityProvider: 'FARGATE_SPOT' }]),
    notAssociated,
  ],
  ['a strategy of what is not there', aPut([], [{ capacityProvider: 'nope' }]), notAssociated],
  [
    'a strategy of two kinds',
    aPut(['FARGATE', 'blue'], [{ capacityProvider: 'FARGATE' }, { capacityProvider: 'blue' }]),
    mixed,
  ],
])('PutClusterCapacityProviders with %s is refused', async ([, request, refusal], { ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  await ecs.createCluster();
  expect(await refusalOf(ecs.putClusterCapacityProviders(request))).toBe(refusal);
  expect((await ecs.describeClusters()).clusters).toMatchObject([{ capacityProviders: [] }]);
});

test('CreateCluster refuses the same', async ({ ecs }) => {
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  const create = (capacityProviders: string[], ...strategy: string[]) =>
    refusalOf(
      ecs.createCluster({
        capacityProviders,
        defaultCapacityProviderStrategy: strategy.map((capacityProvider) => ({ capacityProvider })),
      }),
    );
  expect(await create(['nope'])).toBe(notFound);
  expect(await create(['FARGATE'], 'blue')).toBe(notAssociated);
  expect(await create(['FARGATE', 'blue'], 'FARGATE', 'blue')).toBe(mixed);
  expect((await ecs.describeClusters()).clusters).toEqual([]);
});

test('what is removed in the same call counts among the 20 as well', async ({ ecs }) => {
  const names = Array.from({ length: 21 }, (_, index) => `p${index}`);
  await Promise.all(
    names.map((name) =>
      ecs.createCapacityProvider(aGroupRequest(name, { managedDraining: 'DISABLED' })),
    ),
  );
  await ecs.createCluster({ capacityProviders: names.slice(1) });
  const put = ecs.putClusterCapacityProviders(aPut(names.slice(0, 20)));
  expect(await refusalOf(put)).toBe(tooMany);
});

test('a group with managed scaling is with one cluster at a time, others with many', async ({
  ecs,
}) => {
  await ecs.createCapacityProvider(aGroupRequest('plain'));
  await ecs.createCapacityProvider(aGroupRequest('scaled', { managedScaling: scaling }));
  await ecs.createCluster({ clusterName: 'first', capacityProviders: ['plain', 'scaled'] });
  await ecs.createCluster();
  const refused = ecs.putClusterCapacityProviders(aPut(['scaled']));
  expect(await refusalOf(refused)).toMatch(
    /^InvalidParameterException: The specified capacity provider 'scaled' uses managed scaling/,
  );
  const { cluster } = await ecs.putClusterCapacityProviders(aPut(['plain']));
  expect(cluster?.capacityProviders).toEqual(['plain']);
});

test('clusters that are not ACTIVE, or busy, are left alone', async () => {
  await using held = await startHeldServer();
  const { ecs } = held;
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  await ecs.createCluster();
  held.hold();
  const put = ecs.putClusterCapacityProviders(aPut(['blue']));
  await held.decided(1);
  const created = ecs.createCluster({ clusterName: 'new', capacityProviders: ['blue'] });
  await held.decided(2);
  const refusals = Promise.all([
    refusalOf(ecs.putClusterCapacityProviders(aPut([]))),
    refusalOf(ecs.deleteCluster({ cluster: 'default' })),
    refusalOf(ecs.putClusterCapacityProviders({ ...aPut([]), cluster: 'new' })),
  ]);
  await held.decided(5);
  held.release();
  expect((await put).cluster?.attachmentsStatus).toBe('UPDATE_IN_PROGRESS');
  expect((await created).cluster?.status).toBe('PROVISIONING');
  const busy =
    'UpdateInProgressException: The specified cluster is in a busy state. Cluster attachments must be ' +
    'in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated.';
  expect(await refusals).toEqual([busy, busy, 'ClientException: Cluster was not ACTIVE.']);
});

async function runTask(ecs: ECS): Promise<string | undefined> {
  await ecs.registerTaskDefinition(aDefinition());
  const { tasks } = await ecs.runTask(aRun({ launchType: undefined }));
  expect(tasks).toMatchObject([{ launchType: 'FARGATE', capacityProviderName: 'FARGATE' }]);
  return tasks?.[0]?.taskArn;
}

test('a provider that a task uses stays until the task has STOPPED', async ({ ecs }) => {
  await ecs.createCluster();
  const strategy = [{ capacityProvider: 'FARGATE', weight: 1 }];
  await ecs.putClusterCapacityProviders(aPut(['FARGATE', 'FARGATE_SPOT'], strategy));
  const task = await runTask(ecs);
  const remove = () => refusalOf(ecs.putClusterCapacityProviders(aPut(['FARGATE_SPOT'])));
  expect(await remove()).toBe(
    'ResourceInUseException: The specified capacity provider is in use and cannot be removed.',
  );
  const others = await ecs.putClusterCapacityProviders(aPut(['FARGATE']));
  expect(others.cluster?.capacityProviders).toEqual(['FARGATE']);
  await ecs.stopTask({ task });
  await expect.poll(remove).toBeUndefined();
});

test('a provider that a service uses stays until the service is INACTIVE', async () => {
  await using manual = await startManualServer();
  const { ecs, advance } = manual;
  await ecs.createCluster({ capacityProviders: ['FARGATE'] });
  await ecs.registerTaskDefinition(aDefinition());
  const { taskDefinition, networkConfiguration } = aRun();
  await ecs.createService({
    serviceName: 'web',
    desiredCount: 1,
    taskDefinition,
    networkConfiguration,
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
  });
  await advance(60_000);
  const remove = () => refusalOf(ecs.putClusterCapacityProviders(aPut([])));
  const inUse =
    'ResourceInUseException: The specified capacity provider is in use and cannot be removed.';
  expect(await remove()).toBe(inUse);
  const { service } = await ecs.deleteService({ service: 'web', force: true });
  expect(service?.status).toBe('DRAINING');
  expect(await remove()).toBe(inUse);
  await advance(120_000);
  expect(await remove()).toBeUndefined();
});

test('a strategy of Auto Scaling groups launches on EC2, where there are no instances', async ({
  ecs,
}) => {
  await ecs.createCapacityProvider(aGroupRequest('blue'));
  await ecs.createCapacityProvider(aGroupRequest('green'));
  await ecs.createCluster({ capacityProviders: ['FARGATE', 'blue'] });
  const definition = { requiresCompatibilities: ['EC2' as const], networkMode: 'host' as const };
  await ecs.registerTaskDefinition(aDefinition(definition));
  const run = (...names: string[]) =>
    ecs.runTask({
      taskDefinition: 'web',
      count: 2,
      capacityProviderStrategy: names.map((capacityProvider) => ({ capacityProvider, weight: 1 })),
    });
  expect(await run('blue')).toMatchObject({
    tasks: [],
    failures: [{ reason: 'EMPTY CAPACITY PROVIDER' }],
  });
  expect(await refusalOf(run('blue', 'FARGATE'))).toBe(mixed);
  expect(await refusalOf(run('green'))).toBe(notAssociated);
  expect(await refusalOf(run('nope'))).toBe(
    "InvalidParameterException: The specified capacity provider 'nope' was not found. Specify a valid " +
      'name or ARN and try again.',
  );
});

test('the default strategy may be of zero weights, and then fails when it is used', async ({
  ecs,
}) => {
  await ecs.createCluster();
  await ecs.putClusterCapacityProviders(aPut(['FARGATE'], [{ capacityProvider: 'FARGATE' }]));
  await ecs.registerTaskDefinition(aDefinition());
  expect(await refusalOf(ecs.runTask(aRun({ launchType: undefined })))).toMatch(
    /^InvalidParameterException: There are no capacity providers with a weight value greater than zero/,
  );
});
