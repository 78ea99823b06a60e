import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { TaskOrder } from '../../../src/compute/compute.ts';
import { installationLabel, labelKeys } from '../../../src/compute/docker/names.ts';
import { firstLine } from '../compute-suite.ts';
import { anOrder } from '../../fixtures/an-order.ts';
import { RecordedReports } from '../recorded-reports.ts';
import { DockerWorld, testImage } from './docker-world.ts';

const world = new DockerWorld();
const program = fileURLToPath(new URL('starting-process.ts', import.meta.url));
const taskCount = 3;

afterEach(() => world.cleanUp());
afterAll(() => world.close());

/** Has another process start the tasks, and kills it after so many reports. */
async function killedWhileStarting(orders: readonly TaskOrder[], after: number): Promise<void> {
  const { dataDirectory, installationId, networkName } = world;
  const setting = { dataDirectory, installationId, networkName, orders, fewestWarmPauses: 1 };
  const child = spawn(process.execPath, [program, JSON.stringify(setting)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let seen = 0;
  for await (const _ of createInterface({ input: child.stdout })) {
    seen++;
    if (seen === after) child.kill('SIGKILL');
  }
  await exited;
}

function anOrderThatStays(given?: Parameters<typeof anOrder>[1]): TaskOrder {
  return anOrder([world.container({ line: 'up', onStop: { exitCode: 3 } })], given);
}

/** Expects each task to run once, although the server was killed while it started them; gives their exit codes. */
async function exitCodesAfterKill(orders: readonly TaskOrder[], after: number) {
  await killedWhileStarting(orders, after);

  const reports = new RecordedReports();
  const compute = world.compute();
  await compute.open(orders, reports.report);
  await Promise.all(orders.map((order) => reports.first(order, 'ContainerStarted')));
  const all = await world.engine.listContainers(installationLabel(world.installationId));
  const apps = all.filter(({ Labels }) => Labels[labelKeys.role] === 'app');
  expect(apps).toHaveLength(taskCount);
  expect(apps.map(({ State }) => State)).toEqual(orders.map(() => 'running'));

  await Promise.all(orders.map((order) => firstLine(compute, order)));
  for (const order of orders) compute.stop(order);
  await Promise.all(orders.map((order) => reports.first(order, 'Released')));
  const ends = orders.map((order) => reports.first(order, 'ContainerStopped'));
  const exitCodes = (await Promise.all(ends)).map(({ exitCode }) => exitCode);
  await compute.close();
  return exitCodes;
}

test.each([1, 4, 5, 8, 12, 15])(
  'tasks whose server is killed after report %d run once when it is back',
  async (after) => {
    const orders = Array.from({ length: taskCount }, () => anOrderThatStays());
    expect(await exitCodesAfterKill(orders, after)).toEqual(orders.map(() => 3));
  },
);

test.each([2, 7, 14])(
  'tasks on the bridge whose server is killed after report %d run once when it is back',
  async (after) => {
    const given = { task: { launchType: 'EC2' }, content: { networkMode: 'bridge' } } as const;
    const orders = Array.from({ length: taskCount }, () => anOrderThatStays(given));
    expect(await exitCodesAfterKill(orders, after)).toEqual(orders.map(() => 3));
  },
);

test.each([1, 4, 7])(
  'a task with a log router whose server is killed after report %d runs once when it is back',
  async (after) => {
    const given = { task: { launchType: 'EC2' }, content: { networkMode: 'bridge' } } as const;
    const options = { Name: 'null' };
    const logConfiguration = { logDriver: 'awsfirelens' as const, options };
    const stays = { image: testImage, command: ['sleep', '600'], stopTimeout: 1 };
    const app = { ...stays, logConfiguration };
    const router = {
      ...stays,
      name: 'router',
      firelensConfiguration: { type: 'fluentbit' as const },
    };
    const order = anOrder([app, router], given);
    await killedWhileStarting([order], after);

    const reports = new RecordedReports();
    const compute = world.compute();
    await compute.open([order], reports.report);
    await reports.first(order, 'ContainerStarted', 'main');
    const label = installationLabel(world.installationId);
    const all = await world.engine.listContainers(label);
    const roles = all
      .map(({ Labels }) => Labels[labelKeys.role])
      .filter((role) => role !== 'pause');
    expect(roles).toEqual(['app', 'app']);
    compute.stop(order);
    await reports.first(order, 'Released');
    const ends = ['main', 'router'].map((name) => reports.first(order, 'ContainerStopped', name));
    expect((await Promise.all(ends)).map(({ exitCode }) => exitCode)).toEqual([137, 137]);
    expect(await world.engine.listVolumes(label)).toEqual([]);
    await compute.close();
  },
);
