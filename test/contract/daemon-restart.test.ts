import { expect, vi } from 'vitest';
import { clusterArn } from '../../src/domain/arn.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { ManualClock } from '../../src/support/clock.ts';
import { atRest } from '../fixtures/open-state.ts';
import { aManagedRequest } from './capacity-provider-requests.ts';
import { registerAgent } from './daemon-requests.ts';
import { startOfTime } from './manual-server.ts';
import { startTestServer, test as base } from './server.ts';

const patience = { timeout: 20_000, interval: 5 };

/** Servers one after the other on the same disk, whose machine is an instance of the provider `agents`. */
const test = base.extend('start', ({ accountId }, { onCleanup }) => {
  const scope = { partition: 'aws', region: 'us-east-1', accountId };
  const [disk, clock] = [new MemoryDisk(), new ManualClock(startOfTime)];
  let stop = async () => {};
  onCleanup(() => stop());
  return async () => {
    await stop();
    const server = await startTestServer({
      clock,
      store: await disk.open(),
      containerInstanceOf: clusterArn(scope, 'default'),
      capacityProvider: 'agents',
    });
    const ecs = server.client(accountId);
    stop = async () => {
      ecs.destroy();
      await server.close();
    };
    const advance = (milliseconds: number) =>
      clock.advanceSettling(milliseconds, () => atRest(server.state));
    const look = async () => {
      const listed = await ecs.listContainerInstances({});
      const containerInstances = listed.containerInstanceArns ?? [];
      const described = await ecs.describeContainerInstances({ containerInstances });
      const { taskArns: tasks = [] } = await ecs.listTasks({});
      const found = tasks.length > 0 ? (await ecs.describeTasks({ tasks })).tasks : [];
      return {
        instances: described.containerInstances?.map(({ status }) => status),
        running: found?.map(({ taskDefinitionArn }) => taskDefinitionArn?.split('/').at(-1)),
      };
    };
    /** Lets time pass until something holds. */
    const until = (check: () => Promise<void>, milliseconds = 500) =>
      vi.waitFor(async () => {
        await advance(milliseconds);
        await check();
      }, patience);
    return { ecs, until, look, errors: server.errors };
  };
});

test('this machine is of a capacity provider, and its daemon goes on wherever a server ends', async ({
  start,
}) => {
  let { ecs, until, look, errors } = await start();
  await until(async () => {
    const listed = await ecs.listContainerInstances({});
    const containerInstances = listed.containerInstanceArns ?? [];
    const described = await ecs.describeContainerInstances({ containerInstances });
    expect(described.containerInstances).toMatchObject([
      { capacityProviderName: 'agents', status: 'ACTIVE' },
    ]);
  });
  const { capacityProvider } = await ecs.createCapacityProvider(aManagedRequest('agents'));
  const capacityProviderArns = [capacityProvider?.capacityProviderArn ?? ''];
  const first = await registerAgent(ecs);
  const { daemonArn, deploymentArn } = await ecs.createDaemon({
    daemonName: 'watch',
    daemonTaskDefinitionArn: first,
    capacityProviderArns,
  });
  const succeeds = (arn = '') =>
    until(async () => {
      const described = await ecs.describeDaemonDeployments({ daemonDeploymentArns: [arn] });
      expect(described.daemonDeployments).toMatchObject([{ status: 'SUCCESSFUL' }]);
    });

  ({ ecs, until, look, errors } = await start());
  await succeeds(deploymentArn);
  expect(await look()).toEqual({ instances: ['ACTIVE'], running: ['agent:1'] });

  const daemonTaskDefinitionArn = await registerAgent(ecs);
  const updated = await ecs.updateDaemon({
    daemonArn,
    daemonTaskDefinitionArn,
    capacityProviderArns,
  });
  await until(async () => expect(await look()).toMatchObject({ instances: ['DRAINING'] }), 1);
  ({ ecs, until, look, errors } = await start());
  await until(
    async () => expect(await look()).toEqual({ instances: ['DRAINING'], running: ['agent:2'] }),
    10,
  );
  ({ ecs, until, look, errors } = await start());
  await succeeds(updated.deploymentArn);
  expect(await look()).toEqual({ instances: ['ACTIVE'], running: ['agent:2'] });

  await ecs.deleteDaemon({ daemonArn });
  ({ ecs, until, look, errors } = await start());
  await until(async () => {
    await expect(ecs.describeDaemon({ daemonArn })).rejects.toThrow('Daemon not found.');
  });
  expect(await look()).toEqual({ instances: ['ACTIVE'], running: [] });
  expect(errors).toEqual([]);
});
