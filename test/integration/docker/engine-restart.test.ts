import { rm } from 'node:fs/promises';
import type { ECS } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DockerCompute } from '../../../src/compute/docker/docker-compute.ts';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { aDefinition, aRun } from '../../contract/requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld, testImage } from './docker-world.ts';
import { canStartEngine, OwnEngine } from './own-engine.ts';

/** These need root, dockerd and containerd. */
describe.runIf(canStartEngine)('a server whose Engine is restarted', () => {
  let own: OwnEngine;
  let world: DockerWorld;
  let compute: DockerCompute;
  let server: RunningServer;
  let ecs: ECS;
  const failures: Error[] = [];

  beforeAll(async () => {
    own = new OwnEngine();
    world = new DockerWorld(own.url);
    await own.start();
    await own.copyImage(testImage);
    compute = world.compute();
    server = await startServer({
      logs: memoryLogs(),
      store: await new MemoryDisk().open(),
      compute,
      clock: systemClock,
      log: silentLog,
      credentials: undefined,
      listen: { host: '127.0.0.1', port: 0 },
      onFailure: (error) => failures.push(error),
    });
    ecs = clientOf(`http://127.0.0.1:${server.address.port}`, newAccount());
    const command = ['sh', '-c', "trap 'exit 3' TERM; echo up; while :; do sleep 1 & wait; done"];
    await ecs.createCluster();
    await ecs.registerTaskDefinition(
      aDefinition({ containerDefinitions: [{ name: 'app', image: testImage, command }] }),
    );
  });
  afterAll(async () => {
    try {
      await server.close();
    } finally {
      await own.close();
      await rm(world.dataDirectory, { recursive: true });
    }
  });

  const run = async () => {
    const { tasks = [] } = await ecs.runTask(aRun());
    return tasks[0]?.taskArn ?? '';
  };
  const describeTask = async (taskArn: string) => {
    const { tasks = [] } = await ecs.describeTasks({ tasks: [taskArn] });
    return tasks[0];
  };
  const becomes = async (taskArn: string, lastStatus: string) => {
    await expect
      .poll(async () => {
        const task = await describeTask(taskArn);
        // Says why, where the task has stopped instead.
        return task?.lastStatus === lastStatus ? lastStatus : task?.stoppedReason;
      })
      .toBe(lastStatus);
  };
  const linesOf = async (taskArn: string) => {
    const task = server.state.read.tasks.find(taskArn);
    if (!task) throw new Error('The task is there.');
    const { signal } = new AbortController();
    const lines = compute.output({ task, container: 'app', follow: false, signal });
    return (await Array.fromAsync(lines)).map(({ text }) => text);
  };
  const isAvailable = () => compute.health().available;

  test('has the tasks STOPPED that died with it, and starts those that were asked for meanwhile', async () => {
    const died = await run();
    await becomes(died, 'RUNNING');
    await expect.poll(() => linesOf(died)).toEqual(['up']);
    await own.end('SIGTERM');
    await expect.poll(isAvailable).toBe(false);
    const waiting = await run();
    expect(await describeTask(waiting)).toMatchObject({ lastStatus: 'PROVISIONING' });

    await own.start();
    await becomes(died, 'STOPPED');
    expect(await describeTask(died)).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 3 }],
    });
    await becomes(waiting, 'RUNNING');
    await ecs.stopTask({ task: waiting });
    await becomes(waiting, 'STOPPED');
  });

  test('has the tasks go on that lived through it', async () => {
    await own.end('SIGTERM');
    await own.start('--live-restore');
    const lives = await run();
    await becomes(lives, 'RUNNING');
    await expect.poll(() => linesOf(lives)).toEqual(['up']);
    await own.end('SIGKILL');
    await expect.poll(isAvailable).toBe(false);
    expect(await describeTask(lives)).toMatchObject({ lastStatus: 'RUNNING' });

    await own.start('--live-restore');
    await expect.poll(isAvailable).toBe(true);
    expect(await describeTask(lives)).toMatchObject({ lastStatus: 'RUNNING' });
    await ecs.stopTask({ task: lives });
    await becomes(lives, 'STOPPED');
    expect(await describeTask(lives)).toMatchObject({ containers: [{ exitCode: 3 }] });
    // It was never started again.
    expect(await linesOf(lives)).toEqual(['up']);
    expect(failures).toEqual([]);
  });
});
