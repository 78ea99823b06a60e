import { expect, test } from 'vitest';
import { Engine } from '../../../src/compute/docker/engine.ts';
import { installationLabel, labelKeys } from '../../../src/compute/docker/names.ts';
import { localEngine } from '../../../src/config.ts';
import { clusterArn } from '../../../src/domain/arn.ts';
import { installationId } from '../../../src/installation.ts';
import { aManagedRequest } from '../../contract/capacity-provider-requests.ts';
import { anAgent, registerAgent } from '../../contract/daemon-requests.ts';
import { clientOf, newAccount, newFolder } from '../../contract/server.ts';
import { ServerProcess } from '../../store/server-process.ts';
import { testImage } from './docker-world.ts';

const patience = { timeout: 60_000, interval: 100 };

/** Server processes one after the other, whose machine is an instance of the provider `agents`. */
async function openSite() {
  const { folder, remove } = await newFolder();
  const accountId = newAccount();
  const cluster = clusterArn({ partition: 'aws', region: 'us-east-1', accountId }, 'default');
  const options = ['--compute', 'docker', '--task-endpoint', 'off', '--warm-networks', '0'];
  const machine = ['--container-instance', cluster, '--capacity-provider', 'agents'];
  const begin = () => ServerProcess.start(folder, [...options, ...machine]);
  const engine = new Engine(localEngine);
  const label = installationLabel(installationId(folder));
  let server = await begin();
  let ecs = clientOf(server.url, accountId);
  return {
    client: () => ecs,
    kill: async () => {
      await server.end('SIGKILL');
      ecs.destroy();
      server = await begin();
      ecs = clientOf(server.url, accountId);
    },
    /** The names of the containers of tasks that run now. */
    running: async () => {
      const containers = await engine.listContainers(label);
      return containers
        .filter(({ State, Labels }) => State === 'running' && Labels[labelKeys.role] === 'app')
        .map(({ Labels }) => Labels[labelKeys.container]);
    },
    [Symbol.asyncDispose]: async () => {
      ecs.destroy();
      await server[Symbol.asyncDispose]();
      for (const { Id } of await engine.listContainers(label)) await engine.removeContainer(Id);
      await remove();
    },
  };
}

const agentNamed = (name: string) =>
  anAgent({}, { name, image: testImage, command: ['sh', '-c', 'sleep 600'], stopTimeout: 2 });

test('a daemon runs on this machine, is replaced in its place though the server is killed, and goes', async () => {
  await using site = await openSite();
  const { client, running } = site;
  const instance = async () => {
    const listed = await client().listContainerInstances({});
    const containerInstances = listed.containerInstanceArns ?? [];
    return (await client().describeContainerInstances({ containerInstances }))
      .containerInstances?.[0];
  };
  await expect
    .poll(() => instance(), patience)
    .toMatchObject({ capacityProviderName: 'agents', status: 'ACTIVE', agentConnected: true });
  const { capacityProvider } = await client().createCapacityProvider(aManagedRequest('agents'));
  const capacityProviderArns = [capacityProvider?.capacityProviderArn ?? ''];
  const statusOf = async (arn = '') =>
    (await client().describeDaemonDeployments({ daemonDeploymentArns: [arn] }))
      .daemonDeployments?.[0]?.status;

  const first = await registerAgent(client(), agentNamed('first'));
  const created = await client().createDaemon({
    daemonName: 'watch',
    daemonTaskDefinitionArn: first,
    capacityProviderArns,
  });
  await expect.poll(() => statusOf(created.deploymentArn), patience).toBe('SUCCESSFUL');
  expect(await running()).toEqual(['first']);

  const { daemonArn } = created;
  const second = await registerAgent(client(), agentNamed('second'));
  const updated = await client().updateDaemon({
    daemonArn,
    daemonTaskDefinitionArn: second,
    capacityProviderArns,
  });
  await expect.poll(async () => (await instance())?.status, patience).toBe('DRAINING');
  await site.kill();
  await expect.poll(() => statusOf(updated.deploymentArn), patience).toBe('SUCCESSFUL');
  expect(await running()).toEqual(['second']);
  await expect.poll(async () => (await instance())?.status, patience).toBe('ACTIVE');

  await client().deleteDaemon({ daemonArn });
  await expect.poll(running, patience).toEqual([]);
  await expect
    .poll(async () => (await client().listDaemons({})).daemonSummariesList, patience)
    .toEqual([]);
});
