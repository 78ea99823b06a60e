import type { ECS } from '@aws-sdk/client-ecs';
import { afterAll, expect, test } from 'vitest';
import { installationLabel, labelKeys } from '../../../src/compute/docker/names.ts';
import {
  pauseArchitecture,
  pauseImage,
  pauseProgramPath,
} from '../../../src/compute/docker/pause-image.ts';
import { startServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { createRegistry, instancesOf } from '../../contract/registry-requests.ts';
import { aDefinition } from '../../contract/requests.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { aServiceRequest, describeService, serviceTasks } from '../../contract/service-requests.ts';
import { DockerWorld, testImage } from './docker-world.ts';

const world = new DockerWorld();
const count = 3;
const patience = { timeout: 60_000, interval: 100 };

afterAll(() => world.close());

async function startDockerServer() {
  const server = await startServer({
    logs: memoryLogs(),
    store: await new MemoryDisk().open(),
    compute: world.compute(),
    clock: systemClock,
    log: silentLog,
    credentials: undefined,
    listen: { host: '127.0.0.1', port: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  const ecs = clientOf(`http://127.0.0.1:${server.address.port}`, newAccount());
  return { server, ecs };
}

/** Registers a revision of `web` whose container says which one it is. */
async function registerRevision(ecs: ECS, name: string): Promise<void> {
  const command = ['sh', '-c', "trap 'exit 0' TERM; while :; do sleep 1 & wait; done", name];
  const app = { name: 'app', image: testImage, command, stopTimeout: 5 };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
}

/** The containers of the service that run, as the Docker Engine has them. */
async function runningApps() {
  const all = await world.engine.listContainers(installationLabel(world.installationId));
  return all.filter(({ Labels, State }) => Labels[labelKeys.role] === 'app' && State === 'running');
}

async function becomesSteady(ecs: ECS): Promise<void> {
  await expect
    .poll(() => describeService(ecs), patience)
    .toMatchObject({ runningCount: count, deployments: [{ rolloutState: 'COMPLETED' }] });
  await expect.poll(async () => (await runningApps()).length, patience).toBe(count);
}

test('a service replaces containers that are killed, and rolls to a new revision above its floor', async () => {
  const { server, ecs } = await startDockerServer();
  await ecs.createCluster();
  await registerRevision(ecs, 'first');
  await ecs.createService(aServiceRequest({ desiredCount: count }));
  await becomesSteady(ecs);

  const before = await serviceTasks(ecs);
  for (const { Id } of (await runningApps()).slice(0, 2)) await world.engine.removeContainer(Id);
  await expect
    .poll(async () => (await serviceTasks(ecs)).filter((arn) => !before.includes(arn)), patience)
    .toHaveLength(2);
  await becomesSteady(ecs);

  const former = new Set(await serviceTasks(ecs));
  await registerRevision(ecs, 'second');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  const seen: number[] = [];
  await expect
    .poll(async () => {
      seen.push((await runningApps()).length);
      const { deployments = [] } = await describeService(ecs);
      return deployments.map(({ rolloutState }) => rolloutState);
    }, patience)
    .toEqual(['COMPLETED']);
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(count);
  await becomesSteady(ecs);
  const tasks = await serviceTasks(ecs);
  expect(tasks.filter((arn) => former.has(arn))).toEqual([]);

  await ecs.deleteService({ service: 'shop', force: true });
  await expect.poll(async () => (await runningApps()).length, patience).toBe(0);
  await expect.poll(async () => (await describeService(ecs)).status, patience).toBe('INACTIVE');
  ecs.destroy();
  await server.close();
});

test('a tag that moves changes nothing for a service before its next deployment', async () => {
  const { server, ecs } = await startDockerServer();
  const architecture = pauseArchitecture((await world.engine.info()).Architecture);
  const repository = `longshore-test/moving-${world.installationId.slice(0, 8).toLowerCase()}`;
  const image = `${repository}:latest`;
  const build = async (): Promise<string> => {
    await world.engine.importImage(repository, 'latest', pauseImage(architecture).tar);
    return (await world.engine.findImage(image))?.Id ?? '';
  };
  const imagesOf = async () => {
    const ids = (await runningApps()).map(({ Id }) => world.engine.inspectContainer(Id));
    return new Set((await Promise.all(ids)).map(({ Image }) => Image));
  };
  const first = await build();
  const app = { name: 'app', image, entryPoint: [pauseProgramPath] };
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  await expect.poll(imagesOf, patience).toEqual(new Set([first]));

  const second = await build();
  expect(second).not.toBe(first);
  await ecs.updateService({ service: 'shop', desiredCount: count });
  await becomesSteady(ecs);
  expect(await imagesOf()).toEqual(new Set([first]));

  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await becomesSteady(ecs);
  await expect.poll(imagesOf, patience).toEqual(new Set([second]));
  await ecs.deleteService({ service: 'shop', force: true });
  await expect.poll(async () => (await runningApps()).length, patience).toBe(0);
  await expect.poll(async () => (await describeService(ecs)).status, patience).toBe('INACTIVE');
  for (const id of [image, first, second]) await world.engine.removeImage(id);
  ecs.destroy();
  await server.close();
});

test('the address of a task is registered while it serves, and gone before its container is told to stop', async () => {
  const { server, ecs } = await startDockerServer();
  const serve = 'echo up > /index.html; httpd -p 80 -h /; while :; do sleep 1 & wait; done';
  const command = ['sh', '-c', `trap 'sleep 1; exit 0' TERM; ${serve}`];
  await ecs.createCluster();
  await ecs.registerTaskDefinition(
    aDefinition({ containerDefinitions: [{ name: 'app', image: testImage, command }] }),
  );
  const registryArn = await createRegistry({ server, ecs });
  const instances = () => instancesOf({ server, ecs }, registryArn);
  const serviceRegistries = [{ registryArn }];
  await ecs.createService(aServiceRequest({ desiredCount: 1, serviceRegistries }));
  await expect.poll(instances, patience).toHaveLength(1);
  const [instance] = await instances();
  const pageOf = async () => {
    const answer = await fetch(`http://${instance?.attributes['AWS_INSTANCE_IPV4']}/`);
    return (await answer.text()).trim();
  };
  await expect.poll(pageOf, patience).toBe('up');

  const [app] = await runningApps();
  const watch = new AbortController();
  const kills = await world.engine.events({
    label: installationLabel(world.installationId),
    actions: ['kill'],
    since: `${Math.floor(Date.now() / 1000)}`,
    signal: watch.signal,
  });
  const { discoveryInstances } = server.state.read;
  const gone = new Promise<number>((resolve) => {
    server.state.onCommitted(() => {
      if (discoveryInstances.countOf(registryArn) === 0) resolve(Date.now());
    });
  });
  await ecs.updateService({ service: 'shop', desiredCount: 0 });
  const goneAt = await gone;
  for await (const { Actor, timeNano } of kills) {
    if (Actor.ID !== app?.Id) continue;
    expect(Math.ceil(timeNano / 1e6)).toBeGreaterThanOrEqual(goneAt);
    break;
  }
  watch.abort();
  await expect.poll(async () => (await runningApps()).length, patience).toBe(0);
  await ecs.deleteService({ service: 'shop' });
  await expect.poll(async () => (await describeService(ecs)).status, patience).toBe('INACTIVE');
  ecs.destroy();
  await server.close();
});
