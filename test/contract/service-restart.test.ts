import { expect, test } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { newAccount, startTestServer } from './server.ts';
import { aServiceRequest, describeService, register } from './service-requests.ts';

test('another server goes on with a deployment where the first one left it', async () => {
  const disk = new MemoryDisk();
  const account = newAccount();
  const first = await startTestServer({ store: await disk.open() });
  const before = first.client(account);
  await before.createCluster();
  await register(before);
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
