import { describe, expect, test } from 'vitest';
import { aTaskArn } from '../../../test/fixtures/a-task.ts';
import { aLoop, aScriptedDefinition, atOnce, minuteMs } from '../../../test/fixtures/simulated.ts';
import type { TaskLoop } from '../../../test/fixtures/task-loop.ts';
import type { TaskArn } from '../../domain/arn.ts';
import type { TaskReport } from '../../domain/task/report.ts';

function told(report: TaskReport): string {
  return 'container' in report ? `${report.kind} ${report.container}` : report.kind;
}

test('a task that ends by itself goes through its facts in the order of ECS', async () => {
  const loop = await aLoop();
  const arn = loop.run(aScriptedDefinition({ script: { 'exit-after': '5s', 'exit-code': '3' } }));
  loop.advance(minuteMs);
  expect(loop.reportsOf(arn).map(told)).toEqual([
    'NetworkInterfaceCreated',
    'Connected',
    'PullStarted',
    'PullStopped',
    'ContainerCreated app',
    'ContainerStarted app',
    'ContainerStopped app',
    'Released',
  ]);
  const task = loop.task(arn);
  expect(task).toMatchObject({
    lastStatus: 'STOPPED',
    // PROVISIONING, PENDING, RUNNING, DEPROVISIONING, STOPPED.
    version: 5,
    stop: { code: 'EssentialContainerExited', reason: 'Essential container in task exited' },
    containers: [{ lastStatus: 'STOPPED', exitCode: 3 }],
  });
  expect(task.executionStoppedAt).toBe((task.startedAt ?? 0) + 5000);
});

test('a task reaches RUNNING within a second and stays there', async () => {
  const loop = await aLoop();
  const arn = loop.run(aScriptedDefinition({ image: 'public.ecr.aws/nginx/nginx:latest' }));
  loop.advance(1000);
  expect(loop.task(arn).lastStatus).toBe('RUNNING');
  loop.advance(1000 * minuteMs);
  expect(loop.task(arn)).toMatchObject({ lastStatus: 'RUNNING', version: 3 });
});

test("a container's runtime id and the ids of its interface follow from the task's id", async () => {
  const loop = await aLoop();
  const arn = loop.run(aScriptedDefinition({ name: 'main' }));
  loop.advance(1000);
  const taskId = arn.slice(-32);
  expect(loop.task(arn)).toMatchObject({
    containers: [{ runtimeId: `${taskId}-3935363592` }],
    networkInterface: {
      status: 'ATTACHED',
      address: {
        networkInterfaceId: `eni-0${taskId.slice(-16)}`,
        macAddress: expect.stringMatching(/^0a(:[0-9a-f]{2}){5}$/),
        privateIpv4Address: '10.128.0.1',
      },
    },
  });
});

test('tasks that live at one time have different addresses, and give them back', async () => {
  const loop = await aLoop({ addressRange: '10.0.0.0/29' });
  const addressOf = (arn: TaskArn) => loop.task(arn).networkInterface?.address?.privateIpv4Address;
  const first = loop.run(aScriptedDefinition({}));
  const others = [1, 2, 3, 4, 5].map(() => loop.run(aScriptedDefinition({})));
  loop.advance(1000);
  expect(new Set([first, ...others].map(addressOf)).size).toBe(6);
  loop.stop(first);
  loop.advance(1000);
  const next = loop.run(aScriptedDefinition({}));
  loop.advance(1000);
  expect(addressOf(next)).toBe(addressOf(first));
});

test('orders that are repeated, early or late, change nothing', async () => {
  const loop = await aLoop();
  const arn = loop.run(aScriptedDefinition({}));
  const first = loop.order(arn);
  loop.advance(1000);
  loop.compute.start(first);
  loop.stop(arn);
  loop.advance(1000);
  loop.compute.start(first);
  loop.compute.stop(first);
  loop.advance(minuteMs);
  const kinds = loop.reportsOf(arn).map(({ kind }) => kind);
  expect(kinds).toEqual([...new Set(kinds)]);
  expect(loop.compute.health()).toEqual({ available: true, queuedStarts: 0, queuedStops: 0 });
});

describe('output', () => {
  const writing = aScriptedDefinition({ script: { output: 'hello\nworld' } });

  async function read(loop: TaskLoop, arn: TaskArn, follow = false, signal = never()) {
    const lines: string[] = [];
    const query = { task: loop.task(arn), container: 'app', follow, signal };
    for await (const { text } of loop.compute.output(query)) lines.push(text);
    return lines;
  }

  function never(): AbortSignal {
    return new AbortController().signal;
  }

  test('is what the script says, also after the task has stopped, until it is forgotten', async () => {
    const loop = await aLoop();
    const arn = loop.run(writing);
    expect(await read(loop, arn)).toEqual([]);
    loop.advance(1000);
    expect(await read(loop, arn)).toEqual(['hello', 'world']);
    loop.stop(arn);
    loop.advance(1000);
    expect(await read(loop, arn)).toEqual(['hello', 'world']);
    await loop.compute.forget(arn);
    expect(await read(loop, arn)).toEqual([]);
  });

  test('is followed from before the start until the container ends', async () => {
    const loop = await aLoop();
    const arn = loop.run(writing);
    const followed = read(loop, arn, true);
    loop.advance(1000);
    loop.stop(arn);
    loop.advance(1000);
    expect(await followed).toEqual(['hello', 'world']);
  });

  test('is followed no longer than the reader likes', async () => {
    const loop = await aLoop();
    const arn = loop.run(aScriptedDefinition({}));
    loop.advance(1000);
    const reader = new AbortController();
    const followed = read(loop, arn, true, reader.signal);
    reader.abort();
    expect(await followed).toEqual([]);
  });

  test('ends for all readers when compute is closed', async () => {
    const loop = await aLoop();
    const arn = loop.run(writing);
    loop.advance(1000);
    const followed = read(loop, arn, true);
    await loop.compute.close();
    expect(await followed).toEqual(['hello', 'world']);
  });
});

test('a turn advances a hundred tasks and leaves the rest to the next', async () => {
  const loop = await aLoop({ delays: atOnce });
  const definition = aScriptedDefinition({});
  const arns = Array.from({ length: 250 }, () => loop.run(definition));
  const running = () => arns.filter((arn) => loop.task(arn).lastStatus === 'RUNNING').length;
  expect(loop.compute.health()).toEqual({ available: true, queuedStarts: 250, queuedStops: 0 });
  loop.advance(0);
  expect(running()).toBe(100);
  loop.advance(1);
  expect(running()).toBe(200);
  loop.advance(1);
  expect(running()).toBe(250);
  expect(loop.compute.health().queuedStarts).toBe(0);
});

test('jitter makes the lives of tasks differ, and the same seed makes them the same', async () => {
  const startTimes = async (seed: number) => {
    const loop = await aLoop({ jitter: 0.5, seed });
    const definition = aScriptedDefinition({});
    const arns = [1, 2, 3, 4].map((n) =>
      loop.run(definition, { arn: aTaskArn(n.toString(16).padStart(32, '0')) }),
    );
    loop.advance(1000);
    return arns.map((arn) => loop.task(arn).startedAt);
  };
  const times = await startTimes(1);
  expect(new Set(times).size).toBeGreaterThan(1);
  expect(await startTimes(1)).toEqual(times);
  expect(await startTimes(2)).not.toEqual(times);
});

test('compute that is closed tells nothing more', async () => {
  const loop = await aLoop();
  const arn = loop.run(aScriptedDefinition({ script: { 'exit-after': '5s' } }));
  loop.advance(1000);
  const before = loop.taken.length;
  await loop.compute.close();
  loop.compute.stop(loop.order(arn));
  loop.advance(minuteMs);
  expect(loop.taken.length).toBe(before);
  expect(loop.compute.health().available).toBe(false);
});
