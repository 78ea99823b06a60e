import type { Cluster, ECS } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { startHeldServer } from './held-server.ts';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import { test } from './server.ts';

const busy =
  'UpdateInProgressException: The specified cluster is in a busy state. Cluster attachments must be ' +
  'in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated.';

async function describe(ecs: ECS, name = 'default'): Promise<Cluster | undefined> {
  const include = ['ATTACHMENTS' as const];
  const { clusters } = await ecs.describeClusters({ clusters: [name], include });
  return clusters?.[0];
}

/** Waits as Terraform does after a change of a cluster. */
async function settle(
  ecs: ECS,
  status: 'ACTIVE' | 'INACTIVE' = 'ACTIVE',
): Promise<Cluster | undefined> {
  await expect.poll(async () => (await describe(ecs))?.status).toBe(status);
  await expect.poll(async () => (await describe(ecs))?.attachmentsStatus).toBe('UPDATE_COMPLETE');
  return describe(ecs);
}

test('a cluster with a namespace is PROVISIONING until the namespace is attached', async ({
  ecs,
  accountId,
}) => {
  const { cluster } = await ecs.createCluster({ serviceConnectDefaults: { namespace: 'web' } });
  expect(cluster).toMatchObject({
    status: 'PROVISIONING',
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
    attachments: [{ type: 'sc', status: 'PRECREATED', details: [] }],
  });
  expect(cluster?.serviceConnectDefaults?.namespace).toMatch(
    new RegExp(`^arn:aws:servicediscovery:us-east-1:${accountId}:namespace/ns-[0-9a-f]{16}$`),
  );
  expect(await settle(ecs)).toMatchObject({
    status: 'ACTIVE',
    attachments: [{ id: cluster?.attachments?.[0]?.id, type: 'sc', status: 'ATTACHED' }],
    serviceConnectDefaults: cluster?.serviceConnectDefaults,
  });
});

test('the same name is the same namespace, and its ARN may be given as well', async ({ ecs }) => {
  const web = { serviceConnectDefaults: { namespace: 'web' } };
  const { cluster } = await ecs.createCluster(web);
  const other = await ecs.createCluster({ clusterName: 'other', ...web });
  expect(other.cluster?.serviceConnectDefaults).toEqual(cluster?.serviceConnectDefaults);
  const namespace = cluster?.serviceConnectDefaults?.namespace;
  const third = await ecs.createCluster({
    clusterName: 'third',
    serviceConnectDefaults: { namespace },
  });
  expect(third.cluster?.serviceConnectDefaults).toEqual({ namespace });
});

test('the ARN of a namespace that does not exist is refused', async ({ ecs, accountId }) => {
  const namespace = `arn:aws:servicediscovery:us-east-1:${accountId}:namespace/ns-0123456789abcdef`;
  const notFound = 'NamespaceNotFoundException: Namespace not found.';
  const serviceConnectDefaults = { namespace };
  expect(await refusalOf(ecs.createCluster({ serviceConnectDefaults }))).toBe(notFound);
  expect(await describe(ecs)).toBeUndefined();
  await ecs.createCluster();
  const sent = ecs.updateCluster({ cluster: 'default', serviceConnectDefaults });
  expect(await refusalOf(sent)).toBe(notFound);
});

test("another account's namespace does not exist for this one", async ({ ecs, server }) => {
  const stranger = server.client('999999999998');
  const { cluster } = await stranger.createCluster({
    serviceConnectDefaults: { namespace: 'web' },
  });
  stranger.destroy();
  const serviceConnectDefaults = { namespace: cluster?.serviceConnectDefaults?.namespace };
  expect(await refusalOf(ecs.createCluster({ serviceConnectDefaults }))).toBe(
    'NamespaceNotFoundException: Namespace not found.',
  );
});

test('UpdateCluster attaches another namespace beside the DELETED one', async ({ ecs }) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'blue' } });
  const before = await settle(ecs);
  const { cluster } = await ecs.updateCluster({
    cluster: 'default',
    serviceConnectDefaults: { namespace: 'green' },
  });
  expect(cluster?.status).toBe('ACTIVE');
  expect(cluster?.attachmentsStatus).toBe('UPDATE_IN_PROGRESS');
  const after = await settle(ecs);
  expect(after?.attachments).toMatchObject([
    { id: before?.attachments?.[0]?.id, status: 'DELETED' },
    { type: 'sc', status: 'ATTACHED' },
  ]);
  expect(after?.serviceConnectDefaults).not.toEqual(before?.serviceConnectDefaults);
});

test('of namespaces that are gone the newest ten are still shown', async ({ ecs }) => {
  await ecs.createCluster();
  for (let number = 0; number < 13; number += 1) {
    const serviceConnectDefaults = { namespace: `namespace-${number}` };
    await ecs.updateCluster({ cluster: 'default', serviceConnectDefaults });
    await settle(ecs);
  }
  const statuses = (await describe(ecs))?.attachments?.map(({ status }) => status);
  expect(statuses).toEqual([...Array<string>(10).fill('DELETED'), 'ATTACHED']);
});

test('an empty name clears the default namespace', async ({ ecs }) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'blue' } });
  await settle(ecs);
  const { cluster } = await ecs.updateCluster({
    cluster: 'default',
    serviceConnectDefaults: { namespace: '' },
  });
  expect(cluster).not.toHaveProperty('serviceConnectDefaults');
  expect(cluster?.attachments).toMatchObject([{ type: 'sc', status: 'DELETED' }]);
});

test('a cluster whose attachments are busy takes no other change and is not deleted', async () => {
  await using held = await startHeldServer();
  const { ecs } = held;
  const named = { cluster: 'default' };
  await ecs.createCluster();

  held.hold();
  const settings = [{ name: 'containerInsights', value: 'enabled' } as const];
  const updated = ecs.updateCluster({ ...named, serviceConnectDefaults: { namespace: 'blue' } });
  await held.decided(1);
  const refusals = Promise.all([
    refusalOf(ecs.updateCluster({ ...named, serviceConnectDefaults: { namespace: 'green' } })),
    refusalOf(ecs.updateClusterSettings({ ...named, settings })),
    refusalOf(ecs.deleteCluster(named)),
  ]);
  await held.decided(4);
  held.release();
  expect((await updated).cluster?.attachmentsStatus).toBe('UPDATE_IN_PROGRESS');
  expect(await refusals).toEqual([busy, busy, busy]);
});

test('a cluster that is DEPROVISIONING takes no tasks: they would outlive it', async () => {
  await using held = await startHeldServer();
  const { ecs } = held;
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'blue' } });
  await settle(ecs);
  await ecs.registerTaskDefinition(aDefinition());

  held.hold();
  const deleted = ecs.deleteCluster({ cluster: 'default' });
  await held.decided(1);
  const refusal = refusalOf(ecs.runTask(aRun()));
  await held.decided(2);
  held.release();
  expect((await deleted).cluster?.status).toBe('DEPROVISIONING');
  expect(await refusal).toBe('ClusterNotFoundException: The referenced cluster was inactive.');
});

test('a cluster with a namespace is DEPROVISIONING before it is INACTIVE', async ({ ecs }) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'blue' } });
  await settle(ecs);
  const { cluster } = await ecs.deleteCluster({ cluster: 'default' });
  expect(cluster?.status).toBe('DEPROVISIONING');
  expect(await settle(ecs, 'INACTIVE')).toMatchObject({ attachments: [{ status: 'DELETED' }] });
});

test.for([
  ['more than 1024 characters', 'n'.repeat(1025), 'namespace longer than 1024.'],
  ['a slash', 'a/b', 'namespace contains invalid characters.'],
])('a namespace with %s is refused', async ([, namespace, text], { ecs }) => {
  const sent = ecs.createCluster({ serviceConnectDefaults: { namespace } });
  expect(await refusalOf(sent)).toBe(`InvalidParameterException: ${text}`);
});
