import { describe, expect, test } from 'vitest';
import type { TaskOrder } from '../../../src/compute/compute.ts';
import { installationLabel, labelKeys } from '../../../src/compute/docker/names.ts';
import { firstLine } from '../compute-suite.ts';
import { aDockerStage } from './docker-stage.ts';

/** The pool is filled while the Engine has nothing else to do. */
const patience = { timeout: 20_000, interval: 200 };

const stage = aDockerStage();
const { engine } = stage.world;
const stays = stage.world.container({ line: 'up', onStop: { exitCode: 0 } });

/** The cgroup of its pause container holds no others, which would keep it from being removed. */
const unbounded = { task: { cpu: '0', memory: '0' } };

describe('a task whose network namespace somebody has ended', () => {
  const pauseOf = async (order: TaskOrder) => {
    const { runtimeId } = await stage.reports.first(order, 'ContainerCreated', 'main');
    const { NetworkMode } = (await engine.inspectContainer(runtimeId)).HostConfig;
    return NetworkMode.replace('container:', '');
  };

  test('stops, with the true exits of its containers', async () => {
    const order = stage.start(
      [
        { ...stays, dependsOn: [{ containerName: 'db', condition: 'START' }] },
        {
          ...stage.world.container({ line: 'up', onStop: { exitCode: 5 } }),
          name: 'db',
          essential: false,
        },
      ],
      unbounded,
    );
    await firstLine(stage.compute, order);
    await firstLine(stage.compute, order, 'db');
    await engine.removeContainer(await pauseOf(order));
    await stage.reports.first(order, 'ContainerStopped', 'db');
    const ends = stage.reports.of(order.task.arn).filter(({ kind }) => kind === 'ContainerStopped');
    expect(ends).toMatchObject([
      { container: 'main', exitCode: 0 },
      { container: 'db', exitCode: 5 },
    ]);
    await stage.stopped(order);
  });

  test('stops where that happened while nobody looked', async () => {
    const order = stage.start([stays]);
    await firstLine(stage.compute, order);
    const known = stage.reports.applied(order);
    const pauseId = await pauseOf(order);
    await stage.compute.close();
    await engine.removeContainer(pauseId);
    await stage.open([known]);
    expect(await stage.reports.first(order, 'ContainerStopped')).toMatchObject({ exitCode: 0 });
    await stage.stopped(order);
  });

  test('fails to start where none of its containers has run', async () => {
    await stage.compute.close();
    // The pull goes on for as long as the test.
    await stage.open([], { firstPullRetryMs: 600_000 });
    const order = stage.start(
      [
        { ...stays, dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
        { image: 'registry.invalid/missing:1', name: 'db' },
      ],
      unbounded,
    );
    const { address } = await stage.reports.first(order, 'NetworkInterfaceCreated');
    const all = await engine.listContainers(installationLabel(stage.world.installationId));
    const pause = all.find(({ NetworkSettings: { Networks } }) =>
      Object.values(Networks).some(({ IPAddress }) => IPAddress === address.privateIpv4Address),
    );
    await engine.removeContainer(pause?.Id ?? '');
    const { reason } = await stage.reports.first(order, 'StartFailed');
    expect(reason).toMatch(
      /^ResourceInitializationError: failed to set up the network of the task/,
    );
    await stage.stopped(order);
  });
});

test('as many network namespaces are made ready as a burst of tasks took', async () => {
  const burst = [1, 2, 3];
  const orders = burst.map(() => stage.start([stays]));
  for (const order of orders) await stage.reports.first(order, 'ContainerStarted');
  const pauses = async () => {
    const all = await engine.listContainers(installationLabel(stage.world.installationId));
    return all.filter(({ Labels }) => Labels[labelKeys.role] === 'pause').length;
  };
  await expect.poll(pauses, patience).toBe(orders.length + burst.length);
  for (const order of orders) await stage.stopped(order);
});
