import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { newAccount, startTestServer } from './server.ts';
import { aServiceRequest, describeService, newest, register } from './service-requests.ts';
import { pauseHook } from './shift-requests.ts';

/** A server on a disk that outlives it, whose default cluster can take services of the family `web`. */
async function startOnDisk() {
  const disk = new MemoryDisk();
  const account = newAccount();
  const first = await startTestServer({ store: await disk.open() });
  const before = first.client(account);
  await before.createCluster();
  await register(before);
  return { disk, account, first, before };
}

test('another server goes on with a deployment where the first one left it', async () => {
  const { disk, account, first, before } = await startOnDisk();
  await before.createService(aServiceRequest());
  await expect
    .poll(() => describeService(before))
    .toMatchObject({ deployments: [{ rolloutState: 'COMPLETED' }] });
  await register(before);
  await before.updateService({ service: 'shop', taskDefinition: 'web' });
  before.destroy();
  await first.close();

  await using second = await startTestServer({ store: await disk.open() });
  const after = second.client(account);
  expect((await describeService(after)).deployments).toHaveLength(2);
  await expect
    .poll(() => describeService(after))
    .toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
  const described = await describeService(after);
  expect(described.deployments).toHaveLength(1);
  expect(described.taskDefinition).toMatch(/web:2$/);
  expect(second.errors).toEqual([]);
  after.destroy();
});

test('another server goes on with task sets and with a pause where the first one left them', async () => {
  const { disk, account, first, before } = await startOnDisk();
  const deploymentConfiguration = {
    strategy: 'BLUE_GREEN' as const,
    lifecycleHooks: [{ ...pauseHook, lifecycleStages: ['PRE_SCALE_UP' as const] }],
  };
  await before.createService(aServiceRequest({ deploymentConfiguration }));
  const { taskDefinition, launchType, networkConfiguration } = aServiceRequest();
  const ofSets = { cluster: 'default', service: 'sets' };
  const deploymentController = { type: 'EXTERNAL' as const };
  await before.createService({ serviceName: 'sets', desiredCount: 2, deploymentController });
  const scale = { value: 100, unit: 'PERCENT' as const };
  const launch = { taskDefinition, launchType, networkConfiguration, scale };
  await before.createTaskSet({ ...ofSets, ...launch });
  const pauseOf = async (ecs: ECS) => (await newest(ecs)).lifecycleHookDetails?.[0];
  await expect.poll(() => pauseOf(before)).toMatchObject({ status: 'AWAITING_ACTION' });
  const paused = await pauseOf(before);
  before.destroy();
  await first.close();

  await using second = await startTestServer({ store: await disk.open() });
  const after = second.client(account);
  expect(await pauseOf(after)).toEqual(paused);
  const { serviceDeploymentArn } = await newest(after);
  await after.continueServiceDeployment({ serviceDeploymentArn, hookId: paused?.hookId });
  await expect.poll(async () => (await newest(after)).status).toBe('SUCCESSFUL');
  await expect
    .poll(async () => (await after.describeTaskSets(ofSets)).taskSets)
    .toMatchObject([{ runningCount: 2, stabilityStatus: 'STEADY_STATE' }]);
  expect(second.errors).toEqual([]);
  after.destroy();
});
