import { expect, test, vi } from 'vitest';
import { statusRank, type Task, type TaskStatus } from '../../src/domain/task/task.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { createRegistry } from './registry-requests.ts';
import { newAccount, startTestServer, type TestServer } from './server.ts';
import { aServiceRequest, register } from './service-requests.ts';

/**
 * A disk whose server dies as soon as a task has come to a status there, or past it where one commit holds two steps:
 * the next commit is lost.
 */
async function openUntil(status: TaskStatus) {
  const disk = new MemoryDisk();
  const death = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  let isReached = false;
  const store = await disk.open({
    beforeCommit: ({ puts }) => {
      if (isReached) {
        death.resolve();
        return end.promise;
      }
      isReached = puts.some(
        ({ kind, body }) => kind === 'task' && statusRank(statusIn(body)) >= statusRank(status),
      );
      return undefined;
    },
  });
  const die = async (server: TestServer): Promise<void> => {
    await death.promise;
    disk.cutOff();
    end.resolve();
    await expect(server.close()).rejects.toThrow('The store could not make a change durable.');
  };
  return { disk, store, die };
}

function statusIn(body: string): TaskStatus {
  const { lastStatus }: Task = JSON.parse(body);
  return lastStatus;
}

/** A server with a service of one task in a registry, whose task is stopped once it runs. */
async function startAndStop(server: TestServer, account: string) {
  const ecs = server.client(account);
  await ecs.createCluster();
  await register(ecs);
  const registryArn = await createRegistry({ server, ecs });
  const serviceRegistries = [{ registryArn }];
  await ecs.createService(aServiceRequest({ desiredCount: 1, serviceRegistries }));
  const { tasks } = server.state.read;
  // The API answers nobody once the disk is gone.
  await expect.poll(() => tasks.size).toBe(1);
  const [taskArn = ''] = Array.from(tasks.values(), ({ arn }) => arn);
  const isRunning = () => tasks.find(taskArn)?.lastStatus === 'RUNNING';
  const stopped = vi
    .waitUntil(isRunning, { timeout: 60_000 })
    .then(() => ecs.stopTask({ task: taskArn }))
    // The server may die first.
    .catch(() => undefined)
    .finally(() => ecs.destroy());
  return { registryArn, taskArn, stopped };
}

test.each(['ACTIVATING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING'] as const)(
  'a server that is killed when a task is %s goes on without an instance too many or too few',
  async (status) => {
    const account = newAccount();
    const { disk, store, die } = await openUntil(status);
    const first = await startTestServer({ store });
    const { registryArn, taskArn, stopped } = await startAndStop(first, account);
    await die(first);
    await stopped;

    await using second = await startTestServer({ store: await disk.open() });
    const { read } = second.state;
    const found = () => {
      const status = read.tasks.find(taskArn)?.lastStatus;
      const known = read.discoveryInstances.findInstance(registryArn, taskArn.slice(-32));
      return `${status} ${known !== undefined}`;
    };
    const seen: string[] = [];
    second.state.onCommitted(() => seen.push(found()));
    const ecs = second.client(account);
    await expect.poll(() => read.tasks.find(taskArn)?.lastStatus).toMatch(/^(RUNNING|STOPPED)$/);
    await ecs.stopTask({ task: taskArn });
    await expect.poll(found).toBe('STOPPED false');
    ecs.destroy();
    const possible = ['ACTIVATING false', 'RUNNING true', 'DEACTIVATING true'];
    const after = ['STOPPING false', 'DEPROVISIONING false', 'STOPPED false'];
    expect([...possible, ...after]).toEqual(expect.arrayContaining(seen));
    expect(second.errors).toEqual([]);
  },
);
